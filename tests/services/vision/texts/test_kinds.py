from __future__ import annotations

from dataclasses import replace

from reelscribe.v1.finding_pb2 import TextKind
from services.vision.texts.kinds import in_sequence, kind_of, mates_of
from services.vision.texts.readers import Line, Rect
from services.vision.texts.track import ShownText, TextTrack

FIRST = ShownText(
    lines=("das ist",),
    box=Rect(0.3, 0.80, 0.7, 0.83),
    line_height=0.03,
    start_s=1.0,
    end_s=2.5,
    confidence=0.9,
    moves_with_picture=False,
)
SECOND = replace(FIRST, lines=("ein Satz",), box=Rect(0.25, 0.80, 0.75, 0.83), start_s=2.5, end_s=4.0)


def test_texts_that_take_each_others_place_are_captions() -> None:
    assert kind_of(FIRST, [SECOND]) == TextKind.TEXT_KIND_CAPTION
    assert kind_of(SECOND, [FIRST]) == TextKind.TEXT_KIND_CAPTION


def test_a_text_on_its_own_is_a_title() -> None:
    assert kind_of(FIRST, []) == TextKind.TEXT_KIND_TITLE
    assert kind_of(FIRST, [FIRST]) == TextKind.TEXT_KIND_TITLE


def test_what_moves_with_the_picture_is_scene_text() -> None:
    assert kind_of(replace(FIRST, moves_with_picture=True), [SECOND]) == TextKind.TEXT_KIND_SCENE


def test_captions_are_brief_near_in_time_and_alike_in_place_and_size() -> None:
    assert not in_sequence(FIRST, replace(SECOND, end_s=12.0))
    assert not in_sequence(FIRST, replace(SECOND, start_s=5.0, end_s=6.0))
    assert not in_sequence(FIRST, replace(SECOND, box=Rect(0.3, 0.1, 0.7, 0.13)))
    assert not in_sequence(FIRST, replace(SECOND, line_height=0.06))
    assert not in_sequence(FIRST, replace(SECOND, start_s=1.2))


def followed(box: Rect, start_s: float, end_s: float) -> TextTrack:
    reading = Line(content="Zeile", box=box, confidence=0.9)
    return TextTrack(box=box, start_s=start_s, read_pts_s=start_s, signature=None, end_s=end_s, readings=[reading])


def test_lines_that_come_and_go_together_are_one_block() -> None:
    upper = followed(Rect(0.3, 0.80, 0.7, 0.83), 1.0, 2.0)
    lower = followed(Rect(0.3, 0.84, 0.7, 0.87), 1.03, 2.0)
    lowest = followed(Rect(0.3, 0.88, 0.7, 0.91), 1.03, 2.03)
    later = followed(Rect(0.3, 0.92, 0.7, 0.95), 1.0, 3.0)
    assert mates_of(upper, [upper, lower, lowest, later]) == [upper, lower, lowest]
