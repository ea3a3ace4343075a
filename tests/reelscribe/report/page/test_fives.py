"""Stretches of five seconds."""

from __future__ import annotations

from reelscribe.report.outputs import Keyframe
from reelscribe.report.page.fives import fives
from reelscribe.report.page.known import Known
from reelscribe.report.page.words import words_of
from tests.reelscribe.report import stories
from tests.reelscribe.report.reports import report

EN = words_of("en")


def frame(number: int, start_s: float, end_s: float, at_s: float) -> Keyframe:
    return Keyframe(number=number, start_s=start_s, end_s=end_s, at_s=at_s, width_px=9, height_px=16, webp=b"")


def test_the_last_one_is_as_long_as_the_video_is():
    assert [(five.start_s, five.end_s) for five in fives(Known(stories.full()), (), EN)] == [(0, 5), (5, 10), (10, 12)]


def test_each_tells_what_happens_in_it_and_nothing_else():
    first, second, last = (dict(five.facts) for five in fives(Known(stories.full()), (), EN))
    assert first["said"] == "Drei schnelle Tipps für besseren Kaffee."
    assert first["described"] == "A woman pours coffee."
    assert (first["who"], first["place"]) == ("a woman in a red jumper", "a kitchen")
    assert first["cuts"] == "hard cut 0:04.00"
    assert second["said"] == "Folge mir für"
    assert second["heard"] == "music and whoosh swoosh swish"
    assert last == {"said": "mehr!", "written": "“folge mir für mehr”", "camera": "static"}


def test_a_picture_is_from_the_stretch_or_of_the_shot_that_fills_it():
    frames = (frame(1, 0, 9, 1), frame(2, 9, 12, 11))
    assert [five.keyframe for five in fives(Known(stories.full()), frames, EN)] == [1, 1, 2]


def test_nothing_found_is_no_fact():
    assert [five.facts for five in fives(Known(report()), (), EN)] == [()] * 4
