"""The head's pose: the turn that brings the canonical face onto the points of a mesh."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from services.vision.gaze.canonical import CanonicalFace

Points = npt.NDArray[np.float64]
"""(478, 3) of a mesh: x to the right, y down, z away from the camera, all in one unit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HeadPose:
    """How a head is turned, as the viewer sees it: 0, 0, 0 = upright, its front towards the camera.

    Measured against the line from the head to the camera, wherever in the picture it is: within the size of a face all
    lines of sight are nearly parallel, so a face that is turned towards the lens looks like a frontal one, and no
    angle of view need be known.
    """

    turn: npt.NDArray[np.float64]
    """(3, 3): from the head's axes to the viewer's, both x to the right, y up, z towards the viewer."""

    @property
    def yaw_deg(self) -> float:
        """Of its front, positive to the picture's right."""
        return direction_deg(self.turn[:, 2])[0]

    @property
    def pitch_deg(self) -> float:
        """Of its front, positive up."""
        return direction_deg(self.turn[:, 2])[1]

    @property
    def roll_deg(self) -> float:
        """About its front, positive clockwise."""
        level = turn_of(self.yaw_deg, self.pitch_deg)
        rest = level.T @ self.turn
        return float(np.degrees(np.arctan2(rest[0, 1], rest[0, 0])))


def head_pose(points: Points, face: CanonicalFace) -> HeadPose:
    """By the weighted least squares of Kabsch, its points weighted as MediaPipe weights them."""
    return HeadPose(turn=_rotation(face.points, points[: len(face.points)] * [1.0, -1.0, -1.0], face.weights))


def turn_of(yaw_deg: float, pitch_deg: float, roll_deg: float = 0.0) -> npt.NDArray[np.float64]:
    """(3, 3): the turn with these angles, as HeadPose has them."""
    yaw, pitch, roll = np.radians([yaw_deg, pitch_deg, roll_deg])
    about_y = np.array([[np.cos(yaw), 0, np.sin(yaw)], [0, 1, 0], [-np.sin(yaw), 0, np.cos(yaw)]])
    about_x = np.array([[1, 0, 0], [0, np.cos(pitch), np.sin(pitch)], [0, -np.sin(pitch), np.cos(pitch)]])
    about_z = np.array([[np.cos(roll), np.sin(roll), 0], [-np.sin(roll), np.cos(roll), 0], [0, 0, 1]])
    turn: npt.NDArray[np.float64] = about_y @ about_x @ about_z
    return turn


def direction_deg(direction: npt.NDArray[np.float64]) -> tuple[float, float]:
    """Yaw and pitch of a unit vector in the viewer's axes."""
    yaw = np.degrees(np.arctan2(direction[0], direction[2]))
    return float(yaw), float(np.degrees(np.arcsin(np.clip(direction[1], -1.0, 1.0))))


def _rotation(
    one: npt.NDArray[np.float64], other: npt.NDArray[np.float64], weights: npt.NDArray[np.float64]
) -> npt.NDArray[np.float64]:
    """(3, 3): the rotation that takes the first (n, 3) points nearest to the second, sizes and places apart."""
    shares = weights / weights.sum()
    centred = one - shares @ one, (other - shares @ other) * shares[:, None]
    left, _, right = np.linalg.svd(centred[0].T @ centred[1])
    mirror = np.sign(np.linalg.det(right.T @ left.T))
    rotation: npt.NDArray[np.float64] = right.T @ np.diag([1.0, 1.0, mirror]) @ left.T
    return rotation
