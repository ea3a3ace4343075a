from __future__ import annotations

import pytest

from services.vision.bodies.spans import held
from tests.services.vision.bodies.figures import Figure, acting, seen_as, still

NAMES = {"a": "up", "b": "down", "-": None}


def spans(letters: str, least_s: float = 0.5) -> list[tuple[str, float, float]]:
    """Five letters a second."""
    stretch = still(Figure(), len(letters) / 5)
    return [
        (each.label, pytest.approx(each.start_s), pytest.approx(each.end_s))  # type: ignore[misc]
        for each in held(stretch, [NAMES[letter] for letter in letters], least_s)
    ]


@pytest.mark.parametrize(
    ("letters", "expected"),
    [
        ("aaaaa", [("up", 0.0, 1.0)]),
        ("aaabbb", [("up", 0.0, 0.6), ("down", 0.6, 1.2)]),
        ("aabaa", [("up", 0.0, 1.0)]),
        ("aa-baa", [("up", 0.0, 1.2)]),
        ("aaa--", [("up", 0.0, 0.6)]),
        ("aaabbaaa", [("up", 0.0, 1.6)]),
        ("aaa---aaa", [("up", 0.0, 0.6), ("up", 1.2, 1.8)]),
        ("aaaaaabaabaabaa", [("up", 0.0, 3.0)]),
        ("-aa-----", []),
        ("a", [("up", 0.0, 0.2)]),
        ("-", []),
        ("-----", []),
    ],
)
def test_spans_do_not_flicker(letters: str, expected: list[tuple[str, float, float]]) -> None:
    assert spans(letters) == expected


def test_how_long_is_long_enough_can_be_said() -> None:
    assert spans("aaabbbbb", 1.0) == [("down", 0.6, 1.6)]


def test_rows_are_those_of_the_stretch() -> None:
    stretch = acting(lambda _: Figure(), 1.6)
    (one, other) = held(stretch, ["up"] * 3 + ["down"] * 5)
    assert (one.rows, other.rows) == (slice(0, 3), slice(3, 8))


def test_spans_end_where_the_last_frame_does() -> None:
    assert seen_as(Figure(), 1.0).end_s == 1.2
