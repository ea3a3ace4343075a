"""The room that a frame leaves: above the topmost head, and before a face that is turned aside."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from services.vision.percepts.faces import LANDMARK_NAMES, Face
from services.vision.percepts.objects import SeenObject

TURNED = 0.2
"""Offset of the nose from between the eyes, of their distance as seen, from which on a face is turned aside. A nose's
tip stands about 0.55 eye distances out of their plane, so that this is a turn by 20 degrees."""

LEAST_EYE_DISTANCE = 0.25
"""Of the face's width: in profile both eyes fall together, and their distance measures nothing."""


def headroom(persons: Sequence[SeenObject]) -> float | None:
    """Above the box of the topmost person, of the frame's height; None without one. 0: the head touches the edge."""
    return max(0.0, min(seen.box[1] for seen in persons)) if persons else None


def lead_room(face: Face, aspect: float) -> float | None:
    """Room from the face's box to the edge it is turned to, minus that behind it, of the frame's width.

    `aspect`: the frame's width over its height. None if it looks straight ahead.
    """
    turned = turn(face.landmarks, (face.box[2] - face.box[0]), aspect)
    if abs(turned) < TURNED:
        return None
    left, right = face.box[0], 1.0 - face.box[2]
    return right - left if turned > 0 else left - right


def turn(landmarks: npt.NDArray[np.float32], face_width: float, aspect: float) -> float:
    """Where the nose stands from between the eyes, along the line through them, of their distance; + = to the right.

    Measured along the eyes, so that a head leant to one side is not taken for a turned one.
    """
    places = {
        name: (float(x) * aspect, float(y)) for name, (x, y) in zip(LANDMARK_NAMES, landmarks.tolist(), strict=True)
    }
    one, other = sorted((places["right_eye"], places["left_eye"]))
    along = (other[0] - one[0], other[1] - one[1])
    length = math.hypot(*along)
    if length == 0.0:
        along, length = (1.0, 0.0), 1.0
    out = (places["nose"][0] - (one[0] + other[0]) / 2, places["nose"][1] - (one[1] + other[1]) / 2)
    shift = (out[0] * along[0] + out[1] * along[1]) / length
    distance = math.dist(one, other)
    return shift / max(distance, LEAST_EYE_DISTANCE * face_width * aspect)
