"""Decides where one shot becomes another, from a shot detector's probabilities and the differences between frames."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

import numpy as np
import numpy.typing as npt

from services.vision.percepts.whip_pans import is_whip

SURE_PROBABILITY = 0.5
"""The detector's own operating point."""

SUPPORTED_PROBABILITY = 0.3
"""Enough where the picture also changes abruptly: between shots of a few frames the detector is less sure."""

NOISE_DIFFERENCE = 3.0
"""Change from frame to frame, of 255, that noise and compression stay below; a cut between dark shots may be 5."""

ABRUPT_DIFFERENCE = 8.0
"""Least change at a hard cut, of 255, of which the detector is not sure."""

ABRUPT_RATIO = 3.0
"""How many times the median change around it: a pan changes the picture all the time, a cut once."""

AROUND_FRAMES = 6
"""Frames on either side that say how much the picture changes anyway."""

SHORT_FRAMES = 3
"""A change of which the detector is sure, over no more frames than this, is a hard cut even amid fast motion."""

FLASH_FRAMES = 4
"""A photo flash, lightning or a glitch lasts up to this less one; then the same shot goes on."""

SAME_RATIO = 0.4
"""Two frames show the same picture if they differ by less than this share of the change between them."""

BLACK_MEAN = 16.0
"""Mean of a frame, of 255, up to which it counts as black; leaves room for a caption on it."""

MIXED_RATIO = 0.35
"""Residual of a frame against the best mix of the two shots, relative to their difference, up to which it is one."""

LOOK_AHEAD_FRAMES = AROUND_FRAMES + 2
"""A frame is decided when this many after it are known."""


class ChangeKind(Enum):
    """How one shot becomes another."""

    HARD_CUT = "hard_cut"
    DISSOLVE = "dissolve"
    FADE_OUT = "fade_out"
    FADE_IN = "fade_in"
    GRADUAL = "gradual"


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What is known of n successive frames."""

    small: npt.NDArray[np.uint8]
    """(n, 27, 48, 3) RGB."""
    difference: npt.NDArray[np.float32]
    """(n,) mean absolute change from the frame before, [0, 255]."""
    ends: npt.NDArray[np.float32]
    """(n,) probability that a shot ends with this frame, [0, 1]."""
    inside: npt.NDArray[np.float32]
    """(n,) probability that the frame lies in a change, [0, 1]."""

    def __len__(self) -> int:
        return len(self.difference)


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A change over rows [start, end) of the evidence; a hard cut's one row is the first of the new shot."""

    kind: ChangeKind
    start: int
    end: int
    probability: float


def find_changes(evidence: Evidence) -> list[Change]:
    """All changes among the frames, in order, disjoint."""
    runs = change_runs(evidence)
    cuts = {row for row in range(1, len(evidence)) if _is_hard_cut(evidence, row)}
    cuts |= {row for run in runs for row in _cut_in_motion(evidence, *run) if not _has_cut(cuts, *run)}
    whips = {row for row in cuts if is_whip(evidence.small, row)}
    changes = [
        Change(kind=ChangeKind.HARD_CUT, start=row, end=row + 1, probability=_near(evidence.ends, row))
        for row in cuts - whips
    ]
    for run in runs:
        if not _has_cut(cuts, *run):
            changes += _gradual(evidence, *run)
    return sorted(changes, key=lambda change: change.start)


def change_runs(evidence: Evidence) -> list[tuple[int, int]]:
    """Half-open runs of frames that the detector takes for part of a change, interruptions of two frames bridged."""
    inside = np.maximum(evidence.inside, evidence.ends) >= SURE_PROBABILITY
    rows = np.flatnonzero(inside)
    if len(rows) == 0:
        return []
    groups = np.split(rows, np.flatnonzero(np.diff(rows) > 3) + 1)
    return [(int(group[0]), int(group[-1]) + 1) for group in groups]


def _has_cut(cuts: set[int], start: int, end: int) -> bool:
    return any(start - 2 <= cut <= end + 2 for cut in cuts)


