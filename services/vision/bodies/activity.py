"""Activity: how fast a body moves, in body heights a second, the camera's own motion taken off."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

import numpy as np

from services.vision.bodies.spans import Label
from services.vision.bodies.stretches import SEEN, Flags, Floats, Stretch
from services.vision.percepts.motion import FrameMotion

STILL_PER_S = 0.1
"""Below it a body is still: no limb moves faster than 17 cm/s on an adult. Keypoints at rest tremble by less."""

VERY_ACTIVE_PER_S = 2.0
"""From here on it is very active: limbs at 3.5 m/s. A walker's swinging foot makes 1.6 on average."""

FASTEST_JOINTS = 3
"""The mean of so many is the body's speed: who sits and talks with one hand is not still."""

LEAST_S = 1.0
"""Shorter changes of activity are not told."""

FASTEST_PER_S = 6.0
"""Faster than a sprinter: such a step of a joint is the network's error and counts as this."""

TREMOR_FRAMES = 3
"""Over so many frames the median is taken: one misplaced body is no movement."""

LIMBS = range(5, 17)
"""Of COCO's order: shoulders to ankles. The five of the head count as one point."""

PTS_TOLERANCE_S = 1e-6


def speeds(stretch: Stretch, heights: Floats, motions: Sequence[FrameMotion]) -> Floats:
    """(n,) mean speed of the three fastest joints, body heights per second; NaN where not known.

    Of each frame the mean of the step to it and the step from it. `motions` in order of time: how the picture moved
    meanwhile; without any, the camera is taken to stand.
    """
    steps = np.array([_step(stretch, row, heights[row], motions) for row in range(len(stretch) - 1)])
    to, onward = np.append(np.nan, steps), np.append(steps, np.nan)
    return _calmed(np.where(np.isnan(to), onward, np.where(np.isnan(onward), to, (to + onward) / 2)))


def activity(speed: Floats) -> list[Label]:
    """still, moving, very_active or None for each speed."""
    return [
        None
        if np.isnan(each)
        else "still"
        if each < STILL_PER_S
        else "moving"
        if each < VERY_ACTIVE_PER_S
        else "very_active"
        for each in speed
    ]


def carried(points: Floats, aspect: float, motions: Sequence[FrameMotion]) -> Floats:
    """Where (..., 2) points in frame heights come to lie by the picture's own motion."""
    centre = np.array([aspect / 2, 0.5])
    for motion in motions:
        # y points down, so a turn that the viewer sees as clockwise takes x to y.
        turn = np.radians(motion.clockwise_deg)
        matrix = motion.scale * np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
        points = (points - centre) @ matrix.T + centre + (motion.right * aspect, motion.down)
    return points


def _step(stretch: Stretch, row: int, height: float, motions: Sequence[FrameMotion]) -> float:
    """To the next frame: of the head and each joint seen in both, the mean of the fastest three."""
    from_s, to_s = stretch.pts_s[row], stretch.pts_s[row + 1]
    seen: Flags = np.all(stretch.confidence[row : row + 2] >= SEEN, axis=0)
    if np.isnan(height) or not seen.any():
        return float("nan")
    expected = carried(stretch.points[row], stretch.aspect, between(motions, from_s, to_s))
    steps = np.hypot(*(stretch.points[row + 1] - expected).T) / (height * (to_s - from_s))
    steps = np.minimum(steps, FASTEST_PER_S)
    parts = [steps[joint] for joint in LIMBS if seen[joint]]
    if seen[:5].any():
        parts.append(steps[:5][seen[:5]].mean())
    return float(np.mean(sorted(parts)[-FASTEST_JOINTS:]))


def between(motions: Sequence[FrameMotion], from_s: float, to_s: float) -> Sequence[FrameMotion]:
    """Those from the one moment to the other."""
    first = bisect_left(motions, from_s + PTS_TOLERANCE_S, key=lambda motion: motion.pts_s)
    last = bisect_left(motions, to_s + PTS_TOLERANCE_S, key=lambda motion: motion.pts_s)
    return motions[first:last]


def _calmed(speed: Floats) -> Floats:
    """Each with the median of its neighbours and itself."""
    reach = TREMOR_FRAMES // 2
    calm = speed.copy()
    for row in range(len(speed)):
        near = speed[max(0, row - reach) : row + reach + 1]
        known = near[~np.isnan(near)]
        if len(known):
            calm[row] = np.median(known)
    return calm
