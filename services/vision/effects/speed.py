"""Slow motion by repeated frames: within one shot, some stretch shows each frame longer than the rest does."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from services.vision.effects.steps import Steps, block_change

COPY_MEAN_SHARE, COPY_LARGEST_SHARE = 0.15, 0.3
"""A copy of a frame changes by at most these shares of what a new frame does, in the mean and in its largest block;
encoding at ordinary quality (x264, CRF 23) leaves about half of that."""

DIP_SHARE = 0.5
"""Before a still camera little moves, now more, now less, and a copy is told by its neighbours: its largest block
changes by at most so much of what theirs do on average; between two such dips may lie a fainter one. Steps of motion
that is filmed, and encoders' kinds of frames, go up and down too, but not every other time for long."""

FEWEST_DIPS = 10
"""In a row: by accident steps may go up and down for half a second."""

LEAST_MOTION = 3.0
"""Change of the block that changes most, of 255, with which a frame counts as new in a shot that hardly moves."""

LEAST_RATIO = 1.6
"""How much longer a frame is shown: below, two ordinary rates (24 and 30) may have been mixed."""

MOST_RATIO = 5.0
"""A frame that stands longer is a freeze."""

SMOOTHED_OVER = 5
"""Distinct frames over which the display time is judged (median): 3:2 and 2:1:1:1 cadences are even by then."""

FEWEST_DISTINCT = 6
"""In the slow stretch and in the rest of the shot."""

SHORTEST_S = 0.4

LARGEST_SPREAD = 0.35
"""Standard deviation of the display times over their mean: slow motion is regular, a stalled recording is not."""

LEAST_STEP_SHARE = 0.5
"""New pictures differ at least by this share of what they do elsewhere: else little happens, and nothing is slow."""

MOVING_SHARE = 0.2
"""Of the blocks: a person before a still camera. In the mean over all of them noise would count for as much."""

