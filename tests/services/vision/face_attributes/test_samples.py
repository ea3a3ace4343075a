"""Faces are sampled twice a second, by their number, where they are large enough and turned to the camera."""

from __future__ import annotations

import numpy as np
import pytest

from services.vision.face_attributes.samples import SHARP, FaceSample, Sampler, faces_at
from services.vision.percepts.faces import Faces, FacesInFrame
from tests.services.vision.face_attributes.made_faces import face, mean_face_px, searched, windows

PICTURE = np.zeros((240, 320, 3), np.uint8)


def at(x: float, eyes_px: float = 40.0, y: float = 120.0) -> np.ndarray:
    return mean_face_px((x, y), eyes_px)


def sampled(seen: list[FacesInFrame], least_px: float = 20.0) -> list[FaceSample]:
    sampler = Sampler(least_px)
    return [
        each for window in windows([PICTURE] * len(seen), seen) for each in sampler.take(window[SHARP], window[Faces])
    ]


def test_a_face_is_sampled_at_most_twice_a_second() -> None:
    seen = [searched(round(k * 0.2, 6), face(4, at(100.0))) for k in range(15)]
    times = [sample.pts_s for sample in sampled(seen)]
    assert times == [0.0, 0.4, 1.0, 1.4, 2.0, 2.4]  # on screen at each half second
    assert {sample.face_id for sample in sampled(seen)} == {4}


def test_small_faces_are_left_out() -> None:
    seen = [searched(0.0, face(1, at(100.0, eyes_px=19.0)), face(2, at(200.0, eyes_px=21.0)))]
    assert [sample.face_id for sample in sampled(seen)] == [2]


def test_faces_turned_away_are_left_out() -> None:
    profile = at(100.0)
    profile[2] = profile[0]
    assert sampled([searched(0.0, face(1, profile))]) == []


def test_between_two_searched_frames_landmarks_lie_between_paired_by_number() -> None:
    """Old bug: faces were matched by their place in the list, which changes when two cross."""
    left = searched(0.4, face(1, at(100.0)), face(2, at(200.0)))
    right = searched(0.6, face(2, at(194.0)), face(1, at(108.0)))
    found = {each.face_id: each.landmarks * [320, 240] for each, _ in faces_at(0.5, (left, right))}
    assert found[1] == pytest.approx(at(104.0), abs=1e-3)
    assert found[2] == pytest.approx(at(197.0), abs=1e-3)
    assert {end_s for _, end_s in faces_at(0.5, (left, right))} == {0.6}


def test_at_a_searched_frame_its_own_faces_are_told() -> None:
    frames = (searched(0.4, face(1, at(100.0))), searched(0.6, face(1, at(104.0))))
    ((only, end_s),) = faces_at(0.6, frames)
    assert only is frames[1].faces[0]
    assert end_s == pytest.approx(0.8)


def test_nothing_is_told_across_a_cut_of_a_fast_face_or_of_one_that_is_gone() -> None:
    left = searched(0.4, face(1, at(100.0)))
    assert not list(faces_at(0.5, (left, searched(0.6, face(1, at(100.0)), shot=1))))
    assert not list(faces_at(0.5, (left, searched(0.6, face(1, at(120.0))))))
    assert not list(faces_at(0.5, (left, searched(0.6, face(2, at(100.0))))))
    assert not list(faces_at(0.5, (left,)))
    assert not list(faces_at(0.5, ()))


def test_the_last_searched_frame_of_a_window_counts_in_the_next() -> None:
    sampler = Sampler(20.0)
    first, second = searched(0.9, face(1, at(100.0))), searched(1.1, face(1, at(104.0)))
    (one,) = windows([PICTURE], [searched(1.0, face(1, at(0.0)))])
    empty = type(one[SHARP])(rgb=one[SHARP].rgb[:0], pts_s=one[SHARP].pts_s[:0], index=one[SHARP].index[:0])
    assert sampler.take(empty, (first,)) == []
    (sample,) = sampler.take(one[SHARP], (second,))
    assert sample.landmarks_px == pytest.approx(at(102.0), abs=1e-3)
    assert sampler.take(empty, ()) == []


def test_landmarks_are_pixels_of_the_sharp_frame() -> None:
    (window,) = windows([np.zeros((480, 640, 3), np.uint8)], [searched(0.0, face(1, at(100.0)))])
    (sample,) = Sampler(20.0).take(window[SHARP], window[Faces])
    assert sample.landmarks_px == pytest.approx(at(100.0) * 2, abs=1e-3)
    assert sample.frame.shape == (480, 640, 3)
