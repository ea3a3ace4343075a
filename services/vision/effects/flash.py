"""Flashes and dips to black: the brightness jumps and comes back within a few frames."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from services.vision.effects.steps import Steps, luma

LEAST_CHANGE = 20.0
"""Mean brightness of 255 by which a flash stands out; clouds and a film's flicker stay below."""

LONGEST_S = 0.4
"""From the first brighter frame to the first one that is not; a scene lit for longer is a scene."""

SUDDEN_S = 0.12
"""One of the two slopes takes no longer: a fade to black and back takes longer on both."""

EDGE_SHARE = 0.1
"""A frame belongs to the flash while it deviates by this share of the peak."""

RETURN_SHARE = 0.3
"""Brightness afterwards is within this share of the peak's change of what it was before; the picture may be new."""

ONE_WAY_SHARE = 0.9
"""Of blocks that all get brighter, or all darker: a flash lights everything; another picture does some of both."""

SAME_WAY = 2.0
"""A block that changes by no more than this, of 255, follows any way: it was white already."""

FLAT_SHARE = 0.35
"""A whited-out or black frame has at most this share of the contrast of the frame before."""

BLACK_MEAN = 16.0
"""Mean brightness, of 255, of a dip to black."""

SAME_SCENE = 0.6
"""Correlation of grey values, [-1, 1], of two frames of one scene."""

AFTER_FRAMES = 3
"""Frames that tell the level afterwards."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Flashing:
    """Frames [first, after) are brighter or, of a dip, darker than those around."""

    first: int
    after: int
    brightness_change: float
    """Mean at the peak minus the mean of the frame before and the one after, [-255, 255]."""


def find_flashes(steps: Steps, first: int, until: int) -> list[Flashing]:
    """Those that begin in rows [first, until); a row is decided once LONGEST_S and a few frames after it are known."""
    brightness = steps.brightness
    found: list[Flashing] = []
    for row in range(max(first, 1), until):
        if found and row < found[-1].after:
            continue
        if abs(brightness[row] - brightness[row - 1]) >= EDGE_SHARE * LEAST_CHANGE:
            flash = _flash_at(steps, row)
            if flash is not None:
                found.append(flash)
    return found


def _flash_at(steps: Steps, row: int) -> Flashing | None:
    """The flash whose first frame is `row`."""
    base = steps.brightness[row - 1]
    rows = _within(steps, row, LONGEST_S)
    change = steps.brightness[rows.start : rows.stop] - base
    peak = rows.start + int(np.argmax(np.abs(change)))
    height = float(steps.brightness[peak] - base)
    if abs(height) < LEAST_CHANGE or abs(steps.brightness[row] - base) < EDGE_SHARE * abs(height):
        return None
    back = [r for r in range(peak + 1, rows.stop) if abs(steps.brightness[r] - base) <= RETURN_SHARE * abs(height)]
    if not back:
        return None
    settled = float(np.median(steps.brightness[back[0] : back[0] + AFTER_FRAMES + 1]))
    if abs(settled - base) > RETURN_SHARE * abs(height):
        return None
    after = _first_settled(steps, back[0], settled, EDGE_SHARE * abs(height), rows.stop)
    if after is None or not _is_sudden(steps, row, peak, after) or not _is_flash(steps, row - 1, peak, after):
        return None
    around = (base + steps.brightness[after]) / 2
    return Flashing(first=row, after=after, brightness_change=float(steps.brightness[peak] - around))


def _within(steps: Steps, row: int, length_s: float) -> range:
    """Rows from `row` on that are displayed before so much time has passed, and the one after."""
    after = int(np.searchsorted(steps.pts_s, steps.pts_s[row] + length_s + 1e-6, side="right"))
    return range(row, after)


def _first_settled(steps: Steps, first: int, level: float, slack: float, stop: int) -> int | None:
    return next((row for row in range(first, stop) if abs(steps.brightness[row] - level) <= slack), None)


def _is_sudden(steps: Steps, first: int, peak: int, after: int) -> bool:
    rise_s = steps.pts_s[peak] - steps.pts_s[first - 1]
    last_peak = after - 1
    while last_peak > peak and abs(steps.brightness[last_peak] - steps.brightness[peak]) > 0.1 * abs(
        steps.brightness[peak] - steps.brightness[after]
    ):
        last_peak -= 1
    return bool(min(rise_s, steps.pts_s[after] - steps.pts_s[last_peak]) <= SUDDEN_S)


def _is_flash(steps: Steps, before: int, peak: int, after: int) -> bool:
    """Everything is lit (or all black) at the peak, over the same scene or over a change of scene."""
    grey = luma(steps.thumbnail[[before, peak, after]])
    change = grey[1] - grey[0]
    brighter = change.mean() > 0
    if not brighter and grey[1].mean() > BLACK_MEAN:
        return False
    one_way = ((change if brighter else -change) >= -SAME_WAY).mean() >= ONE_WAY_SHARE
    flat = grey[1].std() <= FLAT_SHARE * max(grey[0].std(), grey[2].std())
    if correlation(grey[0], grey[2]) >= SAME_SCENE:
        return bool(one_way and (flat or correlation(grey[0], grey[1]) >= SAME_SCENE))
    return bool(one_way and flat)


def correlation(one: npt.NDArray[np.float32], other: npt.NDArray[np.float32]) -> float:
    """Pearson's, [-1, 1]; 1 of two flat pictures, 0 of a flat one and another."""
    a, b = one - one.mean(), other - other.mean()
    norm = float(np.sqrt((a * a).sum() * (b * b).sum()))
    if norm < 1e-6:
        return 1.0 if max(float(np.abs(a).max()), float(np.abs(b).max())) < 1e-3 else 0.0
    return float((a * b).sum()) / norm
