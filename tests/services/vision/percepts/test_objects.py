from __future__ import annotations

import numpy as np

from services.vision.percepts.object_detector import Detections
from services.vision.percepts.objects import without_parts

PERSON, CAR = 0, 2
WHOLE = (0.70, 0.10, 1.00, 0.90)
LEGS = (0.90, 0.12, 1.00, 0.88)
BESIDE = (0.40, 0.10, 0.72, 0.90)


def seen(*found: tuple[tuple[float, float, float, float], float, int]) -> Detections:
    return Detections(
        boxes=np.array([box for box, _, _ in found], np.float64).reshape(-1, 4),
        scores=np.array([score for _, score, _ in found]),
        classes=np.array([kind for _, _, kind in found], np.intp),
    )


def left(*found: tuple[tuple[float, float, float, float], float, int]) -> list[float]:
    return without_parts(seen(*found)).scores.tolist()


def test_a_doubtful_box_inside_a_surer_one_of_its_class_is_a_part_of_it() -> None:
    assert left((WHOLE, 0.75, PERSON), (LEGS, 0.31, PERSON)) == [0.75]


def test_of_what_the_detector_is_rather_sure_it_is_a_thing_of_its_own() -> None:
    assert left((WHOLE, 0.75, PERSON), (LEGS, 0.55, PERSON)) == [0.75, 0.55]


def test_a_person_in_a_car_is_no_part_of_it() -> None:
    assert left((WHOLE, 0.75, CAR), (LEGS, 0.31, PERSON)) == [0.75, 0.31]


def test_neighbours_that_overlap_are_two() -> None:
    assert left((WHOLE, 0.75, PERSON), (BESIDE, 0.31, PERSON)) == [0.75, 0.31]


def test_the_surer_one_stays_though_it_lies_inside() -> None:
    assert left((LEGS, 0.45, PERSON), (WHOLE, 0.3, PERSON)) == [0.45, 0.3]


def test_one_or_none_is_left_as_it_is() -> None:
    assert left((LEGS, 0.2, PERSON)) == [0.2]
    assert left() == []
