"""A description taken apart."""

from __future__ import annotations

import pytest

from reelscribe.report.described import content_of, marks_of, parts_of
from reelscribe.v1.finding_pb2 import Description


def test_parts_that_the_model_left_empty_are_left_out() -> None:
    told = Description(content="A cat\nsleeps.", who="a cat", action="  sleeping ", structured=True)
    assert content_of(told) == "A cat sleeps."
    assert parts_of(told) == (("who", "a cat"), ("action", "sleeping"))


@pytest.mark.parametrize(
    ("description", "marks"),
    [
        (Description(prompt_name="en.v2", structured=True), ()),
        (Description(prompt_name="en.v2"), ("loose",)),
        (Description(prompt_name="en.v1"), ()),
        (Description(), ()),
        (Description(prompt_name="de.v2", structured=True, repeated=True, looped=True), ("repeated", "looped")),
    ],
)
def test_what_limits_it_is_marked(description: Description, marks: tuple[str, ...]) -> None:
    assert marks_of(description) == marks
