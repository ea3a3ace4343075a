from __future__ import annotations

import numpy as np
import pytest

from bench.common.camera_moves import CameraPath, filmed, with_subject
from services.vision.motion.registration import KEY_FRAMES, Registrar, Step
from services.vision.motion.similarity import scale_of
from tests.services.vision.camera_clips import scene

SIZE_PX = (256, 144)


def steps_of(frames: list[np.ndarray]) -> list[Step | None]:
    registrar = Registrar()
    return [registrar.step(np.ascontiguousarray(frame[..., 1])) for frame in frames]


def shifts(steps: list[Step | None]) -> np.ndarray:
    """(n, 2) right and down, pixels at the frame's centre."""
    centre = np.array([SIZE_PX[0] / 2, SIZE_PX[1] / 2, 1])
    return np.array([(step.matrix @ centre - centre)[:2] for step in steps if step is not None])


def test_nothing_is_known_of_the_first_frame() -> None:
    first, second = steps_of([np.asarray(frame) for frame in filmed(scene("bus"), CameraPath(), length_s=2 / 30)])
    assert first is None
    assert second is not None
    assert second.matrix == pytest.approx(np.eye(3), abs=1e-9)
    assert second.inlier_share == 1.0


def test_errors_of_slow_motion_do_not_add_up() -> None:
    """0.1 pixels a frame, over three key frames: within a twentieth of a pixel of where it must be."""
    frames = filmed(scene("coffee"), CameraPath(pan_per_s=-3 / 256), size_px=SIZE_PX, length_s=2.6, noise=2)
    steps = steps_of(frames)
    assert len(frames) > 3 * KEY_FRAMES
    assert shifts(steps)[:, 0].sum() == pytest.approx(0.1 * (len(frames) - 1), rel=0.01)


def test_a_start_from_rest_at_full_speed_is_followed() -> None:
    frames = filmed(scene("chelsea"), CameraPath(pan_per_s=2.0), size_px=SIZE_PX, length_s=0.3)
    found = shifts(steps_of(frames))
    assert len(found) == len(frames) - 1
    assert found[:, 0] == pytest.approx(-2 * 256 / 30, rel=0.01)


def test_a_caption_does_not_hold_a_slow_picture_back() -> None:
    frames = filmed(scene("bus"), CameraPath(pan_per_s=-0.1), size_px=SIZE_PX, length_s=1.0)
    letters = np.random.default_rng(0).choice([0, 255], size=(12, 60)).astype(np.uint8).repeat(3, 0).repeat(3, 1)
    for frame in frames:
        frame[100:136, 40:220] = letters[..., None]
    found = [step for step in steps_of(frames) if step is not None]
    assert shifts(list(found))[:, 0].sum() == pytest.approx(0.1 * 256 * 29 / 30, rel=0.03)
    assert found[-1].inlier_share > 0.9


def test_who_walks_through_the_picture_is_told_of_as_own_motion() -> None:
    still = filmed(scene("coffee"), CameraPath(), size_px=SIZE_PX, length_s=1.0)
    subject = scene("astronaut")[:288:3, :288:3]
    steps = [step for step in steps_of(with_subject(still, subject, speed_per_s=0.5)) if step is not None]
    assert np.abs(shifts(list(steps))).max() < 0.1
    assert np.median([step.own_motion_px for step in steps]) == pytest.approx(0.5 * 256 / 30, rel=0.3)


def test_zoom_is_size_after_over_size_before() -> None:
    frames = filmed(scene("astronaut"), CameraPath(zoom_per_s=1.5), size_px=SIZE_PX, length_s=0.5)
    scales = [scale_of(step.matrix) for step in steps_of(frames) if step is not None]
    assert np.prod(scales) == pytest.approx(1.5 ** (14 / 30), rel=0.003)


def test_a_picture_without_texture_is_unknown_and_what_follows_is_known_again() -> None:
    plain = [np.full((144, 256, 3), 90, np.uint8)] * 3
    frames = filmed(scene("bus"), CameraPath(), size_px=SIZE_PX, length_s=0.1)
    known = [step is not None for step in steps_of([*frames, *plain, *frames])]
    assert known == [False, True, True, False, False, False, False, True, True]


def test_the_smallest_frames_and_a_change_of_size_are_unknown() -> None:
    rng = np.random.default_rng(0)
    sizes = [(1, 1), (1, 1), (3, 9), (3, 9), (20, 20), (20, 20)]
    frames = [rng.integers(0, 256, (*size, 3)).astype(np.uint8) for size in sizes]
    assert steps_of(frames)[:5] == [None] * 5