TELLING_RATIO = 1.25
"""Frames further apart must differ so much more, or the step's size says nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SlowMotion:
    """Frames [first, after) show each filmed frame `repeats` times as long as the rest of the shot does."""

    first: int
    after: int
    repeats: float


def find_slow_motion(steps: Steps, start: int, end: int) -> list[SlowMotion]:
    """Slow stretches of the whole shot of rows [start, end).

    A shot that is slow throughout has been converted to another frame rate as far as pixels tell. So has a stretch in
    which things move on at their speed: there each new picture is further from the last one (a camera that drops
    frames in the dark); in slow motion it is as near as ever.
    """
    if end - start < 2 * FEWEST_DISTINCT:
        return []
    copies = _copies(steps, start, end)
    dipping = copies | _alternating(steps.largest[start + 1 : end])
    by_share = np.append(start, start + 1 + np.flatnonzero(~copies))
    by_dips = np.append(start, start + 1 + np.flatnonzero(~dipping))
    return _slow_stretches(steps, by_share, end) or _slow_stretches(steps, by_dips, end)


def _slow_stretches(steps: Steps, firsts: npt.NDArray[np.intp], end: int) -> list[SlowMotion]:
    """`firsts`: rows that show a new picture, the first of the shot included."""
    if len(firsts) < 2 * FEWEST_DISTINCT:
        return []
    starts_s = steps.pts_s[firsts]
    shown_s = np.diff(np.append(starts_s, steps.end_s[end - 1]))
    level_s = _smoothed(shown_s)
    usual_s = _usual(level_s)
    if usual_s is None:
        return []
    slow = level_s >= LEAST_RATIO * usual_s
    rest = np.flatnonzero(level_s < 1.3 * usual_s)
    found = []
    for first, after in _runs(slow):
        first, after = _trimmed(shown_s, first, after, LEAST_RATIO * usual_s)
        piece = shown_s[first:after]
        if len(piece) < FEWEST_DISTINCT or piece.sum() < SHORTEST_S or len(rest) < FEWEST_DISTINCT:
            continue
        ratio = float(piece.mean() / shown_s[rest].mean())
        if ratio > MOST_RATIO or piece.std() > LARGEST_SPREAD * piece.mean():
            continue
        if _keeps_its_steps(steps, firsts, range(first, after), rest, round(ratio)):
            last = end if after == len(firsts) else int(firsts[after])
            found.append(SlowMotion(first=int(firsts[first]), after=last, repeats=ratio))
    return found


def _copies(steps: Steps, start: int, end: int) -> npt.NDArray[np.bool_]:
    """Which of the rows [start + 1, end) show the picture of the row before; all, where hardly anything moves."""
    largest, mean = steps.largest[start + 1 : end], steps.difference[start + 1 : end]
    moving = largest > LEAST_MOTION
    if moving.sum() < FEWEST_DISTINCT:
        return np.ones(len(largest), np.bool_)
    # Where every other frame is a copy the median is a copy's: of the upper half it is not.
    new_largest, new_mean = (float(np.quantile(values[moving], 0.75)) for values in (largest, mean))
    copies: npt.NDArray[np.bool_] = (largest <= COPY_LARGEST_SHARE * new_largest) & (mean <= COPY_MEAN_SHARE * new_mean)
    return copies


def _alternating(largest: npt.NDArray[np.float64]) -> npt.NDArray[np.bool_]:
    """(n,) True for steps that dip, every other one of them: frames that are shown twice, at least FEWEST_DIPS of
    them in a row."""
    beside = (np.append(np.inf, largest[:-1]) + np.append(largest[1:], np.inf)) / 2
    dips, faint = largest <= DIP_SHARE * beside, largest < beside
    dips[[0, -1]] = faint[[0, -1]] = False  # at an edge nobody knows both neighbours
    found = np.zeros(len(largest), np.bool_)
    for row in np.flatnonzero(dips).tolist():
        if found[row]:
            continue
        chain = [row]
        while _goes_on(dips, faint, chain[-1]):
            chain.append(chain[-1] + 2)
        if len(chain) >= FEWEST_DIPS:
            found[chain] = True
    return found


def _goes_on(dips: npt.NDArray[np.bool_], faint: npt.NDArray[np.bool_], row: int) -> bool:
    """Whether the next but one is a dip as well, or a faint one between two that are not."""
    if row + 2 >= len(dips) or dips[row + 2]:
        return row + 2 < len(dips)
    return bool(faint[row + 2] and dips[row] and dips[row + 4 : row + 5].any())


def _smoothed(values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    half = SMOOTHED_OVER // 2
    padded = np.pad(values, half, mode="edge")
    smoothed: npt.NDArray[np.float64] = np.median(
        np.lib.stride_tricks.sliding_window_view(padded, SMOOTHED_OVER), axis=1
    )
    return smoothed


def _usual(level_s: npt.NDArray[np.float64]) -> float | None:
    """The shortest display time that is usual: that of at least FEWEST_DISTINCT frames."""
    ordered = np.sort(level_s)
    return float(ordered[FEWEST_DISTINCT - 1]) if len(ordered) >= FEWEST_DISTINCT else None


def _trimmed(shown_s: npt.NDArray[np.float64], first: int, after: int, least_s: float) -> tuple[int, int]:
    """The stretch without ordinary frames that smoothing took in at its ends, and with the slow ones it left out."""
    while first < after and shown_s[first] < least_s:
        first += 1
    while after > first and shown_s[after - 1] < least_s:
        after -= 1
    while first > 0 and shown_s[first - 1] >= least_s:
        first -= 1
    while after < len(shown_s) and shown_s[after] >= least_s:
        after += 1
    return first, after


def _keeps_its_steps(
    steps: Steps, firsts: npt.NDArray[np.intp], slow: range, rest: npt.NDArray[np.intp], ratio: int
) -> bool:
    """New pictures of the slow stretch follow each other as closely as elsewhere, not `ratio` times as far."""
    pictures = steps.thumbnail

    def apart(numbers: npt.NDArray[np.intp], count: int) -> float:
        pairs = [(firsts[k], firsts[k + count]) for k in numbers if k + count < len(firsts)]
        changes = [_moving_change(pictures[one], pictures[other]) for one, other in pairs]
        return float(np.median(changes)) if changes else 0.0

    usual_rows = np.array([k for k in rest if k + ratio in set(rest.tolist())], np.intp)
    near, far = apart(usual_rows, 1), apart(usual_rows, max(ratio, 2))
    if len(usual_rows) == 0 or far < TELLING_RATIO * near:
        return False
    return bool(LEAST_STEP_SHARE * near <= apart(np.arange(slow.start, slow.stop - 1), 1) <= np.sqrt(near * far))


def _moving_change(one: npt.NDArray[np.uint8], other: npt.NDArray[np.uint8]) -> float:
    """Mean change of the MOVING_SHARE of the blocks that change most."""
    change = np.sort(block_change(one, other), axis=None)
    return float(change[-max(1, round(MOVING_SHARE * len(change))) :].mean())


def _runs(flags: npt.NDArray[np.bool_]) -> list[tuple[int, int]]:
    edges = np.flatnonzero(np.diff(np.concatenate([[False], flags, [False]]).astype(np.int8)))
    return [(int(first), int(after)) for first, after in edges.reshape(-1, 2)]
