"""Waving: a lifted hand that goes to and fro, told from one that is only held up or moved once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from services.vision.bodies.proportions import FOREARM
from services.vision.bodies.stretches import Flags, Floats, Stretch

LIFTED = -0.1
"""Body heights that the wrist is above the shoulder at least: one may wave with the elbow at the waist."""

LEAST_SWING = 0.3
"""Forearms from one turn of the wrist to the next, median: an arm swung by 17 degrees around its elbow. Keypoints of
a hand that is held still wander by a third of it."""

LEAST_SWINGS = 4
"""Two times to and fro."""

SLOWEST_S = 1.0
"""Longest time from one turn to the next (0.5 Hz): what is slower is a movement, not a wave."""

EVEN_SHARE = 0.5
"""Of the wrist's movement, the share that one steady oscillation explains at least."""

FREQUENCY_STEP_HZ = 0.01
SPLIT_S = 0.5
"""A wrist unseen for longer ends a wave."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wave:
    """A hand going to and fro."""

    first: int
    """Rows of the stretch: where the first swing begins and the last one ends."""
    last: int
    frequency_hz: float


def waves(stretch: Stretch, heights: Floats, side: str) -> list[Wave]:
    """Of the person's own left or right hand. `heights` (n,) of the body, frame heights.

    At a sampling rate of r Hz a wave faster than r / 2 looks like a slower one.
    """
    shoulder, elbow, wrist = (stretch.at(f"{side}_{joint}") for joint in ("shoulder", "elbow", "wrist"))
    moved = (wrist - shoulder) / (FOREARM * heights)[:, None]
    lifted = (wrist[:, 1] < elbow[:, 1]) & (shoulder[:, 1] - wrist[:, 1] >= LIFTED * heights)
    found = []
    for rows in _unbroken(stretch.pts_s, lifted & ~np.isnan(moved[:, 0])):
        found += _waves(stretch.pts_s[rows], _along(moved[rows]), rows)
    return found


def _unbroken(pts_s: Floats, usable: Flags) -> list[np.ndarray]:
    """Rows of usable frames, cut where the next is too far away."""
    rows = np.flatnonzero(usable)
    if not len(rows):
        return []
    return list(np.split(rows, np.flatnonzero(np.diff(pts_s[rows]) > SPLIT_S) + 1))


def _along(points: Floats) -> Floats:
    """(n,) along the line on which (n, 2) points move most."""
    centred = points - points.mean(axis=0)
    _, _, axes = np.linalg.svd(centred, full_matrices=False)
    along: Floats = centred @ axes[0]
    return along


def _waves(times_s: Floats, path: Floats, rows: np.ndarray) -> list[Wave]:
    found = []
    for turns in _series(times_s, path, _turns(path)):
        span = slice(turns[0], turns[-1] + 1)
        frequency_hz, explained = steadiest(times_s[span], path[span])
        if explained >= EVEN_SHARE:
            found.append(Wave(first=int(rows[turns[0]]), last=int(rows[turns[-1]]), frequency_hz=frequency_hz))
    return found


def _turns(path: Floats) -> list[int]:
    """Rows at which the path turns by at least half of a least swing, and its ends if it moves there."""
    turns = [0]
    farthest = 0
    for row in range(1, len(path)):
        way = path[farthest] - path[turns[-1]]
        if (path[row] - path[farthest]) * way >= 0 and abs(path[row] - path[turns[-1]]) >= abs(way):
            farthest = row
        elif abs(path[row] - path[farthest]) >= LEAST_SWING / 2:
            turns.append(farthest)
            farthest = row
    if abs(path[farthest] - path[turns[-1]]) >= LEAST_SWING / 2:
        turns.append(farthest)
    started = len(turns) > 1 and abs(path[turns[1]] - path[turns[0]]) >= LEAST_SWING / 2
    return turns if started else turns[1:]


def _series(times_s: Floats, path: Floats, turns: list[int]) -> list[list[int]]:
    """Turns that follow each other quickly, often enough and far enough apart."""
    pieces: list[list[int]] = [[]]
    for row in turns:
        if pieces[-1] and times_s[row] - times_s[pieces[-1][-1]] > SLOWEST_S:
            pieces.append([])
        pieces[-1].append(row)
    return [
        piece
        for piece in pieces
        if len(piece) > LEAST_SWINGS and np.median(np.abs(np.diff(path[piece]))) >= LEAST_SWING
    ]


def steadiest(times_s: Floats, path: Floats) -> tuple[float, float]:
    """Frequency in Hz of the oscillation that explains most of a path, and which share of its variance it explains.

    Least squares, so that the times need not be even; looked for from 0.5 Hz to half the sampling rate.
    """
    half_rate_hz = 0.5 / float(np.median(np.diff(times_s)))
    frequencies = np.arange(0.5 / SLOWEST_S, half_rate_hz - FREQUENCY_STEP_HZ / 2, FREQUENCY_STEP_HZ)
    total = float(((path - path.mean()) ** 2).sum())
    if total == 0 or not len(frequencies):
        return 0.0, 0.0
    left_over = [_left_over(times_s, path, frequency) for frequency in frequencies]
    best = int(np.argmin(left_over))
    return float(frequencies[best]), 1.0 - left_over[best] / total


def _left_over(times_s: Floats, path: Floats, frequency_hz: float) -> float:
    phase = 2 * np.pi * frequency_hz * (times_s - times_s[0])
    parts = np.stack([np.cos(phase), np.sin(phase), np.ones_like(phase)], axis=1)
    weights = np.linalg.lstsq(parts, path, rcond=None)[0]
    return float(((path - parts @ weights) ** 2).sum())
