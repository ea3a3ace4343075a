from __future__ import annotations

import numpy as np
import pytest

from services.vision.effects.grade import Regrading, end_of_jump, find_regradings, lab, stands_out
from tests.services.vision.effect_clips import (
    PHOTOS,
    black_and_white,
    encoded,
    handheld,
    mixed_with,
    steps_of,
    warmer,
)


def regradings(frames: np.ndarray) -> list[Regrading]:
    return find_regradings(steps_of(frames), 0, len(frames))


def mean_lab(frame: np.ndarray) -> np.ndarray:
    mean: np.ndarray = lab(frame).mean(axis=(0, 1))
    return mean


@pytest.mark.parametrize("name", PHOTOS)
def test_a_turn_to_black_and_white_is_exact_and_takes_the_chroma(name: str) -> None:
    frames = handheld(name, 60)
    frames[30:] = black_and_white(frames[30:])
    shown = encoded(frames)
    (change,) = regradings(shown)
    assert (change.first, change.after) == (30, 31)
    thumbnail = steps_of(shown[29:30]).thumbnail[0]  # averaged: noise looks colourful
    chroma = float(np.hypot(*np.moveaxis(lab(thumbnail)[..., 1:], 2, 0)).mean())
    assert change.chroma_change == pytest.approx(-chroma, rel=0.1, abs=3)  # encoding leaves some chroma
    assert abs(change.lightness_change) < 4


@pytest.mark.parametrize("name", PHOTOS)
def test_a_warm_filter_has_the_delta_e_of_its_mean_colours(name: str) -> None:
    frames = handheld(name, 60)
    expected = float(np.linalg.norm(mean_lab(warmer(frames[30:31])[0]) - mean_lab(frames[30])))
    frames[30:] = warmer(frames[30:])
    (change,) = regradings(encoded(frames))
    assert (change.first, change.after) == (30, 31)
    assert change.delta_e == pytest.approx(expected, rel=0.2, abs=1.5)


def test_it_may_be_blended_over_three_frames_and_be_taken_off_again() -> None:
    frames = handheld("coffee", 90)
    grey = black_and_white(frames)
    for row, share in zip(range(30, 33), (0.35, 0.7, 1.0), strict=True):
        frames[row] = (frames[row] * (1 - share) + grey[row] * share).astype(np.uint8)
    frames[33:60] = grey[33:60]
    found = regradings(frames)
    assert [(change.first, change.after) for change in found] == [(30, 33), (60, 61)]
    assert found[0].chroma_change < -10
    assert found[1].chroma_change > 10


@pytest.mark.parametrize(("one", "other"), [("coffee", "chelsea"), ("bus", "zidane"), ("astronaut", "coffee")])
def test_a_cut_is_no_grade(one: str, other: str) -> None:
    assert regradings(np.concatenate([handheld(one, 30), handheld(other, 30)])) == []


def test_a_flash_is_no_grade() -> None:
    frames = handheld("bus", 60)
    frames[30:33] = mixed_with(frames[30:33], 255, [0.5, 0.5, 0.5])
    assert regradings(frames) == []


def test_light_that_adapts_is_no_grade() -> None:
    frames = handheld("bus", 60).astype(np.float64)
    frames *= np.concatenate([np.ones(20), np.linspace(1, 0.6, 20), np.full(20, 0.6)])[:, None, None, None]
    assert regradings(frames.astype(np.uint8)) == []


def test_another_plain_ground_behind_a_sign_is_no_grade() -> None:
    frames = np.full((40, 144, 256, 3), (90, 90, 140), np.uint8)
    frames[20:] = (140, 90, 90)
    frames[:, 100:110, 150:250:8] = 255
    assert regradings(frames) == []


def test_motion_alone_is_no_grade() -> None:
    assert regradings(handheld("bus", 60, speed=0.03)) == []


def test_few_and_tiny_frames_tell_nothing() -> None:
    assert regradings(handheld("bus", 1)) == []
    tiny = handheld("bus", 40)[:, :4, :4]
    tiny[20:] = warmer(tiny[20:])
    assert regradings(tiny) == []


def test_a_jump_stands_out_from_what_is_usual_and_repeated_rows_do_not_count() -> None:
    steady = np.array([0, 2, 0, 2, 0, 2, 0, 9, 0, 2, 0, 2, 0, 2, 0], np.float64)
    assert stands_out(steady, 7, 3.0, 4.0)
    assert not stands_out(steady, 7, 3.0, 5.0)
    assert end_of_jump(np.array([0, 9, 8, 1, 0], np.float64), 1) == 3
