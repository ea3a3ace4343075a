"""Faces and things that percepts are said to have seen, at known places."""

from __future__ import annotations

import numpy as np

from services.vision.percepts.faces import Face
from services.vision.percepts.objects import Edges, SeenObject


def face(box: Edges, *, nose: float = 0.0, face_id: int = 1, track_id: int | None = None) -> Face:
    """Eyes at 0.3 and 0.7 of the box's width, 0.4 of its height; the nose so many eye distances to the right."""
    left, top, right, bottom = box
    width, height = right - left, bottom - top
    places = [(0.3, 0.4), (0.7, 0.4), (0.5 + 0.4 * nose, 0.6), (0.35, 0.8), (0.65, 0.8)]
    landmarks = np.array([(left + x * width, top + y * height) for x, y in places], np.float32)
    return Face(face_id=face_id, track_id=track_id, box=box, score=0.9, landmarks=landmarks)


def thing(box: Edges, class_name: str = "person", track_id: int = 7) -> SeenObject:
    return SeenObject(track_id=track_id, class_name=class_name, box=box, score=0.8)


def mirrored_face(seen: Face) -> Face:
    """As a detector would see it in the mirrored picture: it calls the eye on its left the right one again."""
    landmarks = seen.landmarks[[1, 0, 2, 4, 3]] * (-1, 1) + (1, 0)
    return Face(
        face_id=seen.face_id,
        track_id=seen.track_id,
        box=mirrored(seen.box),
        score=seen.score,
        landmarks=landmarks.astype(np.float32),
    )


def mirrored(box: Edges) -> Edges:
    left, top, right, bottom = box
    return 1 - right, top, 1 - left, bottom
