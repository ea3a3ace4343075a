from __future__ import annotations

from collections.abc import Sequence

import pytest

from services.vision.gaze.directions import Looking, Looks, label_of
from tests.services.vision.gaze.faces import moment


def looks(series: Sequence[tuple[float, float]], rate_hz: float = 15.0) -> list[Looking]:
    spans = Looks()
    told = [
        each
        for row, (yaw_deg, pitch_deg) in enumerate(series)
        for each in spans.add(moment(row / rate_hz, yaw_deg=yaw_deg, pitch_deg=pitch_deg))
    ]
    return told + spans.finish()


AT, LEFT, RIGHT, UP, DOWN = (0.0, 0.0), (-25.0, 3.0), (25.0, 3.0), (2.0, 30.0), (2.0, -30.0)


def test_each_direction_has_its_name() -> None:
    assert [label_of(*way) for way in (AT, LEFT, RIGHT, UP, DOWN)] == [
        "looking_at_camera",
        "looking_left",
        "looking_right",
        "looking_up",
        "looking_down",
    ]


def test_spans_follow_each_other_without_a_gap() -> None:
    told = looks([AT] * 15 + [LEFT] * 15 + [AT] * 15)
    assert [each.label for each in told] == ["looking_at_camera", "looking_left", "looking_at_camera"]
    assert [each.start_s for each in told] == pytest.approx([0.0, 1.0, 2.0])
    assert [each.end_s for each in told] == pytest.approx([1.0, 2.0, 3.0])
    assert told[1].yaw_deg == -25.0
    assert told[1].frame_count == 15


def test_a_stray_frame_is_no_look() -> None:
    told = looks([AT] * 10 + [LEFT] * 2 + [AT] * 10 + [RIGHT] + [DOWN] + [AT] * 10)
    assert [(each.label, each.frame_count) for each in told] == [("looking_at_camera", 34)]


def test_a_look_at_the_border_does_not_flicker() -> None:
    told = looks([AT] * 10 + [(9.5, 0.0), (10.5, 0.0)] * 20)
    assert [each.label for each in told] == ["looking_at_camera"]


def test_a_diagonal_look_keeps_its_name() -> None:
    assert len(looks([(-20.0, 28.0)] * 10 + [(-20.0, 32.0), (-20.0, 28.0)] * 20)) == 1


def test_a_look_goes_on_after_a_blink_and_ends_with_a_longer_gap() -> None:
    spans = Looks()
    times = (
        [row / 15 for row in range(10)] + [0.9 + row / 15 for row in range(10)] + [4.0 + row / 15 for row in range(5)]
    )
    told = [each for time_s in times for each in spans.add(moment(time_s))] + spans.finish()
    assert [(each.start_s, each.frame_count) for each in told] == [(0.0, 20), (4.0, 5)]


def test_of_a_glimpse_nothing_is_said() -> None:
    assert looks([LEFT] * 2) == []
    assert looks([]) == []
