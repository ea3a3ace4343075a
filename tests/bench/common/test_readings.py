from __future__ import annotations

import pytest

from bench.common.readings import Difference, difference


@pytest.mark.parametrize(
    ("read", "wanted"),
    [
        ("and so my fellow americans", Difference()),
        ("and so my fellow my fellow americans", Difference(doubled=2)),
        ("and so my fellow americans americans", Difference(doubled=1)),
        ("and so my good fellow americans", Difference(added=1)),
        ("and so americans", Difference(lost=2)),
        ("", Difference(lost=5)),
        ("and so my yellow americans", Difference(otherwise=1)),
        ("and sow mice fellow americans", Difference(otherwise=2)),
    ],
)
def test_words_twice_words_lost_and_words_read_otherwise_are_told_apart(read: str, wanted: Difference) -> None:
    assert difference(["and", "so", "my", "fellow", "americans"], read.split()) == wanted


def test_what_is_said_twice_is_not_doubled() -> None:
    assert difference(["no", "no", "no"], ["no", "no", "no"]) == Difference()


def test_differences_add_up() -> None:
    assert Difference(lost=1) + Difference(lost=2, doubled=1) == Difference(lost=3, doubled=1)
