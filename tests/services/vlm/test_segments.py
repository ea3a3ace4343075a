"""Where segments lie, which frames they show, and what showing them costs."""

from __future__ import annotations

import numpy as np
import pytest

from services.common.errors import InvalidInput
from services.common.window import Frames
from services.vlm.segments import Pixels, Placement, Segment, resized, segments_of, video_token_count
from tests.windows import windows_of_frames

NEED = Frames(rate_hz=4.0, long_side_px=640)


def numbered(count: int, height: int = 32, width: int = 48) -> list[Pixels]:
    """Frames whose every pixel is the frame's number."""
    return [np.full((height, width, 3), number, dtype=np.uint8) for number in range(count)]


def numbers(segment: Segment) -> list[int]:
    return [int(frame[0, 0, 0]) for frame in segment.frames]


def segments(
    rate_hz: float,
    end_s: float,
    placement: Placement,
    *,
    first_s: float = 0.0,
    window_s: float = 1.0,
    pts_s: list[float] | None = None,
) -> list[Segment]:
    times_s = pts_s if pts_s is not None else [i / rate_hz for i in range(round(end_s * rate_hz))]
    windows = windows_of_frames(numbered(len(times_s)), times_s, end_s, (NEED,), window_s)
    return list(segments_of(windows, NEED, placement, first_s))


def spans(found: list[Segment]) -> list[tuple[float, float]]:
    return [(round(segment.start_s, 6), round(segment.end_s, 6)) for segment in found]


def test_each_second_shows_its_own_frames_in_order() -> None:
    found = segments(8, 3.0, Placement(length_s=1.0))
    assert spans(found) == [(0, 1), (1, 2), (2, 3)]
    assert [numbers(segment) for segment in found] == [[0, 2, 4, 6], [8, 10, 12, 14], [16, 18, 20, 22]]
    assert found[1].pts_s == (1.0, 1.25, 1.5, 1.75)


def test_the_short_rest_is_a_segment_of_its_own() -> None:
    found = segments(8, 2.5, Placement(length_s=1.0))
    assert spans(found) == [(0, 1), (1, 2), (2, 2.5)]
    assert numbers(found[2]) == [16, 18]


def test_a_rest_between_two_frames_shows_the_frame_that_is_on_screen() -> None:
    found = segments(8, 1.05, Placement(length_s=1.0), pts_s=[0.0, 0.25, 0.5, 0.9])
    assert spans(found) == [(0, 1), (1, 1.05)]
    assert numbers(found[1]) == [3]


def test_a_segment_may_be_longer_than_a_window() -> None:
    found = segments(8, 4.0, Placement(length_s=2.0, frame_count=4), window_s=0.7)
    assert spans(found) == [(0, 2), (2, 4)]
    assert all(len(segment.frames) == 4 for segment in found)


def test_overlapping_segments_repeat_the_end_of_the_one_before() -> None:
    found = segments(4, 3.0, Placement(length_s=1.0, overlap_s=0.5))
    assert spans(found) == [(0, 1), (0.5, 1.5), (1, 2), (1.5, 2.5), (2, 3)]
    assert numbers(found[1]) == [2, 3, 4, 5]


def test_with_an_overlap_the_end_is_not_described_twice() -> None:
    assert spans(segments(4, 2.6, Placement(length_s=1.0, overlap_s=0.5)))[-2:] == [(1.5, 2.5), (2, 2.6)]


def test_a_picture_that_stands_still_is_shown_once_and_in_every_second() -> None:
    found = segments(1, 3.0, Placement(length_s=1.0), pts_s=[0.0])
    assert spans(found) == [(0, 1), (1, 2), (2, 3)]
    assert [numbers(segment) for segment in found] == [[0], [0], [0]]


def test_variable_frame_times_give_what_is_on_screen() -> None:
    found = segments(1, 2.0, Placement(length_s=1.0), pts_s=[0.0, 0.1, 0.6, 1.9])
    assert [numbers(segment) for segment in found] == [[0, 1, 2], [2]]


def test_nothing_is_described_before_the_first_frame() -> None:
    found = segments(1, 3.0, Placement(length_s=1.0), pts_s=[1.9, 2.2])
    assert spans(found) == [(1, 2), (2, 3)]
    assert numbers(found[0]) == [0]


def test_a_part_begins_where_its_own_stretch_begins() -> None:
    found = segments(4, 5.0, Placement(length_s=1.0), first_s=2.1)
    assert spans(found) == [(2.1, 3.1), (3.1, 4.1), (4.1, 5.0)]
    assert numbers(found[0]) == [8, 9, 10, 11]


def test_no_windows_and_windows_without_frames_give_nothing() -> None:
    assert list(segments_of(iter(()), NEED, Placement(length_s=1.0), 0.0)) == []
    assert segments(4, 2.0, Placement(length_s=1.0), first_s=2.0) == []


def test_a_segment_comes_as_soon_as_its_time_is_over() -> None:
    taken = 0

    def counted():
        nonlocal taken
        for window in windows_of_frames(numbered(40), [i / 4 for i in range(40)], 10.0, (NEED,)):
            taken += 1
            yield window

    next(segments_of(counted(), NEED, Placement(length_s=1.0), 0.0))
    assert taken == 1


def test_a_segment_in_which_the_size_changes_is_shown_in_one_size() -> None:
    small, large = numbered(2, 32, 48), [np.full((64, 96, 3), 200, dtype=np.uint8)] * 2
    windows = windows_of_frames([*small, *large], [0.0, 0.25, 0.5, 0.75], 1.0, (NEED,), 0.5)
    (found,) = segments_of(windows, NEED, Placement(length_s=1.0), 0.0)
    assert [frame.shape for frame in found.frames] == [(32, 48, 3)] * 4
    assert int(found.frames[2][0, 0, 0]) == 200


def test_the_cost_is_one_token_for_28_by_28_pixels_of_two_frames() -> None:
    assert video_token_count(2, 280, 140, 10**6) == 10 * 5
    assert video_token_count(4, 280, 140, 10**6) == 2 * 10 * 5
    assert video_token_count(3, 280, 140, 10**6) == 2 * 10 * 5


def test_large_pictures_are_shown_smaller_with_their_aspect_kept() -> None:
    height, width = resized(1920, 1080, 256 * 28 * 28)
    assert height * width <= 256 * 28 * 28
    assert height / width == pytest.approx(16 / 9, rel=0.05)


def test_a_picture_that_is_too_elongated_is_refused() -> None:
    with pytest.raises(InvalidInput, match="4000 x 10 px is too elongated"):
        resized(10, 4000, 10**6)
