from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from services.common.window import FrameBatch
from services.vision.effects.layout_watch import LayoutStretch, LayoutWatch
from tests.services.vision.effect_clips import RATE_HZ, batches_of, encoded, handheld, on_blurred_bars, on_plain_bars

FIRST, AFTER = 31, 98


def watched(frames: np.ndarray, *, first_index: int = 0) -> list[LayoutStretch]:
    watch, found = LayoutWatch(), []
    for batch, end_s in batches_of(frames, first_index=first_index):
        found += list(watch.take(batch, end_s))
    return found + list(watch.finish())


def for_a_while(frames: np.ndarray) -> np.ndarray:
    """Laid out so in frames [FIRST, AFTER), a plain moving picture around."""
    plain = handheld("bus", len(frames))
    plain[FIRST:AFTER] = frames[FIRST:AFTER]
    return encoded(plain)


def wide() -> np.ndarray:
    return handheld("coffee", 120, width_px=144, height_px=96)


def split() -> np.ndarray:
    frames = handheld("bus", 120)
    frames[:, 128:] = handheld("astronaut", 120, seed=5)[:, 64:192]
    return frames


def inset() -> np.ndarray:
    frames = handheld("bus", 120)
    frames[:, 20:92, 84:132] = handheld("coffee", 120, width_px=48, height_px=72, seed=7)
    return frames


def sticker() -> np.ndarray:
    frames = handheld("bus", 120)
    frames[:, 150:190, 20:70] = handheld("chelsea", 1, width_px=50, height_px=40)
    return frames


@pytest.mark.parametrize(
    ("label", "make"),
    [
        ("letterbox", lambda: on_plain_bars(wide(), 0)),
        ("letterbox", lambda: on_plain_bars(wide(), 255)),
        ("letterbox", lambda: on_blurred_bars(wide())),
        ("split_screen", split),
        ("picture_in_picture", inset),
        ("overlay_graphic", sticker),
    ],
)
def test_a_layout_has_its_first_and_last_frame(label: str, make: Callable[[], np.ndarray]) -> None:
    (stretch,) = watched(for_a_while(make()))
    assert stretch.layout.label == label
    assert abs(stretch.start_s * RATE_HZ - FIRST) <= 1
    assert abs(stretch.end_s * RATE_HZ - AFTER) <= 1


def test_bars_of_one_size_give_way_to_others_at_the_very_frame() -> None:
    frames = on_blurred_bars(wide())
    frames[50:] = on_blurred_bars(handheld("chelsea", 120, width_px=144, height_px=128))[50:]
    one, other = watched(frames)
    assert [one.start_s, one.end_s] == pytest.approx([0, 50 / RATE_HZ])
    assert [other.start_s, other.end_s] == pytest.approx([50 / RATE_HZ, 4])


def test_bars_go_on_across_cuts_and_dark_moments() -> None:
    frames = on_plain_bars(wide(), 0)
    frames[60:] = on_plain_bars(handheld("chelsea", 120, width_px=144, height_px=96), 0)[60:]
    frames[20:30] = 0
    (stretch,) = watched(frames)
    assert [stretch.start_s, stretch.end_s] == pytest.approx([0, 4])


def test_a_part_that_starts_late_is_timed_from_the_start_of_the_video() -> None:
    (stretch,) = watched(on_plain_bars(wide(), 0)[:60], first_index=1800)
    assert [stretch.start_s, stretch.end_s] == pytest.approx([60, 62])


def test_a_seam_for_a_second_is_not_told() -> None:
    frames = handheld("bus", 120)
    frames[30:66] = split()[30:66]
    assert watched(frames) == []


def test_frames_of_another_size_begin_anew() -> None:
    watch = LayoutWatch()
    for count, size in ((10, (256, 144)), (10, (128, 72))):
        frames = on_plain_bars(handheld("coffee", count, width_px=size[1], height_px=size[0] // 3), 0, size[0])
        batch = FrameBatch(rgb=frames, pts_s=np.arange(10) / 30 + (size[0] == 128), index=np.arange(10))
        found = list(watch.take(batch, 0.4 + (size[0] == 128)))
    assert [stretch.layout.label for stretch in [*found, *watch.finish()]] == ["letterbox", "letterbox"]


@pytest.mark.parametrize("count", [0, 1, 2])
def test_few_frames_are_looked_at_all_the_same(count: int) -> None:
    assert watched(handheld("bus", 2)[:count]) == []
