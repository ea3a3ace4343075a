from __future__ import annotations

import numpy as np
import pytest

from services.vision.effects.flash import Flashing, correlation, find_flashes
from tests.services.vision.effect_clips import PHOTOS, encoded, handheld, mixed_with, steps_of


def flashes(frames: np.ndarray) -> list[Flashing]:
    return find_flashes(steps_of(frames), 0, len(frames))


def edited(frames: np.ndarray, first: int, level: int, shares: list[float]) -> np.ndarray:
    copy = frames.copy()
    copy[first : first + len(shares)] = mixed_with(frames[first : first + len(shares)], level, shares)
    return copy


@pytest.mark.parametrize(
    ("name", "shares"),
    [
        *((name, [0.9, 0.6, 0.3]) for name in PHOTOS),
        ("bus", [1.0]),
        ("coffee", [0.5, 1.0, 1.0, 0.8, 0.6, 0.4, 0.2]),
    ],
)
def test_a_white_flash_is_exact_and_as_bright_as_it_is(name: str, shares: list[float]) -> None:
    frames = handheld(name, 50)
    (flash,) = flashes(encoded(edited(frames, 20, 255, shares)))
    assert (flash.first, flash.after) == (20, 20 + len(shares))
    peak = 20 + int(np.argmax(shares))
    expected = max(shares) * (255 - frames[peak].mean())
    assert flash.brightness_change == pytest.approx(expected, rel=0.05, abs=3)


def test_a_dip_to_black_is_negative() -> None:
    frames = handheld("bus", 50)
    (dip,) = flashes(encoded(edited(frames, 20, 0, [1.0, 1.0])))
    assert (dip.first, dip.after) == (20, 22)
    assert dip.brightness_change == pytest.approx(-frames[20].mean(), rel=0.05)


def test_a_photo_flash_lights_what_is_there() -> None:
    frames = handheld("bus", 50)
    frames[20:22] = np.clip(frames[20:22] * 1.4 + 20, 0, 255).astype(np.uint8)
    (flash,) = flashes(frames)
    assert (flash.first, flash.after) == (20, 22)


def test_a_flash_may_hide_a_cut() -> None:
    frames = np.concatenate([handheld("coffee", 25), handheld("chelsea", 25)])
    assert [(f.first, f.after) for f in flashes(edited(frames, 24, 255, [1.0, 1.0]))] == [(24, 26)]


def test_a_cut_is_no_flash() -> None:
    for one, other in [("coffee", "zidane"), ("zidane", "bus"), ("bus", "astronaut"), ("chelsea", "coffee")]:
        assert flashes(np.concatenate([handheld(one, 25), handheld(other, 25)])) == []


def test_a_glimpse_of_another_scene_is_no_flash() -> None:
    frames = handheld("coffee", 50)
    frames[20:23] = handheld("zidane", 3)
    assert flashes(frames) == []


def test_a_fade_through_black_is_no_dip() -> None:
    frames = np.concatenate([handheld("coffee", 30), handheld("chelsea", 30)])
    shares = [*np.linspace(0, 1, 12), *np.linspace(1, 0, 12)]
    assert flashes(edited(frames, 18, 0, shares)) == []


def test_a_scene_that_stays_bright_is_no_flash() -> None:
    assert flashes(edited(handheld("bus", 60), 20, 255, [0.5] * 40)) == []
    assert flashes(edited(handheld("bus", 60), 20, 255, [0.5] * 20)) == []


def test_at_the_edge_of_the_clip_nothing_can_be_said() -> None:
    frames = handheld("bus", 30)
    assert flashes(edited(frames, 0, 255, [1.0, 1.0])) == []
    assert flashes(edited(frames, 28, 255, [1.0, 1.0])) == []
    assert flashes(frames[:1]) == []


def test_correlation_of_flat_pictures_is_defined() -> None:
    flat, ramp = np.full((4, 4), 7, np.float32), np.arange(16, dtype=np.float32).reshape(4, 4)
    assert correlation(flat, flat) == 1
    assert correlation(flat, ramp) == 0
    assert correlation(ramp, -ramp) == pytest.approx(-1)
