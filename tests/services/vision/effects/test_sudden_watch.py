from __future__ import annotations

import numpy as np
import pytest

from services.vision.effects.freeze import FreezeFrame
from services.vision.effects.speed import SlowMotion
from services.vision.effects.sudden_watch import SuddenWatch, TimedEffect
from services.vision.percepts.shot_changes import ChangeKind
from services.vision.percepts.shots import ShotChange
from tests.services.vision.effect_clips import RATE_HZ, batches_of, enlarged, handheld, mixed_with


def change(kind: ChangeKind, first: int, after: int) -> ShotChange:
    return ShotChange(
        kind=kind,
        frame_index=first,
        end_frame_index=after,
        start_s=first / RATE_HZ,
        end_s=after / RATE_HZ,
        probability=0.9,
        frame_difference=40.0,
    )


def watched(frames: np.ndarray, *changes: ShotChange, first_index: int = 0) -> list[tuple[TimedEffect, float]]:
    """Effects, and how much of the video was known when each was told."""
    watch, found = SuddenWatch(), []
    for batch, end_s in batches_of(frames, first_index=first_index):
        here = [each for each in changes if each.frame_index in batch.index]
        found += [(effect, end_s) for effect in watch.take(batch, end_s, here)]
    return found + [(effect, np.inf) for effect in watch.finish()]


def frozen(frames: np.ndarray, first: int, after: int) -> np.ndarray:
    frames[first:after] = frames[first]
    return frames


def test_effects_are_told_soon_and_only_once() -> None:
    frames = handheld("bus", 120)
    frames[20:22] = mixed_with(frames[20:22], 255, [0.9, 0.5])
    frames[58:] = enlarged(frames[58:], 1.3)
    frozen(frames, 70, 90)
    found = watched(frames)
    rows = [(effect.start_s * RATE_HZ, effect.end_s * RATE_HZ, effect.frame_count) for effect, _ in found]
    assert rows == [pytest.approx(each) for each in [(20, 22, 2), (58, 59, 1), (70, 90, 20)]]
    assert all(known_s - effect.end_s < 1.7 for effect, known_s in found[:2])


def test_a_gradual_change_is_no_motion_around_a_freeze() -> None:
    frames = frozen(handheld("bus", 90), 40, 90)
    kinds = [type(effect.effect) for effect, _ in watched(frames)]
    assert kinds == [FreezeFrame]
    assert watched(frames, change(ChangeKind.DISSOLVE, 20, 40)) == []


def test_slow_motion_is_looked_for_within_each_shot() -> None:
    bus = handheld("bus", 60, speed=0.002)
    joined = np.concatenate([bus[:30], np.repeat(bus[30:], 2, axis=0)])
    assert [type(effect.effect) for effect, _ in watched(joined)] == [SlowMotion]
    assert watched(joined, change(ChangeKind.HARD_CUT, 30, 31)) == []


def test_a_part_that_starts_late_is_timed_by_the_video() -> None:
    ((effect, _),) = watched(frozen(handheld("bus", 80), 30, 50), first_index=600)
    assert [effect.start_s, effect.end_s] == pytest.approx([21, 650 / RATE_HZ])


@pytest.mark.parametrize("count", [0, 1, 2])
def test_few_frames_tell_nothing(count: int) -> None:
    assert watched(handheld("bus", 2)[:count]) == []
