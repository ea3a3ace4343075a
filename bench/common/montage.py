"""A montage of stretches of real clips, drawn by lot: cuts, dissolves and fades; fast motion and flashes between."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np

from bench.common.mixed import (
    DISSOLVE_FRAMES,
    FADE_FRAMES,
    HEIGHT_PX,
    WIDTH_PX,
    Change,
    Clip,
    dissolved,
    faded,
    stretch,
    write,
)

SOURCES: tuple[tuple[str, float, float], ...] = (
    ("intel_asl_thanks.mkv", 0.0, 1.6),
    ("mdn_flower.mp4", 0.0, 4.8),
    ("webrtc_mixed-content.webm", 0.1, 4.8),
    ("grid_brbk7n.mpg", 0.0, 2.9),
    ("intel_car-detection.mp4", 4.0, 9.5),
    ("mdn_friday.mp4", 0.1, 6.0),
    ("moviepy_chaplin.mp4", 0.1, 9.4),
    ("webrtc_mixed-content.webm", 10.1, 13.6),
    ("intel_one-by-one-person-detection.mp4", 22.7, 27.0),
    ("androidx_sample_edit_list.mp4", 0.0, 2.3),
    ("grid_id2_vcd_swwp2s.mpg", 0.0, 2.9),
    ("webrtc_mixed-content.webm", 5.2, 9.9),
    ("androidx_hdr10-av1.mp4", 1.8, 4.1),
    ("moviepy_video_with_failing_audio.mp4", 4.0, 8.0),
    ("intel_asl_book.mkv", 0.0, 2.4),
    ("androidx_sample_vvc.mp4", 2.2, 4.8),
)
"""File, and from when to when its camera runs without a cut, in seconds. All were looked at frame by frame."""

SHOT_FRAMES = (45, 65)
"""Fewest and most frames of a shot, those of its transitions among them: the fewest have room for two flashes."""

QUIET_FRAMES = FADE_FRAMES + 3
"""From either end of a shot nothing but what was filmed happens in so many frames: its transitions lie there."""

KINDS: tuple[Literal["hard", "dissolve", "fade"], ...] = ("hard", "hard", "dissolve", "fade")
DISTURBANCES: tuple[Literal["", "whip", "rush", "flash", "flashes"], ...] = ("", "whip", "rush", "flash", "flashes")

WHIP_SHARE = 0.5
"""Of the picture's width, what a whipping camera shows of it at a time."""

RUSH = 3
"""A rushing shot shows every third frame: people run, and a pan becomes a whip."""

FLASH_FRAMES = (1, 3)
"""Fewest and most white frames of a flash; it is no cut, since the same picture goes on."""

FLASH_GAP_FRAMES = 6
"""Between two flashes; nearer to one another they would be one long white picture."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Montage:
    """What was written to a file."""

    changes: Sequence[Change]
    disturbed: Sequence[tuple[int, int]]
    """Half-open spans of frames with a flash or fast motion, where no change is."""
    frame_count: int


def montage(folder: Path, target: Path, *, seed: int, shot_count: int, hard_only: bool = False) -> Montage:
    """Draw, mix and write. Neighbours never come from one file; one seed gives one montage."""
    rng = np.random.default_rng(seed)
    frames: Clip = np.empty((0, HEIGHT_PX, WIDTH_PX, 3), np.uint8)
    pieces: list[Clip] = []
    changes: list[Change] = []
    disturbed: list[tuple[int, int]] = []
    done = 0
    kinds = _drawn(rng, ("hard",) if hard_only else KINDS, shot_count - 1)
    for number, (source, disturbance) in enumerate(
        zip(_sources(rng, shot_count), _drawn(rng, DISTURBANCES, shot_count), strict=True)
    ):
        shot, span = _shot(rng, folder, source, disturbance)
        at = done + len(frames)
        kind = kinds[number - 1] if number else ""
        if kind == "dissolve":
            changes.append(Change(first=at - DISSOLVE_FRAMES, after=at, hard=False))
            at -= DISSOLVE_FRAMES
            frames = dissolved(frames, shot)
        elif kind == "fade":
            changes.append(Change(first=at - FADE_FRAMES, after=at + FADE_FRAMES, hard=False))
            frames = np.concatenate([faded(frames, out=True), faded(shot, out=False)])
        else:
            changes += [Change(first=at, after=at + 1, hard=True)] if kind else []
            frames = np.concatenate([frames, shot])
        disturbed += [(at + span[0], at + span[1])] if span else []
        # What the next transition cannot reach is finished.
        pieces.append(frames[:-DISSOLVE_FRAMES])
        done += len(pieces[-1])
        frames = frames[-DISSOLVE_FRAMES:]
    whole = np.concatenate([*pieces, frames])
    write(whole, target)
    return Montage(changes=changes, disturbed=disturbed, frame_count=len(whole))


def _drawn(rng: np.random.Generator, choices: Sequence[str], count: int) -> list[str]:
    """All choices about equally often, in the lot's order."""
    return [str(each) for each in rng.permutation([choices[k % len(choices)] for k in range(count)])]


