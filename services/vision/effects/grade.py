"""Changes of colour treatment: from one frame to the next the scene goes on and its colours do not."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from services.vision.effects.flash import correlation
from services.vision.effects.steps import Steps, luma

LEAST_COLOR_CHANGE = 6.0
"""Mean delta E between a block before and after, of those that a colour treatment must reach; more than an automatic
white balance does in one step."""

LEAST_LIGHTNESS_CHANGE = 12.0
"""If lightness alone changes: automatic exposure takes smaller steps."""

LEAST_CHROMA_CHANGE = 4.0
"""Above, the change is one of colour."""

LEAST_TONE_STEP = 3.0
"""Change of the frame's mean colour or vividness, of 255, below which none of these can be reached."""

ABRUPT_RATIO = 4.0
"""How many times the median change of the mean colour around it: a moving camera changes it bit by bit."""

AROUND_FRAMES = 6

REPEATED_SHARE = 0.1
"""Of the largest change around: a frame that changed by less repeats the one before."""

LONGEST_CHANGE_FRAMES = 3
"""A treatment that is faded in over more frames is not looked for: exposure adapts as fast."""

LASTING_S = 0.3
"""Before and after, the treatment lasts at least so long; a flash does not."""

LASTING_SHARE = 0.4
"""In that time the mean colour moves by no more than this share of the change."""

SAME_STRUCTURE = 0.7
"""Correlation of the edges before and after; those of another picture correlate below 0.4."""

EXPLAINED_SHARE = 0.85
"""Of the variance of the new colours that is told by the old ones, block by block: a treatment is one
mapping for all."""

LEAST_CONTRAST = 8.0
"""Standard deviation of grey values, of 255: without structure nothing can be said of it."""

EDGE_STEP = 3.0
"""Gradient of grey values, of 255 per block, from which on a block shows structure."""

