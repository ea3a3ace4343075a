"""Cards of who is seen."""

from __future__ import annotations

from reelscribe.report.outputs import Keyframe
from reelscribe.report.page.known import Known
from reelscribe.report.page.people import MAX_CARDS, Crop, people
from tests.reelscribe.report import stories
from tests.reelscribe.report.reports import report, result, track

FULL = Known(stories.full())


def keyframe(at_s: float) -> Keyframe:
    return Keyframe(number=1, start_s=0, end_s=4, at_s=at_s, width_px=360, height_px=640, webp=b"")


def test_track_and_face_are_one_card_with_what_was_measured():
    (somebody, other), more = people(FULL, ())
    assert (somebody.track_id, somebody.face_ids) == (1, (1,))
    assert somebody.gaze == (("looking_at_camera", 0.75), ("looking_down", 0.25))
    assert somebody.age is not None
    assert (somebody.age.low, somebody.age.median, somebody.age.high) == (29, 34, 41)
    assert [found.label for found in somebody.gestures] == ["waving"]
    assert somebody.emotions[0][0] == "happy"
    assert (other.track_id, other.face_ids, other.eyes_unmeasured_s, other.age) == (None, (2,), 1.0, None)
    assert more == 0


def test_a_face_is_cut_out_of_the_keyframe_that_shows_its_track():
    (somebody, other), _ = people(FULL, (keyframe(1.0),))
    assert isinstance(somebody.crop, Crop)
    assert 0 <= somebody.crop.left <= 100
    assert other.crop is None
    assert people(FULL, (keyframe(9.0),))[0][0].crop is None


def test_a_crowd_is_counted():
    cards, more = people(
        Known(report(result("object_detection", *(track("person", n) for n in range(MAX_CARDS + 3))))), ()
    )
    assert (len(cards), more) == (MAX_CARDS, 3)
