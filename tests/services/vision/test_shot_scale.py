from __future__ import annotations

import numpy as np
import pytest

from reelscribe.v1.finding_pb2 import ShotScaleBasis
from services.vision.percepts.faces import Face, FacesInFrame
from services.vision.percepts.objects import Edges, ObjectsInFrame, SeenObject
from services.vision.shot_scale import SCALE_LABELS, scale_of_shot

FACE, BODY = ShotScaleBasis.SHOT_SCALE_BASIS_FACE, ShotScaleBasis.SHOT_SCALE_BASIS_BODY
PORTRAIT, LANDSCAPE = 16 / 9, 9 / 16


def faces(*heights: float) -> list[FacesInFrame]:
    """One frame for each height; 0 for nobody."""
    return [
        FacesInFrame(pts_s=row / 5, end_s=(row + 1) / 5, shot=0, faces=(_face(height),) if height else ())
        for row, height in enumerate(heights)
    ]


def _face(height: float) -> Face:
    landmarks = np.zeros((5, 2), np.float32)
    return Face(face_id=1, track_id=None, box=(0.4, 0.1, 0.5, 0.1 + height), score=0.9, landmarks=landmarks)


def bodies(*boxes: Edges | None) -> list[ObjectsInFrame]:
    return [
        ObjectsInFrame(pts_s=row / 5, end_s=(row + 1) / 5, shot=0, objects=(_person(box),) if box else ())
        for row, box in enumerate(boxes)
    ]


def _person(box: Edges) -> SeenObject:
    return SeenObject(track_id=1, class_name="person", box=box, score=0.8)


@pytest.mark.parametrize(
    ("face_height", "label"),
    [
        (0.9, "extreme_close_up"),
        (0.5, "close_up"),
        (0.3, "medium_close_up"),
        (0.2, "medium_shot"),
        (0.13, "medium_long_shot"),
        (0.06, "long_shot"),
        (0.02, "extreme_long_shot"),
    ],
)
def test_the_larger_the_face_the_closer_the_shot(face_height: float, label: str) -> None:
    found = scale_of_shot(faces(face_height, face_height), bodies(None, None), LANDSCAPE)
    assert found is not None
    assert found[0] == label
    assert found[1].basis == FACE
    assert found[1].face_height == pytest.approx(face_height)
    assert not found[1].HasField("body_height")
    assert found[1].frame_count == 2


@pytest.mark.parametrize(
    ("box", "label"),
    [
        ((0.4, 0.1, 0.6, 0.9), "long_shot"),
        ((0.4, 0.5, 0.45, 0.7), "extreme_long_shot"),
        ((0.45, 0.1, 0.65, 1.0), "medium_long_shot"),
        ((0.36, 0.1, 0.64, 1.0), "medium_shot"),
        ((0.26, 0.1, 0.74, 1.0), "medium_close_up"),
        ((0.05, 0.1, 0.95, 1.0), "close_up"),
    ],
)
def test_without_a_face_the_body_tells_and_whether_its_legs_are_seen(box: Edges, label: str) -> None:
    found = scale_of_shot(faces(0, 0), bodies(box, box), LANDSCAPE)
    assert found is not None
    assert found[0] == label
    assert found[1].basis == BODY
    assert found[1].body_height == pytest.approx(box[3] - box[1])


def test_the_same_body_in_the_same_frame_height_has_the_same_scale_in_portrait() -> None:
    wide = scale_of_shot([], bodies((0.45, 0.1, 0.55, 1.0)), LANDSCAPE)
    tall = scale_of_shot([], bodies((0.34, 0.1, 0.66, 1.0)), PORTRAIT)
    assert wide is not None
    assert tall is not None
    assert wide[0] == tall[0]


def test_a_face_in_the_background_does_not_stand_for_a_large_back_before_it() -> None:
    found = scale_of_shot(faces(0.03, 0.03), bodies((0.26, 0.1, 0.74, 1.0), (0.26, 0.1, 0.74, 1.0)), LANDSCAPE)
    assert found is not None
    assert (found[0], found[1].basis) == ("medium_close_up", BODY)


def test_nobody_no_scale() -> None:
    assert scale_of_shot(faces(0, 0, 0), bodies(None, None, None), LANDSCAPE) is None
    assert scale_of_shot([], [], LANDSCAPE) is None


def test_a_passer_by_is_not_what_the_shot_is_about() -> None:
    assert scale_of_shot(faces(*[0.3] + [0] * 9), bodies(*[None] * 10), LANDSCAPE) is None


def test_the_vocabulary_goes_from_near_to_far() -> None:
    assert SCALE_LABELS[0] == "extreme_close_up"
    assert SCALE_LABELS[-1] == "extreme_long_shot"
    assert len(set(SCALE_LABELS)) == 7
