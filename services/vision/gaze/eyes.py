"""The eyes within a head: how far they are turned, and how far open."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

import numpy as np
import numpy.typing as npt

from services.vision.gaze.head import HeadPose, Points


class Eye(Enum):
    """The person's own."""

    LEFT = "Left"
    RIGHT = "Right"


LID_POINTS = {Eye.RIGHT: (33, 160, 158, 133, 153, 144), Eye.LEFT: (263, 387, 385, 362, 380, 373)}
"""Outer corner, two points of the upper lid, inner corner, two of the lower lid below them: those of the eye aspect
ratio (Soukupova and Cech, 2016)."""

YAW_PER_SHARE_DEG = 25.0
"""Turn of an eye to the side at the full score of "looks out" or "looks in".

Fitted, like the next two, to faces that look into the lens with their heads turned: a portrait of OpenCV's
documentation (head at 21 degrees), four more photos and a talking head of 15 s; the rest is 2 degrees sideways.
"""

PITCH_PER_SHARE_DEG = 30.0
"""The same for "looks up" or "looks down"; the rest is 3 degrees for one person, and 6 between persons."""

AHEAD_YAW_DEG = 2.0
"""What the network says of eyes that look straight ahead: faces and their mirror images, on the same photos and clip,
come out by twice as much apart (photos 0.4 to 3.6)."""

LEVEL_PITCH_DEG = 7.0
"""Pitch of a look straight ahead within the canonical head, whose own front points lower."""

FAR_EYE_HIDDEN_DEG = 30.0
"""Of head yaw; from here on the nose begins to hide the eye on the far side."""

EYES_HIDDEN_DEG = 50.0
"""Of head yaw; from here on the white of the near eye is all that is seen of it, or nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EyeTurn:
    """How far the eyes are turned in the head, degrees as the viewer sees them: right and up positive, 0 = ahead."""

    yaw_deg: float
    pitch_deg: float


def openness(points: Points, eye: Eye) -> float:
    """Gap between the lids over the eye's width, measured in space: a turn of the head does not close an eye."""
    outer, upper_outer, upper_inner, inner, lower_inner, lower_outer = points[list(LID_POINTS[eye])]
    gaps = np.linalg.norm(upper_outer - lower_outer) + np.linalg.norm(upper_inner - lower_inner)
    return float(gaps / 2 / max(float(np.linalg.norm(outer - inner)), 1e-9))


def seen_eyes(head: HeadPose) -> tuple[Eye, ...]:
    """Those that the head does not hide."""
    yaw_deg = head.yaw_deg
    if abs(yaw_deg) >= EYES_HIDDEN_DEG:
        return ()
    if abs(yaw_deg) >= FAR_EYE_HIDDEN_DEG:
        return (Eye.RIGHT,) if yaw_deg > 0 else (Eye.LEFT,)
    return (Eye.LEFT, Eye.RIGHT)


def eye_turn(scores: dict[str, float], eyes: tuple[Eye, ...]) -> EyeTurn | None:
    """Mean of these eyes, from the scores "eyeLookOutLeft" and so on in [0, 1]; None if there is none."""
    if not eyes:
        return None
    yaws, pitches = [], []
    for eye in eyes:
        outwards = scores[f"eyeLookOut{eye.value}"] - scores[f"eyeLookIn{eye.value}"]
        # The person's left eye is on the picture's right: outwards is to the right.
        yaws.append(outwards if eye is Eye.LEFT else -outwards)
        pitches.append(scores[f"eyeLookUp{eye.value}"] - scores[f"eyeLookDown{eye.value}"])
    yaw_deg = YAW_PER_SHARE_DEG * float(np.mean(yaws)) - AHEAD_YAW_DEG
    return EyeTurn(yaw_deg=yaw_deg, pitch_deg=LEVEL_PITCH_DEG + PITCH_PER_SHARE_DEG * float(np.mean(pitches)))


def look(head: HeadPose, turn: EyeTurn | None) -> npt.NDArray[np.float64]:
    """(3,) unit vector of where head and eyes look together, in the viewer's axes; by the head alone without eyes."""
    yaw, pitch = np.radians([turn.yaw_deg, turn.pitch_deg] if turn else [0.0, LEVEL_PITCH_DEG])
    in_head = np.array([np.sin(yaw) * np.cos(pitch), np.sin(pitch), np.cos(yaw) * np.cos(pitch)])
    direction: npt.NDArray[np.float64] = head.turn @ in_head
    return direction
