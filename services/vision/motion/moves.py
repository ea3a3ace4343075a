"""Which moves of the camera a path is made of: steady ones by direction, shaking by hand, and standing still."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from services.vision.motion.path import PAN, ROLL, TILT, ZOOM, Path, Series, course, root_mean_square, shaking

BEGINS_PER_S = 0.008
"""Speed, frame sizes a second at the edge, from which on a camera moves: a picture's width in two minutes."""

GOES_ON_PER_S = 0.004
"""A move that has begun goes on down to this."""

LEAST_WAY = 0.015
"""Frame sizes that a move must carry the edge: less is no more than a correction."""

LEAST_S = 0.4
"""A shorter move, or standing still for less, is part of what is around it."""

OVER_SHAKE = 4.0
"""A move must go this many times as far as the camera shakes meanwhile: a hand has no direction."""

SIDE_SHARE = 0.15
"""Of the way of the greatest move at the time, from which on one of another kind is told beside it."""

FALL_SHARE, FALL_S = 0.3, 0.6
"""Smoothing draws a move out at its ends; it ends where it falls below this share of what it was this much before."""

MAJORITY = 0.5
"""Share of the points that must agree before a zoom, a roll, shaking or a lesser move beside another is told.

Where depth or many moving things leave no majority, the direction of the greatest pan or tilt is safe, the rest is not.
"""

SHAKES = 0.002
"""Root mean square of shaking, frame widths, from which on a camera is held by hand: four pixels of 1920."""

SHAKE_PIECE_S = 1.0
"""Shaking is looked for in pieces of about this length."""

SHAKE_CROSSINGS_PER_S = 2.0
"""A shaking camera passes its course at least so often; one that starts or stops to move is off it once."""

NAMES = {
    PAN: ("pan_right", "pan_left"),
    TILT: ("tilt_up", "tilt_down"),
    ZOOM: ("zoom_in", "zoom_out"),
    ROLL: ("roll_clockwise", "roll_counterclockwise"),
}
HANDHELD, STATIC = "handheld", "static"
LABELS = (STATIC, *(name for names in NAMES.values() for name in names), HANDHELD)

Rows = tuple[int, int]
"""First row, and the row after the last; two stretches that touch share a frame."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """One move over rows [first, after) of a path."""

    label: str
    first: int
    after: int


def moves(path: Path) -> list[Stretch]:
    """In order of time. Moves of several kinds may overlap; standing still is where there is none."""
    steady = list(_steady(path))
    shaken = _shaken(path, steady)
    found = steady + [Stretch(label=HANDHELD, first=first, after=after) for first, after in shaken]
    still = [Stretch(label=STATIC, first=first, after=after) for first, after in _left_over(path, found)]
    return sorted(found + still, key=lambda stretch: (stretch.first, LABELS.index(stretch.label)))


def _steady(path: Path) -> Iterator[Stretch]:
    _, velocity = course(path)
    for axis, names in NAMES.items():
        speed = velocity[:, axis]
        for name, sign in zip(names, (1, -1), strict=True):
            for first, after in _runs(sign * speed >= GOES_ON_PER_S):
                rows = _trimmed(path, sign * speed, first, after)
                if rows is not None and _is_move(path.between(*rows), sign * speed[slice(*rows)], axis):
                    yield Stretch(label=name, first=rows[0], after=rows[1])


def _trimmed(path: Path, speed: Series, first: int, after: int) -> Rows | None:
    """Without the ends that only smoothing made."""

    def fades(row: int, inward: slice) -> bool:
        near = np.abs(path.time_s[inward] - path.time_s[row]) <= FALL_S
        return bool(speed[row] < FALL_SHARE * speed[inward][near].max(initial=0.0))

    while after - first > 1 and fades(first, slice(first, after)):
        first += 1
    while after - first > 1 and fades(after - 1, slice(first, after)):
        after -= 1
    return (first, after) if after - first > 1 else None


def _is_move(path: Path, speed: Series, axis: int) -> bool:
    """Long, fast and far enough, and not a by-product of shaking or of a much greater move."""
    ways = np.abs(path.position[-1] - path.position[0])
    return bool(
        path.time_s[-1] - path.time_s[0] >= LEAST_S
        and speed.max() >= BEGINS_PER_S
        and ways[axis] >= LEAST_WAY
        and ways[axis] >= SIDE_SHARE * ways.max()
        and ways[axis] >= OVER_SHAKE * root_mean_square(shaking(path))
        and (path.inlier_share.mean() >= MAJORITY or (axis in (PAN, TILT) and ways[axis] == ways[[PAN, TILT]].max()))
    )


def _shaken(path: Path, steady: Sequence[Stretch]) -> list[Rows]:
    """Where the camera shakes, looked for between the starts and ends of moves."""
    edges = {0, len(path), *(stretch.first for stretch in steady), *(stretch.after for stretch in steady)}
    pieces = [piece for first, after in pairwise(sorted(edges)) for piece in _pieces(path, first, after)]
    joined: list[Rows] = []
    for first, after, shakes in pieces:
        if shakes and joined and joined[-1][1] == first:
            joined[-1] = (joined[-1][0], after)
        elif shakes:
            joined.append((first, after))
    return [rows for rows in joined if _length_s(path, *rows) >= LEAST_S]


def _pieces(path: Path, first: int, after: int) -> Iterator[tuple[int, int, bool]]:
    """Equal pieces of a stretch without a change of speed, and whether the camera shakes in each."""
    off = shaking(path.between(first, after))
    count = max(int(_length_s(path, first, after) / SHAKE_PIECE_S), 1)
    cuts = [round(cut) for cut in np.linspace(0, after - first, count + 1)]
    for start, end in pairwise(cuts):
        length_s = _length_s(path, first + start, first + end)
        agree = path.inlier_share[first + start : first + end].mean() >= MAJORITY
        yield first + start, first + end, bool(agree) and _shakes(off[start:end], length_s)


def _shakes(off: Series, length_s: float) -> bool:
    if length_s < LEAST_S / 2 or root_mean_square(off) < SHAKES:
        return False
    main = off[:, int((off**2).sum(axis=0).argmax())]
    signs = np.sign(main[np.abs(main) > SHAKES / 4])
    return int((np.diff(signs) != 0).sum()) >= SHAKE_CROSSINGS_PER_S * length_s


def _left_over(path: Path, found: Sequence[Stretch]) -> list[Rows]:
    """Rows in which the camera stands, where they last: what drifts, but not far enough for a move, is neither."""
    _, velocity = course(path)
    free = np.ones(len(path), bool)
    for stretch in found:
        free[stretch.first : stretch.after] = False
    lasting = [rows for rows in _runs(free) if _length_s(path, *rows) >= LEAST_S]
    drift = [np.abs(np.median(velocity[slice(*rows)], axis=0)).max() for rows in lasting]
    return [rows for rows, speed in zip(lasting, drift, strict=True) if speed < BEGINS_PER_S]


def _length_s(path: Path, first: int, after: int) -> float:
    """Until the next stretch's first frame, or the path's end."""
    return float(path.time_s[min(after, len(path) - 1)] - path.time_s[first])


def _runs(chosen: npt.NDArray[np.bool_]) -> list[Rows]:
    """Stretches of True as [first, after)."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], chosen, [False]])))
    return [(int(first), int(after)) for first, after in edges.reshape(-1, 2)]
