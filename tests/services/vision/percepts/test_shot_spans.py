from __future__ import annotations

import numpy as np

from services.common.window import FrameBatch
from services.vision.percepts.shot_spans import ShotSpans
from tests.services.vision.handed import change


def frames(first: int, count: int, rate_hz: float = 10.0) -> FrameBatch:
    rows = first + np.arange(count)
    return FrameBatch(rgb=np.zeros((count, 4, 4, 3), np.uint8), pts_s=rows / rate_hz, index=rows)


def edges(shot: object) -> tuple[int, int, int]:
    return shot.index, shot.start.frame_index, shot.end.frame_index  # type: ignore[attr-defined]


def test_a_cut_belongs_to_the_new_shot_and_mixed_frames_to_none() -> None:
    spans = ShotSpans(0.0)
    spans.see(frames(0, 20), 2.0)
    first = spans.close(change(0.4, rate_hz=10.0))
    second = spans.close(change(1.2, 1.6, rate_hz=10.0))
    third = spans.finish()
    assert [edges(shot) for shot in (first, second, third)] == [(0, 0, 4), (1, 4, 12), (2, 16, 20)]
    assert third is not None
    assert (third.start.offset_s, third.end.offset_s) == (1.6, 2.0)


def test_what_holds_no_frame_is_not_counted() -> None:
    spans = ShotSpans(0.0)
    spans.see(frames(0, 20), 2.0)
    assert spans.close(change(0.0, 0.4, rate_hz=10.0)) is None
    assert spans.close(change(0.4, 0.8, rate_hz=10.0)) is None
    shot = spans.finish()
    assert shot is not None
    assert edges(shot) == (0, 8, 20)


def test_a_shot_goes_on_over_windows_without_frames() -> None:
    spans = ShotSpans(60.0)
    spans.see(frames(600, 10), 61.0)
    spans.see(frames(0, 0), 62.0)
    spans.see(frames(620, 10), 63.0)
    shot = spans.finish()
    assert shot is not None
    assert (shot.start.offset_s, shot.end.offset_s, shot.length_s) == (60.0, 63.0, 3.0)


def test_without_frames_there_is_no_shot() -> None:
    assert ShotSpans(0.0).finish() is None
