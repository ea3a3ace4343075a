from __future__ import annotations

import numpy as np
import pytest

from services.vision.percepts.tracker import LOST_S, PARKED_S, Seen, Tracker, overlap, widened

CUP, PERSON = 41, 0
LOOKS = np.eye(3)


def box(x: float, y: float = 0.5, size: float = 0.1) -> list[float]:
    return [x - size / 2, y - size / 2, x + size / 2, y + size / 2]


def seen(*boxes: list[float], kind: int = CUP, looks: list[int] | None = None, weak: tuple[int, ...] = ()) -> Seen:
    return Seen(
        boxes=np.array(boxes, float).reshape(-1, 4),
        classes=np.full(len(boxes), kind),
        strong=np.array([row not in weak for row in range(len(boxes))], bool),
        appearances=[LOOKS[look] for look in (looks or [0] * len(boxes))],
    )


def test_a_moving_thing_keeps_its_track() -> None:
    tracker = Tracker()
    tracks = {tracker.update(step * 0.2, seen(box(0.1 + 0.08 * step)))[0] for step in range(10)}
    assert tracks == {1}


def test_times_are_what_counts_not_frames() -> None:
    """The same motion, sampled at uneven times: where it is expected follows from the time that passed."""
    tracker = Tracker()
    times = [0.0, 0.2, 0.4, 1.0, 1.2, 1.9]
    tracks = {tracker.update(time_s, seen(box(0.1 + 0.4 * time_s)))[0] for time_s in times}
    assert tracks == {1}


def test_old_bug_two_cups_never_share_a_track() -> None:
    rng = np.random.default_rng(0)
    tracker = Tracker()
    for step in range(100):
        boxes = [box(0.5 + 0.3 * np.sin(step / 9), 0.5 + rng.normal(0, 0.02)), box(0.5 + rng.normal(0, 0.02), 0.52)]
        tracks = tracker.update(step * 0.2, seen(*boxes))
        assert len(set(tracks)) == 2


def test_what_was_first_taken_for_something_else_is_followed_as_what_it_is() -> None:
    """A shoulder at the border of the frame passes for a cat; the person walks on, and at last quickly."""
    tracker = Tracker()
    assert tracker.update(0.0, seen(box(0.3), kind=15)) == [1]
    for step in range(1, 6):
        assert tracker.update(step * 0.2, seen(box(0.3), kind=PERSON)) == [1]
    assert tracker.update(1.2, seen(box(0.38), kind=PERSON)) == [1]


def test_two_things_that_pass_each_other_keep_their_tracks() -> None:
    tracker = Tracker()
    for step in range(16):
        there, back = box(0.1 + 0.05 * step, 0.46), box(0.9 - 0.05 * step, 0.56)
        assert tracker.update(step * 0.2, seen(there, back)) == [1, 2]


def test_a_thing_that_is_hidden_for_a_while_is_the_same() -> None:
    tracker = Tracker()
    tracker.update(0.0, seen(box(0.5)))
    for step in range(1, 9):
        assert tracker.update(step * 0.2, seen()) == []
    assert tracker.update(1.8, seen(box(0.5))) == [1]


def test_another_thing_in_its_place_after_a_gap_is_a_new_one() -> None:
    tracker = Tracker()
    tracker.update(0.0, seen(box(0.5), looks=[0]))
    assert tracker.update(1.0, seen(box(0.5), looks=[1])) == [2]


def test_a_thing_that_returns_late_is_a_new_one_and_the_old_track_is_over() -> None:
    tracker = Tracker()
    tracker.update(0.0, seen(box(0.5)))
    assert tracker.take_over(LOST_S) == []
    assert tracker.take_over(LOST_S + 0.1) == [1]
    assert tracker.take_over(LOST_S + 0.1) == []
    assert tracker.update(LOST_S + 0.2, seen(box(0.5))) == [2]


def test_weak_detections_keep_a_track_alive_but_begin_none() -> None:
    tracker = Tracker()
    assert tracker.update(0.0, seen(box(0.2), weak=(0,))) == [None]
    tracker.update(0.2, seen(box(0.2)))
    for step in range(2, 30):
        assert tracker.update(step * 0.2, seen(box(0.2), weak=(0,))) == [1]


def test_a_class_that_flickers_is_one_thing() -> None:
    tracker = Tracker()
    tracker.update(0.0, seen(box(0.5), kind=2))
    assert tracker.update(0.2, seen(box(0.51), kind=7)) == [1]
    assert tracker.update(0.4, seen(box(0.52), kind=2)) == [1]


def test_after_a_cut_an_unlike_thing_in_the_same_place_is_a_new_one() -> None:
    tracker = Tracker()
    tracker.update(0.0, seen(box(0.5), kind=PERSON, looks=[0]))
    tracker.change_shot(0.1)
    assert tracker.update(0.2, seen(box(0.5), kind=PERSON, looks=[1])) == [2]


def test_after_a_jump_cut_the_same_thing_keeps_its_track() -> None:
    tracker = Tracker()
    tracker.update(0.0, seen(box(0.5), kind=PERSON, looks=[0]))
    tracker.change_shot(0.1)
    assert tracker.update(0.2, seen(box(0.52), kind=PERSON, looks=[0])) == [1]


def test_cutting_away_and_back_finds_the_speaker_again_for_a_while() -> None:
    tracker = Tracker()
    tracker.update(0.0, seen(box(0.5), kind=PERSON, looks=[0]))
    tracker.change_shot(0.1)
    assert tracker.update(0.2, seen(box(0.5), kind=PERSON, looks=[1])) == [2]
    tracker.change_shot(2.0)
    assert tracker.update(2.2, seen(box(0.5), kind=PERSON, looks=[0])) == [1]
    tracker.change_shot(2.3)
    assert tracker.take_over(2.3 + PARKED_S + 0.1) == [1, 2]


def test_two_trackers_know_nothing_of_each_other() -> None:
    first, second = Tracker(), Tracker()
    assert first.update(0.0, seen(box(0.2), box(0.8))) == [1, 2]
    assert second.update(0.0, seen(box(0.5))) == [1]
    assert first.update(0.2, seen(box(0.2), box(0.8), box(0.5))) == [1, 2, 3]


@pytest.mark.parametrize(("other", "expected"), [(box(0.5), 1.0), (box(0.55), 1 / 3), (box(0.6), 0.0), (box(0.9), 0.0)])
def test_overlap_is_intersection_over_union(other: list[float], expected: float) -> None:
    assert overlap(np.array(box(0.5)), np.array(other)) == pytest.approx(expected)


def test_a_widened_box_keeps_its_centre() -> None:
    np.testing.assert_allclose(widened(np.array([0.4, 0.4, 0.6, 0.5])), [0.34, 0.37, 0.66, 0.53])
