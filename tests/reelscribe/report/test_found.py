"""Findings in order of time, and what readers ask of one."""

from __future__ import annotations

import pytest

from reelscribe.report.found import boxes_of, found, of, place_of, speaker_id_of, spoken, track_id_of, written
from tests.reelscribe.report.made import story

STORY = story()


def test_findings_of_all_analyzers_are_in_order_of_time():
    starts = [one.start_s for one in found(STORY)]
    assert starts == sorted(starts)
    assert len(starts) == sum(len(result.findings) for result in STORY.results)


def test_words_are_said_or_written():
    assert [one.finding.text.content for one in written(found(STORY))] == ["HUND & <Katze>"]
    assert [speaker_id_of(one.finding) for one in spoken(found(STORY))] == [1, 2]


def test_a_track_and_what_is_about_it_have_one_number():
    (gesture,) = of(found(STORY), "gesture")
    person = of(found(STORY), "track")[1]
    assert track_id_of(gesture.finding) == track_id_of(person.finding) == 2


def test_a_place_holds_all_boxes():
    (dog, _) = of(found(STORY), "track")
    place = place_of(dog.finding)
    assert len(boxes_of(dog.finding)) == 3
    assert place is not None
    assert (place.left, place.top, place.right, place.bottom) == pytest.approx((0.1, 0.5, 0.8, 0.7))


def test_what_has_no_place_has_none():
    assert place_of(of(found(STORY), "tempo")[0].finding) is None
