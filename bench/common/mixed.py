"""Clips made from stretches of real ones, so that every cut, dissolve and fade is known to the frame."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

RATE_HZ = 25
WIDTH_PX, HEIGHT_PX = 320, 180
PIECE_FRAMES = 40

PIECES: tuple[tuple[str, float], ...] = (
    ("intel_asl_again.mkv", 0.5),
    ("mdn_flower.mp4", 1.0),
    ("intel_asl_book.mkv", 1.0),
    ("grid_brbk7n.mpg", 0.5),
    ("intel_car-detection.mp4", 8.0),
    ("mdn_friday.mp4", 2.0),
    ("moviepy_chaplin.mp4", 3.0),
    ("intel_one-by-one-person-detection.mp4", 16.0),
    ("grid_id2_vcd_swwp2s.mpg", 0.5),
    ("mediabunny_video-h265.mp4", 4.0),
    ("intel_car-detection.mp4", 20.0),
    ("intel_asl_yes.mkv", 0.2),
)
"""File and where the stretch begins, in seconds; no camera cut lies inside any of them."""

DISSOLVE_FRAMES = 15
FADE_FRAMES = 12
"""Of a fade out, and of the fade in after it."""

Clip = npt.NDArray[np.uint8]


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A change of shot over frames [first, after); a hard cut's one frame is the first of the new shot."""

    first: int
    after: int
    hard: bool


def pieces(folder: Path) -> list[Clip]:
    """(PIECE_FRAMES, HEIGHT_PX, WIDTH_PX, 3) each."""
    return [stretch(folder / name, start_s, PIECE_FRAMES) for name, start_s in PIECES]


def hard_cuts(parts: Sequence[Clip], target: Path) -> list[Change]:
    """The pieces one after another."""
    write(np.concatenate(parts), target)
    edges = np.cumsum([len(part) for part in parts])[:-1]
    return [Change(first=int(edge), after=int(edge) + 1, hard=True) for edge in edges]


def soft_changes(parts: Sequence[Clip], target: Path) -> list[Change]:
    """The pieces joined by dissolves and by fades through black in turn."""
    frames, changes = parts[0], []
    for number, part in enumerate(parts[1:]):
        if number % 2 == 0:
            changes.append(Change(first=len(frames) - DISSOLVE_FRAMES, after=len(frames), hard=False))
            frames = dissolved(frames, part)
        else:
            changes.append(Change(first=len(frames) - FADE_FRAMES, after=len(frames) + FADE_FRAMES, hard=False))
            frames = np.concatenate([faded(frames, out=True), faded(part, out=False)])
    write(frames, target)
    return changes


def write(frames: Clip, target: Path) -> None:
    """Encode as H.264."""
    import av

    with av.open(str(target), "w") as container:
        stream = container.add_stream("libx264", rate=RATE_HZ, options={"crf": "20", "preset": "veryfast"})
        stream.width, stream.height, stream.pix_fmt = frames.shape[2], frames.shape[1], "yuv420p"
        for frame in frames:
            container.mux(stream.encode(av.VideoFrame.from_ndarray(frame, format="rgb24")))
        container.mux(stream.encode())


def stretch(path: Path, start_s: float, count: int, *, size_px: tuple[int, int] = (WIDTH_PX, HEIGHT_PX)) -> Clip:
    """`count` frames: what is on screen at RATE_HZ moments from start_s on, squeezed to a width and height.

    Raises ValueError if the file ends before.
    """
    import av

    wanted = [start_s + k / RATE_HZ for k in range(count)]
    found: list[Clip] = []
    shown: Clip | None = None
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        origin: float | None = None
        for frame in container.decode(stream):
            pts_s = float(frame.pts * frame.time_base)
            origin = pts_s if origin is None else origin
            while len(found) < count and shown is not None and pts_s - origin > wanted[len(found)]:
                found.append(shown)
            if len(found) == count:
                break
            if pts_s - origin >= start_s - 1.0:
                shown = frame.to_ndarray(format="rgb24", width=size_px[0], height=size_px[1])
    if len(found) < count:
        raise ValueError(f"{path.name} has only {len(found)} of {count} frames from {start_s} s on")
    return np.stack(found)


def dissolved(before: Clip, after: Clip) -> Clip:
    """Both, the last DISSOLVE_FRAMES of the one mixed with the first of the other."""
    share = (np.arange(DISSOLVE_FRAMES) + 1)[:, None, None, None] / (DISSOLVE_FRAMES + 1)
    mixed = before[-DISSOLVE_FRAMES:] * (1 - share) + after[:DISSOLVE_FRAMES] * share
    return np.concatenate([before[:-DISSOLVE_FRAMES], mixed.astype(np.uint8), after[DISSOLVE_FRAMES:]])


def faded(frames: Clip, *, out: bool) -> Clip:
    """The last FADE_FRAMES sink to black, or the first rise from it."""
    light = (np.arange(FADE_FRAMES) / FADE_FRAMES)[:, None, None, None]
    if out:
        return np.concatenate([frames[:-FADE_FRAMES], (frames[-FADE_FRAMES:] * light[::-1]).astype(np.uint8)])
    return np.concatenate([(frames[:FADE_FRAMES] * light).astype(np.uint8), frames[FADE_FRAMES:]])
