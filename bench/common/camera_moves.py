"""Clips of a camera that moves over a photo in a known way: every speed in them is exact."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

Picture = npt.NDArray[np.uint8]
"""(height, width, 3) RGB."""

RATE_HZ = 30.0

LANDSCAPE, PORTRAIT = (512, 288), (288, 512)
"""Width and height of what is filmed, in pixels."""

START_SHARE = 0.55
"""Of the photo's size, what the camera sees at first; beyond its edges the photo goes on mirrored."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CameraPath:
    """A steady move, as CameraMove counts it."""

    pan_per_s: float = 0.0
    tilt_per_s: float = 0.0
    zoom_per_s: float = 1.0
    roll_deg_per_s: float = 0.0
    shake: float = 0.0
    """Root mean square of the shaking in each direction, frame widths."""

    @property
    def labels(self) -> set[str]:
        """What camera_analysis should say of it."""
        signs = {
            ("pan_right", "pan_left"): self.pan_per_s,
            ("tilt_up", "tilt_down"): self.tilt_per_s,
            ("zoom_in", "zoom_out"): self.zoom_per_s - 1,
            ("roll_clockwise", "roll_counterclockwise"): self.roll_deg_per_s,
        }
        told = {names[0] if sign > 0 else names[1] for names, sign in signs.items() if sign}
        return (told | ({"handheld"} if self.shake else set())) or {"static"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What was said of a shot."""

    labels: frozenset[str]
    speeds: tuple[float, float, float, float]
    """Pan, tilt, zoom - 1, roll, as CameraMove counts them."""


def filmed(
    photo: Picture,
    path: CameraPath,
    *,
    size_px: tuple[int, int] = LANDSCAPE,
    length_s: float = 2.0,
    noise: float = 0.0,
    seed: int = 0,
) -> list[Picture]:
    """The frames, RATE_HZ a second; `noise` is the standard deviation of each value, of 255."""
    import cv2

    width, height = size_px
    rng = np.random.default_rng(seed)
    count = round(length_s * RATE_HZ)
    shaken = path.shake * shaking(count, seed=seed) if path.shake else np.zeros((count, 2))
    across = START_SHARE * min(photo.shape[1] / width, photo.shape[0] / height)
    frames = []
    for row in range(count):
        time_s = row / RATE_HZ - length_s / 2
        step = across / path.zoom_per_s**time_s
        angle = np.radians(path.roll_deg_per_s * time_s)
        centre = np.array([photo.shape[1] - 1, photo.shape[0] - 1]) / 2
        centre += across * (
            np.array([path.pan_per_s * width, -path.tilt_per_s * height]) * time_s + shaken[row] * width
        )
        turn = step * np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
        offset = centre - turn @ ((width - 1) / 2, (height - 1) / 2)
        frame = cv2.warpAffine(
            photo,
            np.column_stack([turn, offset]),
            size_px,
            flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
            borderMode=cv2.BORDER_REFLECT_101,
        )
        if noise:
            frame = np.clip(frame + rng.normal(0, noise, frame.shape), 0, 255).astype(np.uint8)
        frames.append(np.asarray(frame, np.uint8))
    return frames


def shaking(count: int, *, seed: int = 0, low_hz: float = 2.0, high_hz: float = 6.0) -> npt.NDArray[np.float64]:
    """(count, 2) noise of a hand's frequencies, zero mean and a root mean square of 1 in each direction."""
    spectrum = np.fft.rfft(np.random.default_rng(seed).normal(size=(count, 2)), axis=0)
    hz = np.fft.rfftfreq(count, 1 / RATE_HZ)
    spectrum[(hz < low_hz) | (hz > high_hz)] = 0
    noise = np.fft.irfft(spectrum, n=count, axis=0)
    unit: npt.NDArray[np.float64] = noise / np.sqrt((noise**2).mean(axis=0))
    return unit


def with_subject(frames: Sequence[Picture], subject: Picture, *, speed_per_s: float) -> list[Picture]:
    """A picture pasted in that walks to the right from the left edge, frame widths per second."""
    height, width = frames[0].shape[:2]
    high, wide = subject.shape[:2]
    walked = []
    for row, frame in enumerate(frames):
        left = round(speed_per_s * width * row / RATE_HZ)
        right = min(left + wide, width)
        copy = frame.copy()
        copy[height - high :, left:right] = subject[:, : right - left]
        walked.append(copy)
    return walked


def compressed(frames: Sequence[Picture]) -> list[Picture]:
    """The frames after `write`."""
    import av

    memory = io.BytesIO()
    write(frames, memory)
    memory.seek(0)
    with av.open(memory) as container:
        return [frame.to_ndarray(format="rgb24") for frame in container.decode(video=0)]


def write(frames: Sequence[Picture], target: Path | io.BytesIO) -> None:
    """Encode as H.264 in MP4, at the quality of a messenger."""
    import av

    with av.open(target if isinstance(target, io.BytesIO) else str(target), "w", format="mp4") as container:
        stream = container.add_stream("libx264", rate=round(RATE_HZ), options={"crf": "30", "preset": "veryfast"})
        stream.height, stream.width = frames[0].shape[:2]
        stream.pix_fmt = "yuv420p"
        for frame in frames:
            container.mux(stream.encode(av.VideoFrame.from_ndarray(frame, format="rgb24")))
        container.mux(stream.encode())
