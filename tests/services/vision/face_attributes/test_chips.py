"""Faces are cut out upright, in one size and in the colours they have."""

from __future__ import annotations

import numpy as np
import pytest

from services.vision.face_attributes.age_network import AGE_FRAMING
from services.vision.face_attributes.chips import (
    MEAN_FACE,
    Framing,
    chip,
    eye_distance_px,
    faces_the_camera,
    in_pixels,
    zoomed,
)
from services.vision.face_attributes.emotion_network import FRAMING
from tests.services.vision.face_attributes.made_faces import mean_face_px


def ramp(width: int = 256, height: int = 192) -> np.ndarray:
    """Red tells the column, green the row, blue is 200 everywhere."""
    rows, columns = np.mgrid[:height, :width]
    return np.dstack([columns, rows, np.full_like(rows, 200)]).astype(np.uint8)


@pytest.mark.parametrize("turn_deg", [0.0, 30.0, -75.0])
@pytest.mark.parametrize("framing", [AGE_FRAMING, FRAMING])
def test_each_pixel_of_a_chip_shows_its_place_in_the_frame_in_rgb(framing: Framing, turn_deg: float) -> None:
    eyes_px = 30.0
    landmarks = mean_face_px((128.0, 96.0), eyes_px, turn_deg)
    cut = chip(ramp(), landmarks, framing)
    assert cut.shape == (framing.size_px, framing.size_px, 3)
    # Worked out the other way round: from each pixel of the chip to mean-face units, then into the frame.
    rows, columns = np.mgrid[: framing.size_px, : framing.size_px] + 0.5
    on_face = np.dstack([columns, rows]) / framing.size_px * framing.span - [framing.left, framing.top]
    angle = np.deg2rad(turn_deg)
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    in_frame = (on_face - MEAN_FACE[2]) @ turn * eyes_px / 0.547 + [128.0, 96.0] - 0.5
    inside = ((in_frame > 1) & (in_frame < [254, 190])).all(axis=2)
    assert inside.mean() > 0.9
    assert np.abs(cut[..., :2].astype(float) - in_frame)[inside].max() <= 1.0
    assert (cut[..., 2] == 200).all()


def test_landmarks_come_to_lie_where_the_framing_says() -> None:
    assert AGE_FRAMING.eye_distance_px == pytest.approx(0.547 / 1.4 * 64)
    assert eye_distance_px(FRAMING.points_px) == pytest.approx(FRAMING.eye_distance_px)
    picture = np.zeros((300, 300, 3), np.uint8)
    landmarks = mean_face_px((150.0, 150.0), 2 * AGE_FRAMING.eye_distance_px)
    for x, y in landmarks:
        picture[round(y) - 2 : round(y) + 2, round(x) - 2 : round(x) + 2] = 255
    cut = chip(picture, landmarks, AGE_FRAMING)
    for x, y in AGE_FRAMING.points_px:
        assert cut[int(y), int(x)].max() > 100


def test_a_zoomed_framing_keeps_its_middle() -> None:
    wide = zoomed(AGE_FRAMING, 1.1)
    assert (wide.span, wide.size_px) == (pytest.approx(1.54), 64)
    assert wide.span / 2 - wide.left == pytest.approx(AGE_FRAMING.span / 2 - AGE_FRAMING.left)
    assert wide.points_px - 32 == pytest.approx((AGE_FRAMING.points_px - 32) / 1.1)


def test_shrinking_averages_what_it_covers() -> None:
    checkers = np.indices((640, 640)).sum(axis=0) % 2 * 255
    cut = chip(np.dstack([checkers] * 3).astype(np.uint8), mean_face_px((320.0, 300.0), 200.0), AGE_FRAMING)
    assert np.abs(cut.astype(int) - 128).max() < 20


def test_outside_of_the_frame_its_border_goes_on() -> None:
    cut = chip(np.full((40, 40, 3), 90, np.uint8), mean_face_px((0.0, 20.0), 30.0), AGE_FRAMING)
    assert (cut == 90).all()


def test_faces_turned_in_the_picture_face_the_camera() -> None:
    for turn_deg in (0.0, 45.0, 90.0, 180.0):
        assert faces_the_camera(mean_face_px((50.0, 50.0), 30.0, turn_deg))


def test_profiles_and_impossible_faces_do_not() -> None:
    profile = mean_face_px((50.0, 50.0), 30.0)
    profile[2] = profile[1]  # the nose under one eye
    assert not faces_the_camera(profile)
    tilted_back = mean_face_px((50.0, 50.0), 30.0)
    tilted_back[2, 1] = tilted_back[0, 1] - 3  # the nose above the eyes
    assert not faces_the_camera(tilted_back)
    mirrored = mean_face_px((50.0, 50.0), 30.0)[[1, 0, 2, 4, 3]]
    assert not faces_the_camera(mirrored)
    assert not faces_the_camera(np.zeros((5, 2)))


def test_landmarks_are_shares_of_the_frame() -> None:
    assert in_pixels(np.array([[0.5, 0.25]], np.float32), np.zeros((40, 80, 3), np.uint8)).tolist() == [[40.0, 10.0]]
