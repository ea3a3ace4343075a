"""Clips with effects at known frames: a shaking camera that pans over a photo, with noise, and what an editor adds."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path

import av
import cv2
import numpy as np
import pytest

from services.common.window import FrameBatch
from services.vision.effects.steps import Steps
from tests.services.vision.scenes import LONG_SIDE_PX, photo_path

RATE_HZ = 30

LONGEST_FRAMES = 120

NOISE_STD = 2.0

GRAIN_SHIFTS = 24
"""Grain is drawn once and shifted at random from frame to frame: drawing it anew takes most of the time."""

PHOTOS = ("bus", "zidane", "astronaut", "chelsea", "coffee")
"""Two that come with ultralytics, three with scikit-image."""


def photo_of(name: str) -> np.ndarray:
    """(height, width, 3) RGB at its own size."""
    if name in ("bus", "zidane"):
        return np.ascontiguousarray(np.asarray(cv2.imread(str(photo_path(name))))[..., ::-1])
    data = pytest.importorskip("skimage.data", reason="the test's photos come with scikit-image")
    picture: np.ndarray = getattr(data, name)()
    return picture


def handheld(
    name: str, frame_count: int, *, width_px: int = 144, height_px: int = 256, seed: int = 3, speed: float = 0.004
) -> np.ndarray:
    """(n, height, width, 3): a shaking camera that drifts by `speed` frame widths a frame; with noise."""
    assert frame_count <= LONGEST_FRAMES
    return _filmed(name, width_px, height_px, seed, speed)[:frame_count].copy()


@cache
def _filmed(name: str, width_px: int, height_px: int, seed: int, speed: float) -> np.ndarray:
    rng = np.random.default_rng(seed)
    picture = photo_of(name)
    scale = 0.8 * min(picture.shape[1] / width_px, picture.shape[0] / height_px)
    size = np.array([width_px, height_px]) * scale
    room = np.array([picture.shape[1], picture.shape[0]]) - size
    at, angle = room * rng.uniform(0.2, 0.5, 2), rng.uniform(0, 2 * np.pi)
    drift = np.array([np.cos(angle), np.sin(angle)]) * speed * size
    frames = []
    for _ in range(LONGEST_FRAMES):
        at = at + drift + rng.normal(0, speed / 2 * size[0], 2)
        drift = np.where((at < 0) | (at > room), -drift, drift)
        at = at.clip(0, room)
        matrix = np.array([[scale, 0, at[0]], [0, scale, at[1]]])
        flags = cv2.INTER_AREA | cv2.WARP_INVERSE_MAP
        frames.append(cv2.warpAffine(picture, matrix, (width_px, height_px), flags=flags))
    grain = rng.normal(0, NOISE_STD, (height_px + GRAIN_SHIFTS, width_px + GRAIN_SHIFTS, 3))
    shifts = rng.integers(0, GRAIN_SHIFTS, (LONGEST_FRAMES, 2))
    grains = [grain[down : down + height_px, right : right + width_px] for down, right in shifts]
    return np.stack(
        [(frame + noise).clip(0, 255).astype(np.uint8) for frame, noise in zip(frames, grains, strict=True)]
    )


def before_still_camera(name: str, frame_count: int, *, width_px: int = 256, height_px: int = 144) -> np.ndarray:
    """(n, height, width, 3): part of a photo nods in front of another that stands still; with noise."""
    rng = np.random.default_rng(5)
    ground = cv2.resize(photo_of(name), (width_px, height_px), interpolation=cv2.INTER_AREA).astype(np.float32)
    side = height_px // 3
    thing = cv2.resize(photo_of("astronaut")[20:180, 150:310], (side, side), interpolation=cv2.INTER_AREA)
    outline = np.zeros((side, side), np.float32)
    cv2.circle(outline, (side // 2, side // 2), side // 2 - 4, 1.0, -1)
    outline = cv2.GaussianBlur(outline, (0, 0), 1.5)
    frames = []
    for k in range(frame_count):
        right, down = 40 + 6 * np.sin(k * 0.16) + 2 * np.sin(k * 0.5), 50 + 2 * np.sin(k * 0.21)
        matrix = np.array([[1, 0, right], [0, 1, down]])
        frame = cv2.warpAffine(
            thing.astype(np.float32),
            matrix,
            (width_px, height_px),
            dst=ground.copy(),
            borderMode=cv2.BORDER_TRANSPARENT,
        )
        frames.append((frame + rng.normal(0, NOISE_STD, frame.shape)).clip(0, 255).astype(np.uint8))
    return np.stack(frames)


def encoded(frames: np.ndarray, crf: int = 23) -> np.ndarray:
    """The frames after H.264 at one and a half times their size, as phones and platforms leave them."""
    height, width = (3 * side // 4 * 2 for side in frames.shape[1:3])
    file, decoded = io.BytesIO(), []
    with av.open(file, "w", format="mp4") as container:
        stream = container.add_stream("libx264", rate=RATE_HZ, options={"crf": str(crf), "preset": "veryfast"})
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        for frame in frames:
            large = cv2.resize(frame, (width, height), interpolation=cv2.INTER_CUBIC)
            container.mux(stream.encode(av.VideoFrame.from_ndarray(large, format="rgb24")))
        container.mux(stream.encode())
    file.seek(0)
    with av.open(file) as container:
        for frame in container.decode(video=0):
            small = cv2.resize(frame.to_ndarray(format="rgb24"), frames.shape[2:0:-1], interpolation=cv2.INTER_AREA)
            decoded.append(small)
    return np.stack(decoded)


def frames_of_file(path: Path) -> tuple[np.ndarray, list[float]]:
    """All frames of an upright file, LONG_SIDE_PX long, and their times."""
    with av.open(str(path)) as container:
        decoded = []
        for frame in container.decode(video=0):
            scale = min(1.0, LONG_SIDE_PX / max(frame.width, frame.height))
            width, height = round(frame.width * scale), round(frame.height * scale)
            small = frame.reformat(width, height, format="rgb24", interpolation="AREA")
            decoded.append((small.to_ndarray(), float(frame.pts * frame.time_base)))
    return np.stack([rgb for rgb, _ in decoded]), [time_s - decoded[0][1] for _, time_s in decoded]


def steps_of(frames: np.ndarray | Sequence[np.ndarray], times_s: Sequence[float] | None = None) -> Steps:
    """Shown at RATE_HZ unless told otherwise."""
    pts_s = np.arange(len(frames)) / RATE_HZ if times_s is None else np.asarray(times_s)
    steps = Steps()
    batch = FrameBatch(rgb=np.asarray(frames), pts_s=pts_s, index=np.arange(len(frames)))
    steps.add(batch, float(pts_s[-1]) + 1 / RATE_HZ)
    return steps


def batches_of(frames: np.ndarray, *, first_index: int = 0) -> Iterable[tuple[FrameBatch, float]]:
    """Windows of a second, and when each ends."""
    for first in range(0, len(frames), RATE_HZ):
        index = first_index + np.arange(first, min(first + RATE_HZ, len(frames)))
        batch = FrameBatch(rgb=frames[first : first + RATE_HZ], pts_s=index / RATE_HZ, index=index)
        yield batch, float(index[-1] + 1) / RATE_HZ


def enlarged(frames: np.ndarray, scale: float) -> np.ndarray:
    """Around the middle."""
    height, width = frames.shape[1:3]
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), 0, scale)
    return np.stack([cv2.warpAffine(frame, matrix, (width, height), flags=cv2.INTER_CUBIC) for frame in frames])


def black_and_white(frames: np.ndarray) -> np.ndarray:
    greys = [cv2.cvtColor(frame, cv2.COLOR_RGB2GRAY) for frame in frames]
    return np.repeat(np.stack(greys)[..., None], 3, axis=3)


def warmer(frames: np.ndarray) -> np.ndarray:
    graded = frames * np.array([1.1, 1.0, 0.7]) + np.array([10, 0, 10])
    return np.asarray(graded.clip(0, 255), np.uint8)


def mixed_with(frames: np.ndarray, level: int, shares: Sequence[float]) -> np.ndarray:
    """Frame k gets `shares[k]` of a plain grey."""
    share = np.asarray(shares)[:, None, None, None]
    return np.asarray(frames * (1 - share) + level * share, np.uint8)


def on_blurred_bars(pictures: np.ndarray, height_px: int = 256) -> np.ndarray:
    """Wide pictures in an upright frame, their own blurred enlargement above and below; the upper bar is the larger."""
    inner, width = pictures.shape[1:3]
    visible = round(width * inner / height_px)
    left, top = (width - visible) // 2, (height_px - inner) // 2 + 4
    frames = np.stack(
        [
            cv2.GaussianBlur(cv2.resize(each[:, left : left + visible], (width, height_px)), (0, 0), 8)
            for each in pictures
        ]
    )
    frames[:, top : top + inner] = pictures
    return frames


def on_plain_bars(pictures: np.ndarray, level: int | Sequence[int], height_px: int = 256) -> np.ndarray:
    """Wide pictures in the middle of an upright frame."""
    frames = np.empty((len(pictures), height_px, *pictures.shape[2:]), np.uint8)
    frames[:] = np.asarray(level, np.uint8)
    top = (height_px - pictures.shape[1]) // 2
    frames[:, top : top + pictures.shape[1]] = pictures
    return frames
