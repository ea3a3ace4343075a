"""How close people are filmed, from close-up to long shot: how many of their heads would fill the frame's height.

Proportions of a body: the artists' canon of seven and a half heads, which agrees with anthropometry (from chin to crown
0.130 of the stature, shoulders with arms about 0.28: Drillis and Contini, Body Segment Parameters, 1966). Names of the
scales: Bordwell and Thompson, Film Art, chapter 5: a medium close-up shows the body from the chest up, a medium shot
from the waist, a medium long shot from about the knees, a long shot the whole figure.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from reelscribe.v1.finding_pb2 import ShotScale, ShotScaleBasis
from services.vision.percepts.faces import FacesInFrame
from services.vision.percepts.objects import Edges, ObjectsInFrame

BODY_HEADS = 7.5
"""Heads in a standing body."""

SHOULDER_WIDTH = 0.28
"""Width of the upper body with hanging arms, of the stature."""

FACE_SHARE = 0.75
"""Height of a face as detectors box it, hairline to chin, of the whole head's."""

SCALES: tuple[tuple[float, str], ...] = (
    (1.0, "extreme_close_up"),
    (2.0, "close_up"),
    (3.0, "medium_close_up"),
    (4.5, "medium_shot"),
    (7.0, "medium_long_shot"),
    (4 * BODY_HEADS, "long_shot"),
    (np.inf, "extreme_long_shot"),
)
"""Heads in the frame's height up to which a scale goes.

Counted from the crown, the chin is at 1, the armpits at 2, the navel at 3, the middle of the thighs at about 4.5, the
ankles at 7. A figure of less than a quarter of the frame is what the landscape is about.
"""

SCALE_LABELS = tuple(label for _, label in SCALES)

CUT_OFF = 0.97
"""A box whose bottom is below this share of the frame's height shows a body that goes on outside."""

SEEN_SHARE = 0.25
"""Of a shot's frames in which a face or body must be seen to say how close people are filmed: no passers-by."""

OWN_FACE = 0.5
"""The largest face belongs to the largest body if its head is at least this share of what the body's would be."""


def scale_of_shot(
    faces: Sequence[FacesInFrame], objects: Sequence[ObjectsInFrame], aspect: float
) -> tuple[str, ShotScale] | None:
    """The scale by its name, with what it was measured from; None where nobody is seen.

    `aspect` is the frame's height over its width.
    """
    face_heights = [_height(frame.faces[0].box) for frame in faces if frame.faces]
    bodies = [max((person.box for person in frame.persons), key=_height) for frame in objects if frame.persons]
    if len(face_heights) < SEEN_SHARE * len(faces):
        face_heights = []
    if len(bodies) < SEEN_SHARE * len(objects):
        bodies = []
    if not face_heights and not bodies:
        return None
    by_face = float(np.median(face_heights)) / FACE_SHARE if face_heights else 0.0
    by_body = float(np.median([_head_of(box, aspect) for box in bodies])) if bodies else 0.0
    from_face = bool(face_heights) and by_face >= OWN_FACE * by_body
    heads = 1 / (by_face if from_face else by_body)
    basis = ShotScaleBasis.SHOT_SCALE_BASIS_FACE if from_face else ShotScaleBasis.SHOT_SCALE_BASIS_BODY
    shape = ShotScale(basis=basis, frame_count=len(face_heights) if from_face else len(bodies))
    if face_heights:
        shape.face_height = float(np.median(face_heights))
    if bodies:
        shape.body_height = float(np.median([_height(box) for box in bodies]))
    return next(label for most, label in SCALES if heads < most), shape


def _head_of(body: Edges, aspect: float) -> float:
    """Height of the head, of the frame's height: by the stature, or by the shoulders where the legs are not seen."""
    if body[3] < CUT_OFF:
        return _height(body) / BODY_HEADS
    return (body[2] - body[0]) / aspect / SHOULDER_WIDTH / BODY_HEADS


def _height(box: Edges) -> float:
    return box[3] - box[1]
