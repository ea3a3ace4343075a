"""Whether a text moves as the picture around it does: what tells a sign in the scene from one laid over it."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from services.vision.texts.frames import Grey, pixels_of
from services.vision.texts.readers import Rect

RING = 1.0
"""What is around a text: this many of its heights on every side."""

BETTER = 0.1
"""The ring must correlate this much better with one place than with the other to say anything."""

MIN_CONTRAST = 4.0
"""Standard deviation, in grey levels, under which a ring is too plain to be recognised."""


def moves_with_ring(before: Grey, was: Rect, after: Grey, now: Rect) -> bool | None:
    """True: what was around the text went with it; False: it stayed behind; None: it can't be told.

    `was` and `now` are the text's boxes in the two small frames.
    """
    height, width = before.shape
    dx, dy = round((now.left - was.left) * width), round((now.top - was.top) * height)
    if (dx, dy) == (0, 0):
        return None
    rows, columns = _ring_box(was, before.shape)
    text_rows, text_columns = pixels_of(was, (height, width), margin_px=1)
    around = np.ones(before.shape, dtype=bool)
    around[text_rows, text_columns] = False
    ring = around[rows, columns]
    old = before[rows, columns][ring].astype(np.float32)
    if old.size == 0 or float(old.std()) < MIN_CONTRAST:
        return None
    stayed = _correlation(old, after[rows, columns][ring])
    went = _correlation(old, _moved(after, rows, columns, dx, dy)[ring])
    if abs(went - stayed) < BETTER:
        return None
    return went > stayed


def _ring_box(box: Rect, shape: tuple[int, ...]) -> tuple[slice, slice]:
    height, width = shape[0], shape[1]
    return pixels_of(box, (height, width), margin_px=max(round(RING * box.height * height), 3))


def _moved(grey: Grey, rows: slice, columns: slice, dx: int, dy: int) -> Grey:
    at_rows = np.arange(rows.start + dy, rows.stop + dy).clip(0, grey.shape[0] - 1)
    at_columns = np.arange(columns.start + dx, columns.stop + dx).clip(0, grey.shape[1] - 1)
    return np.asarray(grey[at_rows[:, None], at_columns[None, :]], dtype=np.uint8)


def _correlation(one: npt.NDArray[np.float32], other: npt.NDArray[np.uint8]) -> float:
    left, right = one - one.mean(), other.astype(np.float32) - other.mean()
    lengths = float(np.sqrt(np.vdot(left, left) * np.vdot(right, right)))
    return float(np.vdot(left, right)) / lengths if lengths > 0 else 0.0
