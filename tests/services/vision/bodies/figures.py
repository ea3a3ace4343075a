"""A stick figure in space, seen from afar: every joint of its picture is known exactly."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from services.vision.bodies.stretches import Sighting, Stretch, stretches
from services.vision.percepts.persons import KEYPOINT_NAMES, Person

RATE_HZ = 5.0
HEIGHT = 0.6
"""Of the standing body, frame heights."""

ASPECT = 9 / 16
NEAR, FAR, UNSEEN = 0.98, 0.7, 0.05
FACE = KEYPOINT_NAMES[:5]


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """x to the own left, y up, z ahead, in body heights above the hips; an arm is the two angles of its bones."""

    yaw_deg: float = 0.0
    """0 faces the camera, 90 the picture's right, 180 away."""
    posture: str = "standing"
    left_arm: tuple[float, float] = (0.0, 0.0)
    """Upper arm and forearm, from hanging (0) sideways and outward (90) to straight up (180)."""
    right_arm: tuple[float, float] = (0.0, 0.0)
    hidden: tuple[str, ...] = ()
    """Words in the names of joints that are not seen, e.g. "knee"."""
    x: float = 0.28
    """Of the hips in the picture, frame heights."""
    y: float = 0.5
    tilt_deg: float = 0.0
    """Of the whole figure in the picture, clockwise."""


def keypoints(figure: Figure) -> np.ndarray:
    """(17, 3) as in Person."""
    space = _joints(figure)
    yaw = np.radians(figure.yaw_deg)
    across = space[:, 0] * np.cos(yaw) + space[:, 2] * np.sin(yaw)
    ahead = space[:, 2] * np.cos(yaw) - space[:, 0] * np.sin(yaw)
    tilt = np.radians(figure.tilt_deg)
    right = across * np.cos(tilt) + space[:, 1] * np.sin(tilt)
    up = space[:, 1] * np.cos(tilt) - across * np.sin(tilt)
    confidence = [_confidence(figure, name, ahead[k]) for k, name in enumerate(KEYPOINT_NAMES)]
    return np.stack(
        [(figure.x + HEIGHT * right) / ASPECT, figure.y - HEIGHT * up, np.array(confidence)], axis=1
    ).astype(np.float32)


def seen_as(figure: Figure, pts_s: float = 0.0, shot: int = 0) -> Sighting:
    points = keypoints(figure)
    box = (points[:, 0].min(), points[:, 1].min(), points[:, 0].max(), points[:, 1].max())
    person = Person(track_id=3, box=tuple(map(float, box)), score=0.9, keypoints=points)  # type: ignore[arg-type]
    return Sighting(pts_s=pts_s, end_s=pts_s + 1 / RATE_HZ, shot=shot, aspect=ASPECT, person=person)


def acting(figure_at: Callable[[float], Figure], length_s: float, rate_hz: float = RATE_HZ) -> Stretch:
    """The stretch of a figure that changes with time."""
    (stretch,) = stretches([seen_as(figure_at(k / rate_hz), k / rate_hz) for k in range(round(length_s * rate_hz))])
    return stretch


def still(figure: Figure, length_s: float = 2.0) -> Stretch:
    return acting(lambda _: figure, length_s)


def mirrored(stretch: Stretch) -> Stretch:
    """The same in a mirror: left and right of the picture change, and with them the person's own."""
    order = [0, *(k + 1 if k % 2 else k - 1 for k in range(1, 17))]
    points = stretch.points.copy()
    points[:, :, 0] = stretch.aspect - points[:, :, 0]
    return Stretch(
        pts_s=stretch.pts_s,
        end_s=stretch.end_s,
        points=points[:, order],
        confidence=stretch.confidence[:, order],
        aspect=stretch.aspect,
    )


def _joints(figure: Figure) -> np.ndarray:
    shoulder_y = 0.288
    head = {"nose": (0, 0.09, 0.08), "left_eye": (0.018, 0.118, 0.06), "left_ear": (0.042, 0.11, 0.0)}
    joints = {name: (x, y + shoulder_y, z) for name, (x, y, z) in head.items()}
    joints |= {"left_shoulder": (0.115, shoulder_y, 0), "left_hip": (0.06, 0, 0)}
    joints |= {"left_" + name: place for name, place in _leg(figure.posture).items()}
    joints |= {name.replace("left", "right"): (-x, y, z) for name, (x, y, z) in joints.items()}
    for side, sign, angles in (("left", 1, figure.left_arm), ("right", -1, figure.right_arm)):
        place = np.array(joints[f"{side}_shoulder"], dtype=float)
        for joint, length, angle in zip(("elbow", "wrist"), (0.186, 0.146), np.radians(angles), strict=True):
            place = place + length * np.array([sign * np.sin(angle), -np.cos(angle), 0.0])
            joints[f"{side}_{joint}"] = tuple(place)
    return np.array([joints[name] for name in KEYPOINT_NAMES], dtype=float)


def _leg(posture: str) -> dict[str, tuple[float, float, float]]:
    x = 0.06
    return {
        "standing": {"knee": (x, -0.245, 0.0), "ankle": (x, -0.491, 0.0)},
        "sitting": {"knee": (x, -0.03, 0.24), "ankle": (x, -0.276, 0.24)},
        "kneeling": {"knee": (x, -0.245, 0.0), "ankle": (x, -0.245, -0.246)},
    }[posture]


def _confidence(figure: Figure, name: str, ahead: float) -> float:
    if any(word in name for word in figure.hidden):
        return UNSEEN
    if name in FACE:
        return NEAR if ahead > -0.02 else UNSEEN
    return NEAR if ahead > -0.02 else FAR


def counted(labels: Sequence[str | None]) -> dict[str | None, int]:
    return {label: list(labels).count(label) for label in labels}
