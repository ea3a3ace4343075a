"""Arms: raised hands and pointing arms, frame by frame."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from services.vision.bodies.posture import angle_deg
from services.vision.bodies.proportions import FOREARM, UPPER_ARM
from services.vision.bodies.spans import Label
from services.vision.bodies.stretches import Flags, Floats, Stretch, distance

RAISED = 0.05
"""Body heights that the wrist of a raised hand is above its shoulder: at the chin or higher."""

OVERHEAD = 0.2
"""Body heights above the shoulder at which a wrist is above the head."""

BESIDE_HEAD = 0.09
"""Body heights from the middle of the head: twice its half breadth. A hand nearer than that touches face or hair."""

FOREARM_UP = 0.5
"""Forearms that the wrist of a raised hand is above its elbow: steeper than 30 degrees."""

STRAIGHT_DEG = 150.0
"""Angle at the elbow from which on an arm is straight."""

STRETCHED = 0.8
"""Of the length of an arm from shoulder to wrist, as people are proportioned: one that points at the camera is not."""

HANGING_DEG = 45.0
"""From straight down, up to which an arm hangs."""

UP_DEG = 30.0
"""From straight up, up to which a straight arm is a raised hand and points at nothing."""

STILL_PER_S = 0.3
"""Body heights per second that the wrist of a pointing arm moves at most: a forearm in half a second."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Arm:
    """One arm in n frames."""

    raised: Flags
    """(n,) whether the hand is raised."""
    pointing: Flags
    """(n,) whether the arm is stretched out and still."""
    direction_deg: Floats
    """(n,) from shoulder to wrist, clockwise from the picture's up, [0, 360); NaN where either is not seen."""


def arm(stretch: Stretch, heights: Floats, side: str) -> Arm:
    """`side` left or right, the person's own; `heights` (n,) of the body, frame heights."""
    shoulder, elbow, wrist = (stretch.at(f"{side}_{joint}") for joint in ("shoulder", "elbow", "wrist"))
    direction_deg = _direction_deg(wrist - shoulder)
    from_up_deg = np.minimum(direction_deg, 360.0 - direction_deg)
    straight = angle_deg(shoulder, elbow, wrist) >= STRAIGHT_DEG
    stretched = distance(shoulder, wrist) >= STRETCHED * (UPPER_ARM + FOREARM) * heights
    aims = (from_up_deg > UP_DEG) & (from_up_deg < 180.0 - HANGING_DEG)
    still = _speeds(stretch.pts_s, (wrist - shoulder) / heights[:, None]) <= STILL_PER_S
    return Arm(
        raised=_raised(stretch, heights, side),
        pointing=straight & stretched & aims & still,
        direction_deg=direction_deg,
    )


def by_side(left: Flags, right: Flags) -> list[Label]:
    """left, right, both or None for each frame."""
    return [
        ("both" if other else "left") if one else "right" if other else None
        for one, other in zip(left, right, strict=True)
    ]


def mean_direction_deg(directions_deg: Floats) -> float:
    """Of angles on a circle, [0, 360)."""
    radians = np.radians(directions_deg[~np.isnan(directions_deg)])
    return float(np.degrees(np.arctan2(np.sin(radians).sum(), np.cos(radians).sum())) % 360.0)


def _raised(stretch: Stretch, heights: Floats, side: str) -> Flags:
    shoulder, elbow, wrist = (stretch.at(f"{side}_{joint}") for joint in ("shoulder", "elbow", "wrist"))
    above = (shoulder[:, 1] - wrist[:, 1]) / heights
    forearm_up = elbow[:, 1] - wrist[:, 1] >= FOREARM_UP * FOREARM * heights
    head = np.where(np.isnan(stretch.head()), stretch.between("shoulder"), stretch.head())
    beside = np.abs(wrist[:, 0] - head[:, 0]) >= BESIDE_HEAD * heights
    raised: Flags = (above >= OVERHEAD) | ((above >= RAISED) & forearm_up & beside)
    return raised


def _direction_deg(along: Floats) -> Floats:
    return np.degrees(np.arctan2(along[:, 0], -along[:, 1])) % 360.0


def _speeds(pts_s: Floats, points: Floats) -> Floats:
    """(n,) the slower of the ways from the frame before and to the one after; 0 for a single frame."""
    if len(pts_s) == 1:
        return np.where(np.isnan(points[:, 0]), np.nan, 0.0)
    steps = np.hypot(*np.diff(points, axis=0).T) / np.diff(pts_s)
    slower: Floats = np.fmin(np.append(steps, np.nan), np.append(np.nan, steps))
    return slower