def _sources(rng: np.random.Generator, count: int) -> list[tuple[str, float, float]]:
    """By lot, in rounds: no file follows itself."""
    chosen: list[tuple[str, float, float]] = []
    while len(chosen) < count:
        order = [SOURCES[row] for row in rng.permutation(len(SOURCES))]
        following = zip([*chosen[-1:], *order], order[0 if chosen else 1 :], strict=False)
        if all(one[0] != other[0] for one, other in following):
            chosen += order
    return chosen[:count]


def _shot(
    rng: np.random.Generator, folder: Path, source: tuple[str, float, float], disturbance: str
) -> tuple[Clip, tuple[int, int] | None]:
    """Its frames, and the span in which they are disturbed."""
    name, start_s, end_s = source
    available = int((end_s - start_s) * 25)
    step = RUSH if disturbance == "rush" and available >= RUSH * SHOT_FRAMES[0] else 1
    count = min(int(rng.integers(SHOT_FRAMES[0], SHOT_FRAMES[1] + 1)), available // step)
    first_s = start_s + float(rng.uniform(0, end_s - start_s - count * step / 25))
    size_px = (round(WIDTH_PX / WHIP_SHARE), round(HEIGHT_PX / WHIP_SHARE)) if disturbance == "whip" else None
    shot = stretch(folder / name, first_s, count * step, size_px=size_px or (WIDTH_PX, HEIGHT_PX))[::step]
    if disturbance == "whip":
        return _whipped(rng, shot)
    if disturbance in ("flash", "flashes"):
        return _flashed(rng, shot, 1 if disturbance == "flash" else 2)
    return shot, (0, count) if step > 1 else None


def _whipped(rng: np.random.Generator, shot: Clip) -> tuple[Clip, tuple[int, int]]:
    """A camera that flings itself from one side of the picture to the other within a few frames."""
    width = shot.shape[2]
    first = len(shot) // 2 - 4
    taken = int(rng.integers(5, 9))
    share = np.clip((np.arange(len(shot)) - first) / taken, 0, 1)
    lefts = np.round((share if rng.integers(2) else 1 - share) * (width - WIDTH_PX)).astype(int)
    top = (shot.shape[1] - HEIGHT_PX) // 2
    moved = [frame[top : top + HEIGHT_PX, left : left + WIDTH_PX] for frame, left in zip(shot, lefts, strict=True)]
    return np.stack(moved), (first, first + taken + 1)


def _flashed(rng: np.random.Generator, shot: Clip, count: int) -> tuple[Clip, tuple[int, int]]:
    """White frames in the shot's quiet middle, as of a photographer; fewer times where there is no room."""
    lit = shot.copy()
    first, last = QUIET_FRAMES, max(QUIET_FRAMES, len(shot) - QUIET_FRAMES - FLASH_FRAMES[1])
    room = (last - first) // (FLASH_FRAMES[1] + FLASH_GAP_FRAMES) + 1
    count = min(count, room)
    places = [(first + last) // 2] if count == 1 else [first + (last - first) * k // (count - 1) for k in range(count)]
    for place in places:
        length = int(rng.integers(FLASH_FRAMES[0], FLASH_FRAMES[1] + 1))
        lit[place : place + length] = 255 - (255 - lit[place : place + length]) // 8
    return lit, (places[0], places[-1] + FLASH_FRAMES[1] + 1)
