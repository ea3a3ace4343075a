from __future__ import annotations

import numpy as np
import pytest

from services.vision.regions.whereabouts import INDOOR, OUTDOOR, is_elsewhere, whereabouts

NAMES = ("wall", "floor", "ceiling", "sky", "road", "person", "unlabelled")


def shares(**named: float) -> np.ndarray:
    rest = 1.0 - sum(named.values())
    return np.array([named.get(name, rest if name == "unlabelled" else 0.0) for name in NAMES])


@pytest.mark.parametrize(
    ("named", "expected"),
    [
        ({"floor": 0.2, "ceiling": 0.1, "wall": 0.4}, "indoor"),
        ({"sky": 0.3, "road": 0.3}, "outdoor"),
        ({"floor": 0.3, "sky": 0.08}, "indoor"),  # a window
        ({"floor": 0.2, "sky": 0.2}, None),  # a terrace
        ({"wall": 0.6, "person": 0.4}, None),  # a garden has walls as well
        ({"person": 0.95, "floor": 0.05}, None),
        ({}, None),
    ],
)
def test_it_is_told_only_where_the_classes_tell(named: dict[str, float], expected: str | None) -> None:
    assert whereabouts(NAMES, shares(**named)) == expected


def test_no_class_is_of_both() -> None:
    assert frozenset() == INDOOR & OUTDOOR
    assert not {"person", "wall", "car", "chair", "unlabelled"} & (INDOOR | OUTDOOR)


def test_a_person_who_comes_nearer_changes_no_setting() -> None:
    far, near = shares(floor=0.5, wall=0.4, person=0.1), shares(floor=0.25, wall=0.2, person=0.55)
    assert not is_elsewhere(NAMES, far, near)
    assert is_elsewhere(NAMES, far, shares(sky=0.5, road=0.4, person=0.1))


def test_where_only_persons_are_seen_nothing_is_known_of_the_setting() -> None:
    assert not is_elsewhere(NAMES, shares(person=1.0), shares(sky=1.0))
