from __future__ import annotations

import numpy as np
import pytest

from services.vision.regions.reader import counted, share_of, snake_case


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("bed ", "bed"),
        ("chest of drawers", "chest_of_drawers"),
        ("swimming pool, swimming bath", "swimming_pool"),
        ("CRT screen", "crt_screen"),
        ("airplane;aeroplane", "airplane"),
        ("Tv-Monitor", "tv_monitor"),
    ],
)
def test_names_are_english_snake_case(name: str, expected: str) -> None:
    assert snake_case(name) == expected


def test_shares_count_pixels_and_sum_to_one() -> None:
    labels = np.array([[0, 0, 1, 1], [0, 0, 2, 2]])
    assert counted(labels, 4, 0, 1.0).tolist() == [0.5, 0.25, 0.25, 0.0]


def test_what_lies_around_the_picture_is_unlabelled() -> None:
    assert counted(np.ones((2, 2), int), 3, 0, 0.25).tolist() == [0.75, 0.25, 0.0]


def test_shares_of_several_names_are_added() -> None:
    assert share_of(("sky", "sea", "wall"), np.array([0.25, 0.5, 0.25]), frozenset({"sky", "sea"})) == 0.75
