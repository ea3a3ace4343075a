"""Posture: standing, sitting, lying, or merely upright, from where hips, knees and ankles are."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from services.vision.bodies.spans import Label
from services.vision.bodies.stretches import SIDES, Flags, Floats, Stretch, distance, most_of

LYING_DEG = 60.0
"""Tilt of the trunk, and of the line from shoulders to feet, beyond which a body lies."""

UPRIGHT_DEG = 30.0
"""Tilt of the trunk up to which a body without legs in the picture is upright."""

HEAD_UPRIGHT_DEG = 45.0
"""The same of the line from shoulders to head, which leans forward in profile."""

STANDING_DROP = 0.16
"""Body heights that a knee is below its hip: two thirds of a thigh, which then is steeper than about 50 degrees."""

SITTING_DROP = 0.12
"""Half a thigh: it lies flatter than 30 degrees, or points at the camera. Between the two nothing is said."""

EQUAL_SHARE = 2 / 3
"""Least length of a thigh, of its shank's, in a straight leg that stands: a thigh that points at the camera is shorter,
while a camera that looks down shortens both."""

STRAIGHT_DEG = 150.0
"""Angle at the knee from which on a leg is straight."""

STEEP_DEG = 30.0
"""Tilt of a thigh up to which its leg may be such a one."""

KNEELING_DROP = 0.08
"""Body heights that an ankle is below its knee at least, if it is seen, for the leg to stand: a third of a shank."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Posture:
    """How a body is held in each of n frames; NaN where the joints are not seen."""

    trunk_tilt_deg: Floats
    """(n,) of the line from hips to shoulders against the vertical, [0, 180], 0 = upright."""
    knee_angle_deg: Floats
    """(n,) at the straighter knee, [0, 180], 180 = straight."""
    labels: tuple[Label, ...]
    """standing, sitting, lying, upright."""


def posture(stretch: Stretch, heights: Floats) -> Posture:
    """`heights`: (n,) of the body, frame heights."""
    tilt = tilt_deg(stretch.between("hip"), stretch.between("shoulder"))
    knees = [
        angle_deg(stretch.at(f"{side}_hip"), stretch.at(f"{side}_knee"), stretch.at(f"{side}_ankle")) for side in SIDES
    ]
    labels = np.full(len(stretch), None, dtype=object)
    labels[_upright(stretch, tilt)] = "upright"
    drop, stands = _thighs(stretch, heights)
    labels[(drop <= SITTING_DROP) & (tilt < LYING_DEG)] = "sitting"
    labels[(((drop >= STANDING_DROP) & stands) | _stands_straight(stretch)) & (tilt < LYING_DEG)] = "standing"
    labels[_lies(stretch, tilt)] = "lying"
    return Posture(trunk_tilt_deg=tilt, knee_angle_deg=most_of(knees), labels=tuple(labels))


def tilt_deg(low: Floats, high: Floats) -> Floats:
    """(n,) of the lines from (n, 2) low to high against the vertical, [0, 180], 0 = high is above low."""
    along = high - low
    return np.degrees(np.arctan2(np.abs(along[:, 0]), -along[:, 1]))


def angle_deg(one: Floats, corner: Floats, other: Floats) -> Floats:
    """(n,) at the corner, [0, 180]."""
    first, second = one - corner, other - corner
    cross = first[:, 0] * second[:, 1] - first[:, 1] * second[:, 0]
    angles: Floats = np.degrees(np.arctan2(np.abs(cross), (first * second).sum(axis=1)))
    return angles


def _upright(stretch: Stretch, tilt: Floats) -> Flags:
    legs = most_of([stretch.at(f"{side}_knee")[:, 1] for side in SIDES])
    head = tilt_deg(stretch.between("shoulder"), stretch.head())
    trunk_or_head = np.where(np.isnan(tilt), head < HEAD_UPRIGHT_DEG, tilt < UPRIGHT_DEG)
    upright: Flags = np.isnan(legs) & trunk_or_head
    return upright


def _thighs(stretch: Stretch, heights: Floats) -> tuple[Floats, Flags]:
    """How far the lower knee is below its hip, in body heights, and whether that leg may stand on its foot."""
    drops, feet = [], []
    for side in SIDES:
        hip, knee, ankle = (stretch.at(f"{side}_{joint}")[:, 1] for joint in ("hip", "knee", "ankle"))
        drops.append((knee - hip) / heights)
        feet.append(~((ankle - knee) / heights < KNEELING_DROP))
    drop = most_of(drops)
    return drop, np.where(drops[0] == drop, feet[0], feet[1])


def _stands_straight(stretch: Stretch) -> Flags:
    """Whether a whole leg is seen, straight and upright."""
    stands = np.zeros(len(stretch), dtype=bool)
    for side in SIDES:
        hip, knee, ankle = (stretch.at(f"{side}_{joint}") for joint in ("hip", "knee", "ankle"))
        even = distance(hip, knee) >= EQUAL_SHARE * distance(knee, ankle)
        stands |= even & (angle_deg(hip, knee, ankle) >= STRAIGHT_DEG) & (tilt_deg(knee, hip) <= STEEP_DEG)
    return stands


def _lies(stretch: Stretch, tilt: Floats) -> Flags:
    """Trunk and legs: whoever bends down has a level trunk too."""
    feet = np.where(np.isnan(stretch.between("ankle")), stretch.between("knee"), stretch.between("ankle"))
    whole = tilt_deg(feet, stretch.between("shoulder"))
    level = [(each > LYING_DEG) & (each < 180.0 - LYING_DEG) for each in (tilt, whole)]
    lies: Flags = level[0] & level[1]
    return lies
