"""One finding in a few words."""

from __future__ import annotations

from reelscribe.report.brief import brief
from reelscribe.v1.finding_pb2 import ColorProfile, Description, Finding, Shot, Swatch, Text


def test_words_are_its_own() -> None:
    assert brief(Finding(label="caption", text=Text(content="two\n lines"))) == "“two lines”"
    assert brief(Finding(label="action", description=Description(content="A cat\nsleeps."))) == "A cat sleeps."
    told = Description(content="A cat sleeps.", place="a sofa")
    assert brief(Finding(description=told)) == "A cat sleeps. (a sofa)"


def test_colours_and_shots_are_named() -> None:
    swatches = [Swatch(name="orange"), Swatch(name="orange"), Swatch(name="blue")]
    assert brief(Finding(label="palette", color=ColorProfile(swatches=swatches))) == "orange, blue"
    assert brief(Finding(label="shot", shot=Shot(index=0))) == "shot 1"


def test_anything_else_is_its_label() -> None:
    assert brief(Finding(label="hard_cut")) == "hard cut"