LEAST_STRUCTURE = 0.2
"""Of the blocks: signs on plain ground are a slide, whose ground may change with the slide."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Regrading:
    """The colours change over frames [first, after): the last of them is the first that is wholly new."""

    first: int
    after: int
    delta_e: float
    """Distance of the mean colours, CIELAB."""
    chroma_change: float
    lightness_change: float


def find_regradings(steps: Steps, first: int, until: int) -> list[Regrading]:
    """Those that begin in rows [first, until); a row is decided once LASTING_S and a few frames after it are known."""
    found: list[Regrading] = []
    tone_steps = np.abs(np.diff(steps.tone, axis=0, prepend=steps.tone[:1])).max(axis=1)
    for row in range(max(first, 1), until):
        if found and row < found[-1].after + LONGEST_CHANGE_FRAMES:
            continue
        if stands_out(tone_steps, row, LEAST_TONE_STEP, ABRUPT_RATIO):
            change = _regrading_at(steps, row, end_of_jump(tone_steps, row))
            if change is not None:
                found.append(change)
    return found


def stands_out(changes: npt.NDArray[np.float64], row: int, least: float, ratio: float) -> bool:
    """Row is the first of a jump: it changed by `least` and by `ratio` times what is usual around the jump.

    `changes` (n,): how much each row changed.
    """
    return bool(changes[row] >= least and changes[row] >= ratio * _usual(changes, row))


def end_of_jump(changes: npt.NDArray[np.float64], row: int) -> int:
    """The first row after the jump that begins at `row`, at most LONGEST_CHANGE_FRAMES later."""
    usual, after = _usual(changes, row), row + 1
    while after < min(row + LONGEST_CHANGE_FRAMES, len(changes)):
        if changes[after] < max(0.4 * changes[row:after].max(), 2 * usual):
            break
        after += 1
    return after


def _usual(changes: npt.NDArray[np.float64], row: int) -> float:
    """Median change around the jump that begins at `row`; rows that repeat the one before do not count."""
    before = changes[max(row - AROUND_FRAMES, 1) : row]
    after = changes[row + LONGEST_CHANGE_FRAMES : row + LONGEST_CHANGE_FRAMES + AROUND_FRAMES]
    around = np.concatenate([before, after])
    counted = around[around > REPEATED_SHARE * around.max()] if len(around) else around
    return float(np.median(counted)) if len(counted) else 0.0


def _regrading_at(steps: Steps, row: int, after: int) -> Regrading | None:
    before_picture, after_picture = steps.thumbnail[row - 1], steps.thumbnail[after - 1]
    if not _same_structure(before_picture, after_picture):
        return None
    before, now = lab(before_picture), lab(after_picture)
    shift = now.mean(axis=(0, 1)) - before.mean(axis=(0, 1))
    chroma = float(np.hypot(now[..., 1], now[..., 2]).mean() - np.hypot(before[..., 1], before[..., 2]).mean())
    block_delta = float(np.linalg.norm(now - before, axis=2).mean())
    colored = max(float(np.hypot(shift[1], shift[2])), abs(chroma)) >= LEAST_CHROMA_CHANGE
    if block_delta < LEAST_COLOR_CHANGE or not (colored or abs(shift[0]) >= LEAST_LIGHTNESS_CHANGE):
        return None
    if not _lasts(steps, row, after, block_delta) or not _is_one_mapping(before_picture, after_picture):
        return None
    return Regrading(
        first=row,
        after=after,
        delta_e=float(np.linalg.norm(shift)),
        chroma_change=chroma,
        lightness_change=float(shift[0]),
    )


def lab(picture: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
    """(height, width, 3) sRGB -> CIELAB (D65)."""
    import cv2

    converted: npt.NDArray[np.float32] = cv2.cvtColor(picture.astype(np.float32) / 255, cv2.COLOR_RGB2LAB)
    return converted


def _same_structure(one: npt.NDArray[np.uint8], other: npt.NDArray[np.uint8]) -> bool:
    greys = [luma(one), luma(other)]
    if min(one.shape[:2]) < 8 or min(float(grey.std()) for grey in greys) < LEAST_CONTRAST:
        return False
    edges = [_edges(grey) for grey in greys]
    if min(float((each >= EDGE_STEP**0.5).mean()) for each in edges) < LEAST_STRUCTURE:
        return False
    return correlation(*edges) >= SAME_STRUCTURE


def _edges(grey: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Strength of the edges; the root keeps one strong edge from deciding alone."""
    down, right = np.gradient(grey)
    strength: npt.NDArray[np.float32] = np.sqrt(np.hypot(down, right))
    return strength


def _lasts(steps: Steps, row: int, after: int, change: float) -> bool:
    """The mean colour stays where it was before, and where it went."""
    before_rows = [r for r in range(row) if steps.pts_s[row] - steps.pts_s[r] <= LASTING_S + 1e-6]
    end_s = steps.pts_s[after - 1] + LASTING_S + 1e-6
    after_rows = [r for r in range(after - 1, len(steps)) if steps.pts_s[r] <= end_s]
    if len(before_rows) < 2 or len(after_rows) < 2:
        return False
    for rows in (before_rows, after_rows):
        means = np.stack([lab(steps.thumbnail[r]).mean(axis=(0, 1)) for r in rows[:: max(1, len(rows) // 4)]])
        if np.linalg.norm(means - means[0], axis=1).max() > LASTING_SHARE * change:
            return False
    return True


def _is_one_mapping(before: npt.NDArray[np.uint8], after: npt.NDArray[np.uint8]) -> bool:
    """A quadratic function of a block's old colour tells its new one."""
    old = before.reshape(-1, 3).astype(np.float64) / 255
    new = after.reshape(-1, 3).astype(np.float64) / 255
    pairs = np.stack([old[:, i] * old[:, j] for i in range(3) for j in range(i, 3)], axis=1)
    terms = np.concatenate([np.ones((len(old), 1)), old, pairs], axis=1)
    told, *_ = np.linalg.lstsq(terms, new, rcond=None)
    left = ((new - terms @ told) ** 2).sum()
    return bool(1 - left / ((new - new.mean(axis=0)) ** 2).sum() >= EXPLAINED_SHARE)
