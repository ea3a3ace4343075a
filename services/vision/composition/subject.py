"""What a viewer takes for the subject of a frame, and the point of it that is compared with lines of composition."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from reelscribe.v1.picture_pb2 import SubjectBasis
from services.vision.composition.saliency import standing_out
from services.vision.percepts.faces import LANDMARK_NAMES, Face
from services.vision.percepts.objects import Edges, SeenObject

EYES = (LANDMARK_NAMES.index("right_eye"), LANDMARK_NAMES.index("left_eye"))

UPPER_PART = 1 / 6
"""Of a body's height, from the top: the middle of its upper third, about the chin of somebody who stands."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """Of one frame."""

    basis: SubjectBasis
    box: Edges
    anchor: tuple[float, float]
    """x and y in [0, 1] of the frame."""
    body: Edges
    """The person whose face it is, if that one was seen; otherwise the box: what lies in one plane with the subject."""
    face_id: int | None = None
    track_id: int | None = None


def subject_of(rgb: npt.NDArray[np.uint8], faces: tuple[Face, ...], objects: tuple[SeenObject, ...]) -> Subject | None:
    """The largest face; without any, the largest person; then the largest thing; then what stands out; then nothing."""
    if faces:
        return _face(max(faces, key=lambda face: _area(face.box)), objects)
    persons = [seen for seen in objects if seen.class_name == "person"]
    if persons or objects:
        return _thing(max(persons or objects, key=lambda seen: _area(seen.box)))
    box = standing_out(rgb)
    if box is None:
        return None
    return Subject(basis=SubjectBasis.SUBJECT_BASIS_SALIENCY, box=box, anchor=_centre(box), body=box)


def _face(face: Face, objects: tuple[SeenObject, ...]) -> Subject:
    x, y = face.landmarks[list(EYES)].mean(axis=0).tolist()
    bodies = [seen.box for seen in objects if seen.track_id == face.track_id and face.track_id is not None]
    return Subject(
        basis=SubjectBasis.SUBJECT_BASIS_FACE,
        box=face.box,
        anchor=(x, y),
        body=bodies[0] if bodies else face.box,
        face_id=face.face_id,
        track_id=face.track_id,
    )


def _thing(seen: SeenObject) -> Subject:
    is_person = seen.class_name == "person"
    x, y = _centre(seen.box)
    if is_person:
        y = seen.box[1] + UPPER_PART * (seen.box[3] - seen.box[1])
    return Subject(
        basis=SubjectBasis.SUBJECT_BASIS_PERSON if is_person else SubjectBasis.SUBJECT_BASIS_OBJECT,
        box=seen.box,
        anchor=(x, y),
        body=seen.box,
        track_id=seen.track_id,
    )


def _centre(box: Edges) -> tuple[float, float]:
    return (box[0] + box[2]) / 2, (box[1] + box[3]) / 2


def _area(box: Edges) -> float:
    return (box[2] - box[0]) * (box[3] - box[1])
