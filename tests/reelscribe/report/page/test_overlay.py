"""What is drawn over the picture."""

from __future__ import annotations

from reelscribe.report.page.known import Known
from reelscribe.report.page.overlay import MAX_SAMPLES, overlay
from reelscribe.report.page.words import words_of
from reelscribe.v1.finding_pb2 import Finding, Keypoint, Point, Pose, PoseTrack
from services.common.time import duration, span
from tests.reelscribe.report import stories
from tests.reelscribe.report.reports import report, result

EN = words_of("en")
FULL = overlay(Known(stories.full()), EN)


def test_boxes_are_times_in_ms_and_thousandths_of_the_frame():
    cup = next(track for track in FULL["tracks"] if track["label"] == "cup #2")
    assert cup["at"][1] == [200, 600, 600, 800, 750]
    assert not cup["person"]


def test_gaze_adds_the_eyes_to_the_head():
    assert FULL["faces"][0]["at"][0] == [0, 420, 260, 600, 400, 28, 0]


def test_only_texts_on_screen_have_boxes():
    assert [text["label"] for text in FULL["texts"]] == ["3 TIPPS", "BREW", "drei schnelle tipps", "folge mir für mehr"]


def test_a_joint_that_is_not_seen_is_not_drawn():
    joints = [Keypoint(point=Point(x=0.5, y=0.5), confidence=0.9), Keypoint(point=Point(x=0.6, y=0.5), confidence=0.1)]
    pose = PoseTrack(poses=[Pose(offset=duration(1), keypoints=joints)])
    made = report(result("body_pose", Finding(span=span(0, 2), label="pose_track", pose=pose)))
    assert overlay(Known(made), EN)["poses"][0]["at"] == [[1000, 500, 500, -1, -1]]


def test_very_much_is_thinned_and_says_so_but_nothing_ends_early():
    many = overlay(Known(stories.long(1200)), EN)
    assert many["stride"]["tracks"] == 2
    assert sum(len(track["at"]) for track in many["tracks"]) <= 1.2 * MAX_SAMPLES
    assert many["tracks"][0]["at"][-1][0] == 1800
