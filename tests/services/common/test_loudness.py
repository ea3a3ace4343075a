from __future__ import annotations

import numpy as np
import pytest

from services.common.loudness import FLOOR_LUFS, integrated_lufs, loudness_range_lu, lufs


def curve(*pieces: tuple[float, float]) -> list[float]:
    """(seconds, LUFS) one after the other, ten values a second."""
    return [level for length_s, level in pieces for _ in range(round(length_s * 10))]


def test_a_full_scale_sine_of_997_hz_has_the_loudness_of_the_standard():
    # Its K-weighted power is 10 ** 0.0691 / 2: the offset is there to cancel the weighting at 997 Hz.
    assert lufs(np.array([10**0.0691 / 2]))[0] == pytest.approx(-3.01, abs=0.001)


def test_nothing_is_written_as_the_floor_and_has_no_loudness():
    assert lufs(np.zeros(2)).tolist() == pytest.approx([FLOOR_LUFS] * 2)
    assert integrated_lufs([FLOOR_LUFS] * 50) is None
    assert integrated_lufs([-71.0] * 50) is None
    assert integrated_lufs([]) is None


def test_what_is_ten_below_the_rest_is_left_out():
    assert integrated_lufs(curve((10, -20), (10, -40))) == pytest.approx(-20.0)
    assert integrated_lufs(curve((10, -20), (10, -26))) == pytest.approx(-20 + 10 * np.log10((1 + 10**-0.6) / 2))


@pytest.mark.parametrize(
    ("pieces", "range_lu"),
    [
        (((20, -20), (20, -30)), 10),
        (((20, -20), (20, -15)), 5),
        (((20, -40), (20, -20)), 20),
        (((20, -50), (20, -35), (20, -20), (20, -35), (20, -50)), 15),
    ],
)
def test_the_range_lies_between_the_tenth_and_the_ninety_fifth_percent(pieces, range_lu):
    assert loudness_range_lu(curve((2.6, -99), *pieces)) == pytest.approx(range_lu)


def test_the_first_values_of_a_curve_rest_on_too_little_to_count():
    assert loudness_range_lu(curve((2.6, -30), (10, -20))) == pytest.approx(0)
    assert loudness_range_lu(curve((2.7, -20))) is None