def _is_hard_cut(evidence: Evidence, row: int) -> bool:
    """Row is the first of a new shot: an abrupt change that the detector supports and that is no flash."""
    change = evidence.difference[row]
    ends, inside = _near(evidence.ends, row), _near(evidence.inside, row)
    if ends < SUPPORTED_PROBABILITY and inside < SURE_PROBABILITY:
        return False
    if change < (NOISE_DIFFERENCE if ends >= SURE_PROBABILITY else ABRUPT_DIFFERENCE):
        return False
    if change < evidence.difference[max(row - 2, 0) : row + 3].max():
        return False
    around = np.concatenate(
        [evidence.difference[max(row - AROUND_FRAMES, 1) : row], evidence.difference[row + 1 : row + 1 + AROUND_FRAMES]]
    )
    # Without an end of a shot it may be the last step of a gradual change: then it must stand out from every step.
    usual = np.median if ends >= SUPPORTED_PROBABILITY else np.max
    if len(around) and change < ABRUPT_RATIO * usual(around):
        return False
    return not _is_flash(evidence.small, row)


def _cut_in_motion(evidence: Evidence, start: int, end: int) -> list[int]:
    """The row of the greatest change in a short run of which the detector is sure; a list of one, or empty."""
    if end - start > SHORT_FRAMES or evidence.ends[start:end].max() < SURE_PROBABILITY:
        return []
    first = max(start, 1)
    row = first + int(np.argmax(evidence.difference[first : end + 1])) if first < len(evidence) else 0
    if row == 0 or evidence.difference[row] < NOISE_DIFFERENCE or _is_flash(evidence.small, row):
        return []
    return [row]


def _is_flash(small: npt.NDArray[np.uint8], row: int) -> bool:
    """The picture from before the change comes back within a few frames, or was there a few frames ago."""
    limit = SAME_RATIO * _distance(small[row - 1], small[row])
    returns = range(row + 1, min(row + 1 + FLASH_FRAMES, len(small)))
    left = range(max(row - 1 - FLASH_FRAMES, 0), row - 1)
    return any(_distance(small[row - 1], small[after]) < limit for after in returns) or any(
        _distance(small[before], small[row]) < limit for before in left
    )


def _gradual(evidence: Evidence, start: int, end: int) -> list[Change]:
    """A gradual change over [start, end), told apart by what lies before, in and after it; empty if it is none."""
    peak = float(evidence.ends[start:end].max())
    if peak < SUPPORTED_PROBABILITY or end - start < 2:
        return []
    small = evidence.small.astype(np.float32)
    before, after = small[max(start - 1, 0)], small[min(end, len(small) - 1)]
    within = small[start:end]
    furthest = max(_distance(before, frame) for frame in within)
    if _distance(before, after) < max(SAME_RATIO * furthest, ABRUPT_DIFFERENCE / 2):
        return []  # something passed in front of the camera, or the light flickered

    def change(kind: ChangeKind, first: int, last: int) -> Change:
        return Change(kind=kind, start=first, end=last, probability=peak)

    if after.mean() <= BLACK_MEAN:
        return [change(ChangeKind.FADE_OUT, start, end)]
    if before.mean() <= BLACK_MEAN:
        return [change(ChangeKind.FADE_IN, start, end)]
    black = start + np.flatnonzero(within.mean(axis=(1, 2, 3)) <= BLACK_MEAN)
    if len(black) and start < black[0] and black[-1] + 1 < end:
        fade_out = change(ChangeKind.FADE_OUT, start, int(black[0]))
        return [fade_out, change(ChangeKind.FADE_IN, int(black[-1]) + 1, end)]
    kind = ChangeKind.DISSOLVE if _is_mix(before, within, after) else ChangeKind.GRADUAL
    return [change(kind, start, end)]


def _is_mix(before: npt.NDArray[np.float32], within: npt.NDArray[np.float32], after: npt.NDArray[np.float32]) -> bool:
    """Each frame is about (1 - a) * before + a * after, with a that rises."""
    step = (after - before).ravel()
    offsets = (within - before).reshape(len(within), -1)
    shares = offsets @ step / (step @ step)
    residuals = np.abs(offsets - np.outer(shares, step)).mean(axis=1)
    return bool(np.median(residuals) <= MIXED_RATIO * np.abs(step).mean() and shares[-1] > shares[0])


def _near(probabilities: npt.NDArray[np.float32], row: int) -> float:
    """Highest probability around a change to `row`: the detector may be a frame off."""
    return float(probabilities[max(row - 2, 0) : row + 2].max())


def _distance(one: npt.NDArray[np.generic], other: npt.NDArray[np.generic]) -> float:
    return float(np.abs(one.astype(np.float32) - other.astype(np.float32)).mean())
