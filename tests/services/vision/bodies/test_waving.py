from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from services.vision.bodies.proportions import body_heights
from services.vision.bodies.stretches import Stretch
from services.vision.bodies.waving import Wave, steadiest, waves
from tests.services.vision.bodies.figures import RATE_HZ, Figure, acting, mirrored, still

HELD_UP = (90.0, 180.0)


def waved(stretch: Stretch, side: str = "right") -> list[Wave]:
    return waves(stretch, body_heights(stretch), side)


def hand(angle_at: Callable[[float], float]) -> Callable[[float], Figure]:
    """A right forearm that is turned around its elbow, 0 = straight up."""
    return lambda time_s: Figure(right_arm=(60.0, 180.0 + angle_at(time_s)))


def swing(frequency_hz: float, degrees: float = 30.0) -> Callable[[float], Figure]:
    return hand(lambda time_s: degrees * np.sin(2 * np.pi * frequency_hz * time_s + 0.4))


@pytest.mark.parametrize("frequency_hz", [0.6, 0.8, 1.0, 1.3, 1.7, 2.0, 2.2])
def test_a_wave_and_how_often(frequency_hz: float) -> None:
    (wave,) = waved(acting(swing(frequency_hz), 5.0))
    assert wave.frequency_hz == pytest.approx(frequency_hz, abs=0.05)
    assert wave.last - wave.first >= 0.7 * 5.0 * RATE_HZ


@pytest.mark.parametrize("frequency_hz", [1.0, 2.0, 3.0, 4.0])
def test_faster_sampling_shows_faster_waves(frequency_hz: float) -> None:
    (wave,) = waved(acting(swing(frequency_hz), 3.0, rate_hz=15.0))
    assert wave.frequency_hz == pytest.approx(frequency_hz, abs=0.05)


def test_the_other_hand_is_still() -> None:
    assert waved(acting(swing(1.0), 4.0), "left") == []


def test_in_a_mirror_the_other_hand_waves() -> None:
    (wave,) = waved(mirrored(acting(swing(1.0), 4.0)), "left")
    assert wave.frequency_hz == pytest.approx(1.0, abs=0.05)


def test_a_hand_held_up_is_no_wave() -> None:
    """Old bug: a raised hand was called waving."""
    assert waved(still(Figure(right_arm=HELD_UP), 5.0)) == []


def test_a_hand_held_up_whose_keypoint_trembles_is_no_wave() -> None:
    """Old bug, too: noise goes to and fro."""
    for seed in range(20):
        rng = np.random.default_rng(seed)
        trembling = acting(hand(lambda _, rng=rng: rng.normal(0.0, 4.0)), 6.0)  # type: ignore[misc]
        assert waved(trembling) == []


def test_raising_and_lowering_a_hand_is_no_wave() -> None:
    lifted = acting(lambda time_s: Figure(right_arm=(90 * np.sin(np.pi * time_s / 3) ** 2, 180.0)), 3.0)
    assert waved(lifted) == []


def test_once_to_and_fro_is_no_wave() -> None:
    assert waved(acting(hand(lambda time_s: 35 * np.sin(2 * np.pi * time_s) * (1.0 <= time_s <= 2.0)), 4.0)) == []


def test_arms_that_swing_while_walking_do_not_wave() -> None:
    def walking(time_s: float) -> Figure:
        angle = 30 * float(np.sin(2 * np.pi * time_s))
        return Figure(right_arm=(angle, angle + 10), left_arm=(-angle, -angle + 10))

    assert waved(acting(walking, 5.0)) == []


def test_too_slow_is_no_wave() -> None:
    assert waved(acting(swing(0.3, 40.0), 8.0)) == []


def test_fidgeting_is_no_wave() -> None:
    """Large but without a beat."""
    angles = np.repeat([0, 35, -30, -30, 30, -35, 35, 35, 35, -20, 30, 30, 30, 30, -35, 0, 0], 1)
    found = waved(acting(hand(lambda time_s: float(angles[min(round(time_s * RATE_HZ), 16)])), 3.4))
    assert all(wave.last - wave.first < 12 for wave in found)


def test_a_wave_between_pauses() -> None:
    def action(time_s: float) -> float:
        return 30 * float(np.sin(2 * np.pi * (time_s - 2.0))) * (2.0 <= time_s <= 5.0)

    (wave,) = waved(acting(hand(action), 7.0))
    assert wave.first / RATE_HZ == pytest.approx(2.0, abs=0.41)
    assert wave.last / RATE_HZ == pytest.approx(5.0, abs=0.41)


def test_size_in_the_picture_does_not_matter() -> None:
    large = acting(swing(1.0), 4.0)
    small = Stretch(
        pts_s=large.pts_s,
        end_s=large.end_s,
        points=large.points * 0.1,
        confidence=large.confidence,
        aspect=large.aspect,
    )
    assert waved(small) == waved(large)


def test_short_or_unseen_stretches() -> None:
    assert waved(still(Figure(right_arm=HELD_UP), 0.2)) == []
    assert waved(still(Figure(right_arm=HELD_UP), 0.4)) == []
    assert waved(still(Figure(hidden=("_", "nose")), 2.0)) == []


def test_a_sine_is_explained_and_a_line_is_not() -> None:
    times_s = np.arange(20) / RATE_HZ
    frequency_hz, explained = steadiest(times_s, np.sin(2 * np.pi * 1.25 * times_s))
    assert (frequency_hz, explained) == (pytest.approx(1.25, abs=0.01), pytest.approx(1.0, abs=0.001))
    assert steadiest(times_s, np.zeros(20)) == (0.0, 0.0)
