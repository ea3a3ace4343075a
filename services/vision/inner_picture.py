"""Finds the picture between bars: what stands above and below it, or beside it, black or blurred, shows no place."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

SMALLEST_BAR, LARGEST_BAR = 0.04, 0.36
"""Size of one of two equal bars, of the frame's side; 16:9 between bars in 9:16 has 0.34."""

BALANCE = 0.015
"""By how much the two may differ, of the frame's side."""

LEAST_STEP = 2.0
"""Median change of grey, of 255, across the whole length of a bar's edge."""

STEP_RATIO = 3.0
"""How many times the step is to be greater than those inside the bar."""

DETAIL_RATIO = 0.25
"""Most detail that a bar may have, of the picture's."""

QUIET_SHARE = 0.6
"""Of a bar's lines, those that are asked for steps and detail; captions may stand on the others."""

Grey = npt.NDArray[np.float32]


def inner_picture(frame: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    """(height, width, 3) RGB -> the part between two equal bars, or between two pairs of them; else the frame."""
    import cv2

    for _ in range(2):  # a film with bars of its own may stand between others
        grey = cv2.cvtColor(np.ascontiguousarray(frame), cv2.COLOR_RGB2GRAY).astype(np.float32)
        if bar := bar_height(grey):
            frame = frame[bar:-bar]
        elif bar := bar_height(np.ascontiguousarray(grey.T)):
            frame = frame[:, bar:-bar]
        else:
            break
    return frame


def bar_height(grey: Grey) -> int:
    """(height, width) in [0, 255] -> rows of the bar above, which is as high as that below; 0 without."""
    height = len(grey)
    if min(grey.shape) < 16:
        return 0
    steps = np.median(np.abs(np.diff(grey, axis=0)), axis=1)
    detail = np.mean(np.abs(np.diff(grey, n=2, axis=1)), axis=1)
    slack = max(1, round(BALANCE * height))
    found, best = 0, 0.0
    for bar in range(max(2, round(SMALLEST_BAR * height)), round(LARGEST_BAR * height)):
        mirrored = height - bar - 1
        below = steps[mirrored - slack : mirrored + slack].max()
        step = min(float(steps[bar - 1]), float(below))
        if step > max(best, LEAST_STEP) and _is_quiet(steps, detail, bar + 1 + slack, step):
            found, best = bar, step
    return found


def _is_quiet(steps: Grey, detail: Grey, bar: int, step: float) -> bool:
    """Nothing of the kind happens inside the bars, and far less of anything."""
    above, below = slice(0, bar - 3), slice(len(detail) - bar + 3, None)
    inside = float(np.mean(detail[bar:-bar]))
    for side in (above, below):
        if len(steps[side]) and STEP_RATIO * np.quantile(steps[side], QUIET_SHARE) > step:
            return False
        if len(detail[side]) and np.quantile(detail[side], QUIET_SHARE) > DETAIL_RATIO * inside:
            return False
    return True
