from __future__ import annotations

import numpy as np
import pytest

from services.audio.speakers.segments import FIRST_FRAME_S, FRAME_STEP_S, SEGMENT_S, Segment, activity_of

FRAME_COUNT = 589


def segment(*heard: tuple[int, int, int], own: tuple[float, float] = (20.0, 30.0)) -> Segment:
    """From 20 s on; voices heard in frames [first, end)."""
    active = np.zeros((FRAME_COUNT, 3), np.bool_)
    for voice, first, end in heard:
        active[first:end, voice] = True
    return Segment(start_s=20.0, own_start_s=own[0], own_end_s=own[1], active=active)


def test_the_likeliest_class_says_who_is_heard() -> None:
    scores = np.full((3, 7), -5.0, np.float32)
    scores[0, 0] = scores[1, 2] = scores[2, 5] = -0.1
    assert activity_of(scores).tolist() == [[False] * 3, [False, True, False], [True, False, True]]


def test_an_answer_stands_for_its_own_moment() -> None:
    (found,) = segment((1, 100, 200)).own_spans(1)
    assert found.start_s == pytest.approx(20.0 + FIRST_FRAME_S + 99.5 * FRAME_STEP_S)
    assert found.end_s - found.start_s == pytest.approx(100 * FRAME_STEP_S)


def test_who_speaks_all_the_time_speaks_to_both_ends() -> None:
    (found,) = segment((0, 0, FRAME_COUNT)).own_spans(0)
    assert (found.start_s, found.end_s) == (20.0, 20.0 + SEGMENT_S)


def test_a_segment_speaks_only_for_its_own_middle() -> None:
    spans = segment((0, 0, 100), (0, 200, 589), own=(22.5, 27.5)).own_spans(0)
    assert [(span.start_s > 23.0, span.end_s) for span in spans] == [(True, 27.5)]


def test_alone_is_where_nobody_else_is_heard() -> None:
    both = segment((0, 0, 100), (2, 60, 100))
    assert both.alone(0).sum() == 60
    assert both.alone(2).sum() == 0
