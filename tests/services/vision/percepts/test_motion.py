from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from bench.common.camera_moves import LANDSCAPE, PORTRAIT, CameraPath, filmed
from services.common.device import Device
from services.common.window import FrameBatch, Window
from services.vision.percepts.motion import NEED, Motion
from services.vision.percepts.shot_changes import ChangeKind
from services.vision.percepts.shots import Shots
from tests.services.vision.camera_clips import change, cut_at, motions_in, scene
from tests.services.vision.perceived import part_for
from tests.windows import windows_of_frames

PAN = CameraPath(pan_per_s=0.3)


@pytest.mark.parametrize("size_px", [LANDSCAPE, PORTRAIT])
def test_the_pixels_move_against_the_camera(size_px: tuple[int, int]) -> None:
    path = CameraPath(pan_per_s=0.3, tilt_per_s=0.2)
    for motion in motions_in(filmed(scene("bus"), path, size_px=size_px, length_s=0.6)):
        length_s = motion.pts_s - motion.from_s
        assert motion.right / length_s == pytest.approx(-0.3, rel=0.03)
        assert motion.down / length_s == pytest.approx(0.2, rel=0.03)
        assert motion.scale == pytest.approx(1, abs=0.002)
        assert motion.clockwise_deg == pytest.approx(0, abs=0.1)
        assert motion.inlier_share > 0.9
        assert motion.point_count > 30


def test_a_camera_that_turns_clockwise_turns_the_picture_the_other_way() -> None:
    motions = motions_in(filmed(scene("coffee"), CameraPath(roll_deg_per_s=15), length_s=0.6))
    length_s = motions[-1].pts_s - motions[0].from_s
    assert sum(motion.clockwise_deg for motion in motions) / length_s == pytest.approx(-15, rel=0.03)


def test_motions_join_one_another_at_15_hz_whatever_the_windows() -> None:
    frames = filmed(scene("coffee"), PAN, length_s=1.0)
    motions = motions_in(frames, length_s=0.3)
    assert motions == motions_in(frames, length_s=5.0)
    assert len(motions) == 14
    assert all(before.pts_s == after.from_s for before, after in pairwise(motions))


def test_nothing_is_measured_across_a_cut() -> None:
    frames = [*filmed(scene("bus"), PAN, length_s=0.5), *filmed(scene("coffee"), PAN, length_s=0.5)]
    motions = motions_in(frames, [cut_at(0.5)])
    assert {motion.shot for motion in motions} == {0, 1}
    assert not [motion for motion in motions if motion.from_s < 0.5 <= motion.pts_s]
    speeds = [motion.right / (motion.pts_s - motion.from_s) for motion in motions]
    assert speeds == pytest.approx([-0.3] * len(speeds), rel=0.03)


def test_nothing_is_measured_inside_a_gradual_change() -> None:
    frames = filmed(scene("bus"), PAN, length_s=1.5)
    motions = motions_in(frames, [change(ChangeKind.DISSOLVE, 0.5, 1.0)])
    assert max(motion.pts_s for motion in motions if motion.shot == 0) < 0.5
    assert min(motion.from_s for motion in motions if motion.shot == 1) >= 1.0
    assert len(motions) > 12


def test_a_picture_without_texture_is_unknown() -> None:
    for motion in motions_in([np.full((144, 256, 3), 100, np.uint8)] * 10):
        assert (motion.point_count, motion.inlier_share) == (0, 0.0)
        assert (motion.right, motion.down, motion.scale, motion.clockwise_deg) == (0.0, 0.0, 1.0, 0.0)


@pytest.mark.parametrize("shape", [(1, 1, 3), (7, 5, 3), (33, 19, 3)])
def test_small_and_odd_frames_and_a_single_one(shape: tuple[int, int, int]) -> None:
    frames = [np.random.default_rng(row).integers(0, 256, shape).astype(np.uint8) for row in range(4)]
    assert len(motions_in(frames, rate_hz=15)) == 3
    assert motions_in(frames[:1]) == []


def test_a_window_without_frames_has_no_motion_and_breaks_none() -> None:
    frames = filmed(scene("bus"), PAN, length_s=0.4)
    times = [row / 15 for row in range(6)]
    before, after = windows_of_frames(frames[::2], times, 0.4, (NEED,), length_s=0.2)
    nothing = FrameBatch(rgb=np.empty((0, 1, 1, 3), np.uint8), pts_s=np.empty(0), index=np.empty(0, np.int64))
    empty = Window(index=1, start_s=0.2, end_s=0.2, contents={NEED: nothing})
    motion = Motion()
    motion.load(Device(core_count=1))
    windows = [
        Window(index=0, start_s=each.start_s, end_s=each.end_s, contents={NEED: each[NEED], Shots: ()})
        for each in (before, empty, after)
    ]
    values = list(motion.perceive(part_for(motion), iter(windows)))
    assert [len(value) for value in values] == [2, 0, 3]


def test_a_larger_rendition_gives_the_same_figures() -> None:
    frames = filmed(scene("bus"), PAN, length_s=0.4)
    large = [frame.repeat(2, axis=0).repeat(2, axis=1) for frame in frames]
    small = motions_in(frames, rate_hz=30)
    assert [motion.right for motion in motions_in(large)] == pytest.approx([motion.right for motion in small], rel=0.05)
