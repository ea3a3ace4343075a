"""What is measured of one frame's composition."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from services.vision.composition.focus import subject_focus
from services.vision.composition.room import headroom, lead_room
from services.vision.composition.subject import Subject, subject_of
from services.vision.composition.symmetry import symmetry
from services.vision.composition.thirds import centre_distance, thirds_distance
from services.vision.percepts.faces import Face
from services.vision.percepts.objects import SeenObject


@dataclass(frozen=True, slots=True, kw_only=True)
class FrameComposition:
    """As in Composition, of one frame."""

    symmetry: float
    subject: Subject | None = None
    thirds_distance: float | None = None
    centre_distance: float | None = None
    headroom: float | None = None
    lead_room: float | None = None
    subject_focus: float | None = None


def composed(rgb: npt.NDArray[np.uint8], faces: tuple[Face, ...], objects: tuple[SeenObject, ...]) -> FrameComposition:
    """Of a (height, width, 3) frame and what percepts saw in it."""
    import cv2

    grey = np.asarray(cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY), dtype=np.uint8)
    height, width = grey.shape
    subject = subject_of(rgb, faces, objects)
    if subject is None:
        return FrameComposition(symmetry=symmetry(grey))
    persons = [seen for seen in objects if seen.class_name == "person"]
    own_face = [face for face in faces if face.face_id == subject.face_id]
    return FrameComposition(
        symmetry=symmetry(grey),
        subject=subject,
        thirds_distance=thirds_distance(subject.anchor, (height, width)),
        centre_distance=centre_distance(subject.anchor, (height, width)),
        headroom=headroom(persons),
        lead_room=lead_room(own_face[0], width / height) if own_face else None,
        subject_focus=subject_focus(grey, subject.body, [seen.box for seen in persons]),
    )
