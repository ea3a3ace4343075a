"""Registers each frame of a shot with the one before, through a key frame so that small errors do not add up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from services.vision.motion.corners import Grey, Points, grid_corners
from services.vision.motion.similarity import (
    LEAST_POINTS,
    Agreement,
    Matrix,
    agreed,
    clockwise_deg_of,
    moved,
    scale_of,
)

WINDOW_PX = 13
"""Side of the patch that is looked for."""

PYRAMID_LEVELS = 3
"""Halvings of the picture: a third of a small frame's width is found from one frame to the next."""

THERE_AND_BACK_PX = 0.5
"""A point that is followed to the next frame and back again ends this near to where it was, or was lost."""

KEPT_SHARE = 0.6
"""Of the key frame's points; with fewer left, a new key frame is due."""

KEY_SHIFT = 0.06
"""Of the longer side, by which the picture may have moved against the key frame: beyond, lens and depth tell."""

KEY_SCALE = 0.06
"""Likewise, by which it may have grown or shrunk."""

KEY_TURN_DEG = 3.0
"""Likewise, by which it may have turned."""

KEY_FRAMES = 24
"""Age of a key frame, in frames, after which light and things have changed too much."""

ON_THE_MOVE_PX = 2.0
"""From this way per frame on a move counts as going on when points in one place still follow it."""

BAR_GREY = 24
"""Up to here a bar of a letterbox is black, compression included."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """How the picture went from one frame to the next, in pixels."""

    matrix: Matrix
    inlier_share: float
    """Of the points that are not laid over the picture, those that follow it, [0, 1]."""
    point_count: int
    """Points that were followed, those laid over it not counted."""
    own_motion_px: float
    """Median way, against the picture, of points that do not follow it; 0 without any."""


class Registrar:
    """Frames of one shot and one size in, steps out."""

    def __init__(self) -> None:
        self._last: Grey | None = None
        self._velocity: Matrix = np.eye(3)
        self._start(None)

    def step(self, grey: Grey) -> Step | None:
        """From the frame given before to this one; None for the first, and where too little can be followed."""
        last, self._last = self._last, grey
        if last is None or last.shape != grey.shape:
            self._start(grey)
            return None
        found = self._register(grey)
        if found is None:
            self._start(last)
            if len(self._corners) >= LEAST_POINTS:
                self._velocity = _shift_between(last, grey)
                found = self._register(grey)
        if found is None:
            self._start(grey)
        return found

    def _start(self, key: Grey | None) -> None:
        """Begin anew with a key frame."""
        self._key = key
        self._corners = grid_corners(key) if key is not None else np.empty((0, 2), np.float32)
        self._at = self._corners
        self._seen = np.ones(len(self._corners), bool)
        self._to_last: Matrix = np.eye(3)
        self._velocity = np.eye(3)
        self._is_known = False  # whether the velocity was measured, or is a guess
        self._age = 0

    def _register(self, grey: Grey) -> Step | None:
        assert self._key is not None
        if len(self._corners) < LEAST_POINTS:
            return None
        guess = moved(self._velocity @ self._to_last, self._corners)
        at, seen = _followed(self._key, grey, self._corners, guess)
        expected = guess[seen] if self._is_on_the_move() else None
        agreement = agreed(self._corners[seen], at[seen], _picture_px(grey), expected)
        if agreement is None or seen.mean() < KEPT_SHARE / 2:
            return None
        matrix = agreement.matrix @ np.linalg.inv(self._to_last)
        step = self._told(matrix, agreement, at, seen)
        self._at, self._seen = at, seen
        self._to_last, self._velocity, self._is_known = agreement.matrix, matrix, True
        self._age += 1
        if self._is_spent(grey.shape):
            self._start(grey)
            self._velocity, self._is_known = matrix, True
        return step

    def _is_on_the_move(self) -> bool:
        """The step before carried the picture so far that no subject in it could have crept away with the camera."""
        way_px = np.linalg.norm(moved(self._velocity, self._at) - self._at, axis=1)
        return self._is_known and len(way_px) > 0 and float(np.median(way_px)) >= ON_THE_MOVE_PX

    def _told(self, matrix: Matrix, agreement: Agreement, at: Points, seen: npt.NDArray[np.bool_]) -> Step:
        apart = np.zeros(len(seen), bool)
        apart[np.flatnonzero(seen)] = ~agreement.follows & ~agreement.on_screen
        apart &= self._seen
        own_px = np.linalg.norm(at[apart] - moved(matrix, self._at[apart]), axis=1)
        count = int((~agreement.on_screen).sum())
        return Step(
            matrix=matrix,
            inlier_share=float(agreement.follows.sum() / count),
            point_count=count,
            own_motion_px=float(np.median(own_px)) if len(own_px) else 0.0,
        )

    def _is_spent(self, shape: tuple[int, ...]) -> bool:
        """The key frame has become too different."""
        centre = np.array([[shape[1] / 2, shape[0] / 2]], np.float32)
        shift_px = float(np.linalg.norm(moved(self._to_last, centre) - centre))
        return (
            self._age >= KEY_FRAMES
            or float(self._seen.mean()) < KEPT_SHARE
            or shift_px > KEY_SHIFT * max(shape)
            or abs(np.log(scale_of(self._to_last))) > KEY_SCALE
            or abs(clockwise_deg_of(self._to_last)) > KEY_TURN_DEG
        )


def _followed(key: Grey, grey: Grey, corners: Points, guess: Points) -> tuple[Points, npt.NDArray[np.bool_]]:
    """(n, 2) where the corners are now, and (n,) which of them were found: there, and back again."""
    import cv2

    options: dict[str, Any] = {
        "winSize": (WINDOW_PX, WINDOW_PX),
        "maxLevel": PYRAMID_LEVELS,
        "criteria": (cv2.TERM_CRITERIA_EPS | cv2.TERM_CRITERIA_COUNT, 20, 0.01),
        "flags": cv2.OPTFLOW_USE_INITIAL_FLOW,
    }
    at, there, _ = cv2.calcOpticalFlowPyrLK(key, grey, corners, guess.copy(), **options)
    back, here, _ = cv2.calcOpticalFlowPyrLK(grey, key, at, corners + (at - guess), **options)
    height, width = grey.shape
    inside = ((at >= 0) & (at < (width, height))).all(axis=1)
    near = np.linalg.norm(back - corners, axis=1) < THERE_AND_BACK_PX
    return at, (there.ravel() == 1) & (here.ravel() == 1) & inside & near


def _shift_between(last: Grey, grey: Grey) -> Matrix:
    """A guess at a motion that nothing before announced."""
    import cv2

    shape = cv2.createHanningWindow((grey.shape[1], grey.shape[0]), cv2.CV_32F)
    (right_px, down_px), _ = cv2.phaseCorrelate(last.astype(np.float32), grey.astype(np.float32), shape)
    return np.array([[1.0, 0.0, right_px], [0.0, 1.0, down_px], [0.0, 0.0, 1.0]])


def _picture_px(grey: Grey) -> tuple[int, int]:
    """Width and height without black bars; bars come in pairs of one size."""
    height, width = grey.shape
    return width - _bars_px(grey.max(axis=0)), height - _bars_px(grey.max(axis=1))


def _bars_px(brightest: npt.NDArray[np.uint8]) -> int:
    bright = np.flatnonzero(brightest > BAR_GREY)
    if len(bright) == 0:
        return 0
    return 2 * int(min(bright[0], len(brightest) - 1 - bright[-1]))
