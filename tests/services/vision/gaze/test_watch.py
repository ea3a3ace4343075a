from __future__ import annotations

from services.vision.gaze.closures import Closure
from services.vision.gaze.directions import Looking
from services.vision.gaze.watch import FaceWatch
from tests.services.vision.gaze.faces import moment

RATE_HZ = 15.0


def watched(openness: list[float], start_s: float = 0.0) -> tuple[FaceWatch, list[Closure | Looking]]:
    watch = FaceWatch(face_id=3)
    told = [
        each for row, value in enumerate(openness) for each in watch.add(moment(start_s + row / RATE_HZ, value), None)
    ]
    return watch, told


def test_a_blink_and_a_look_come_out_and_every_moment_is_kept() -> None:
    watch, told = watched([0.3] * 20 + [0.05] * 2 + [0.3] * 30)
    told += watch.finish()
    assert [type(each) for each in told] == [Closure, Looking]
    look = told[1]
    assert isinstance(look, Looking)
    assert (look.start_s, look.frame_count) == (0.0, 50)
    assert len(watch.judged) == 52


def test_a_blink_is_told_a_second_later_and_not_only_at_the_end() -> None:
    _, told = watched([0.3] * 20 + [0.05] * 2 + [0.3] * 30)
    assert [type(each) for each in told] == [Closure]


def test_eyes_closed_before_and_after_a_gap_were_not_closed_all_the_while() -> None:
    watch, told = watched([0.3] * 20 + [0.05] * 2)
    for row in range(20):
        told += watch.add(moment(4.0 + row / RATE_HZ, 0.05 if row < 2 else 0.3), None)
    told += watch.finish()
    closures = [each for each in told if isinstance(each, Closure)]
    assert [round(each.end_s - each.start_s, 3) for each in closures] == [0.133, 0.133]
    assert sum(isinstance(each, Looking) for each in told) == 2


def test_the_person_last_said_to_own_the_face_stays() -> None:
    watch = FaceWatch(face_id=3)
    for row, track_id in enumerate([None, 7, None]):
        watch.add(moment(row / RATE_HZ), track_id)
    assert watch.track_id == 7
