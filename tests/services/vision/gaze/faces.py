"""Faces made of numbers: the canonical one turned as wished, and moments of one that looks somewhere."""

from __future__ import annotations

import numpy as np
import pytest

from services.common.errors import WeightsNotInstalled
from services.common.weights import locate
from services.vision.gaze.canonical import CanonicalFace, read_canonical_face
from services.vision.gaze.head import HeadPose, turn_of
from services.vision.gaze.moments import Moment


def canonical() -> CanonicalFace:
    try:
        return read_canonical_face(locate("face-landmarker").path)
    except WeightsNotInstalled as error:
        pytest.skip(f"{error}: {error.fix}")


def seen_from(face: CanonicalFace, turn: np.ndarray, at_cm: tuple[float, float, float] | None = None) -> np.ndarray:
    """(468, 3) points of a mesh of the turned face: from infinitely far, or by a camera at the origin that looks along
    -z at a head there. The depth is what a mesh of the face's looks has: along the line of sight, at the head's scale.
    """
    points: np.ndarray = face.points @ turn.T
    if at_cm is None:
        return np.array(points * [1.0, -1.0, -1.0])
    x_cm, y_cm, ahead_cm = at_cm
    sight = np.array([-x_cm, -y_cm, ahead_cm]) / np.linalg.norm(at_cm)
    flat = (points[:, :2] + [x_cm, y_cm]) / (ahead_cm - points[:, 2:])
    return np.column_stack([flat[:, 0], -flat[:, 1], -(points @ sight) / ahead_cm])


def moment(
    pts_s: float, openness: float | None = 0.3, yaw_deg: float = 0.0, pitch_deg: float = 0.0, rate_hz: float = 15.0
) -> Moment:
    return Moment(
        pts_s=pts_s,
        end_s=pts_s + 1 / rate_hz,
        box=(0.4, 0.4, 0.6, 0.6),
        head=HeadPose(turn=turn_of(0.0, 0.0)),
        eyes=None,
        yaw_deg=yaw_deg,
        pitch_deg=pitch_deg,
        left_openness=openness or 0.0,
        right_openness=openness or 0.0,
        seen_openness=openness,
    )
