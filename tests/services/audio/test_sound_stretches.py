from __future__ import annotations

import numpy as np

from services.audio.sound_stretches import Stretch, StretchFinder

DOG, ANIMAL, HUM = 0, 1, 2


def found(rows: list[list[float]]) -> list[tuple[int, int, int]]:
    """(class, first frame, first frame outside) of a threshold of 0.4; class 1 gathers class 0; 2 is ignored."""
    finder = StretchFinder(threshold=0.4, ignored=(HUM,), members={ANIMAL: frozenset({DOG})})
    scores = np.array(rows, np.float32).reshape(-1, 3)
    ended: list[Stretch] = []
    for row in scores:
        ended += finder.push(row[None])
    return [(item.class_index, item.first_frame, item.end_frame) for item in ended + finder.finish()]


def test_a_class_begins_at_the_threshold_and_ends_below_half_of_it() -> None:
    assert found([[0.3, 0, 0], [0.4, 0, 0], [0.21, 0, 0], [0.19, 0, 0], [0.3, 0, 0]]) == [(DOG, 1, 3)]


def test_what_is_heard_to_the_end_is_reported_too() -> None:
    assert found([[0, 0, 0], [0.9, 0, 0], [0.9, 0, 0]]) == [(DOG, 1, 3)]


def test_nothing_is_found_below_the_threshold() -> None:
    assert found([[0.39, 0.39, 0.39]] * 5) == []


def test_a_gathering_class_is_left_out_where_a_class_of_its_own_is_heard() -> None:
    assert found([[0, 0.9, 0], [0.9, 0.9, 0], [0, 0.9, 0], [0, 0, 0]]) == [(DOG, 1, 2)]


def test_and_told_where_none_is() -> None:
    assert found([[0.9, 0, 0], [0, 0.9, 0], [0, 0.9, 0]]) == [(DOG, 0, 1), (ANIMAL, 1, 3)]


def test_an_ignored_class_is_never_told() -> None:
    assert found([[0, 0, 0.99]] * 3) == []
