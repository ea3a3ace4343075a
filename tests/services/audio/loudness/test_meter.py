from __future__ import annotations

import numpy as np
import pytest

from bench.common.loudness_signals import PROGRAMMES, RANGES, sine, sines, surround
from services.audio.loudness.meter import LoudnessMeter
from services.common.loudness import FLOOR_LUFS, integrated_lufs, loudness_range_lu


def metered(samples: np.ndarray, *, rate_hz: int = 48000, piece_s: float = 1.0) -> LoudnessMeter:
    meter = LoudnessMeter(rate_hz, samples.shape[1])
    step = round(piece_s * rate_hz)
    for first in range(0, len(samples), step):
        meter.push(samples[first : first + step])
    return meter


@pytest.mark.parametrize("number", PROGRAMMES)
def test_the_signals_of_tech_3341_have_their_loudness(number):
    meter = metered(sines(*PROGRAMMES[number]))
    assert integrated_lufs(meter.momentary_lufs()) == pytest.approx(-33 if number == "2" else -23, abs=0.1)


def test_surround_is_weighted_and_low_frequencies_do_not_count():
    assert integrated_lufs(metered(surround(5)).momentary_lufs()) == pytest.approx(-23, abs=0.1)


def test_one_channel_is_3_lu_softer_than_two():
    mono = integrated_lufs(metered(sine(5, -23, channel_count=1)).momentary_lufs())
    assert mono == pytest.approx(-26.01, abs=0.02)


@pytest.mark.parametrize("rate_hz", [8000, 11025, 16000, 44100])
def test_every_rate_measures_the_same(rate_hz):
    meter = metered(sine(5, -23, rate_hz=rate_hz), rate_hz=rate_hz)
    assert integrated_lufs(meter.momentary_lufs()) == pytest.approx(-23, abs=0.1)
    assert len(meter.momentary_lufs()) == 47


def test_short_term_is_steady_where_tech_3341_says_so():
    meter = metered(sines(*[(1.34, -20), (1.66, -30)] * 5))
    assert meter.short_term_lufs()[26:] == pytest.approx(np.full(len(meter.short_term_lufs()) - 26, -23), abs=0.1)


@pytest.mark.parametrize("late_s", [0.15 * k for k in range(0, 20, 4)])
def test_the_highest_short_term_value_is_found_wherever_it_lies(late_s):
    silence = np.zeros((round(late_s * 48000), 2), np.float32)
    meter = metered(np.concatenate([silence, sine(3, -23), np.zeros((48000, 2), np.float32)]))
    assert meter.short_term_lufs().max() == pytest.approx(-23, abs=0.1)


def test_momentary_is_steady_where_tech_3341_says_so():
    # Steps of 0.18 s and 0.22 s do not divide by 0.1 s: each block holds one of each all the same.
    meter = metered(sines(*[(0.18, -20), (0.22, -30)] * 12))
    assert meter.momentary_lufs()[7:] == pytest.approx(np.full(len(meter.momentary_lufs()) - 7, -23), abs=0.1)


@pytest.mark.parametrize("number", RANGES)
def test_the_signals_of_tech_3342_have_their_range(number):
    pieces, range_lu = RANGES[number]
    assert loudness_range_lu(metered(sines(*pieces)).short_term_lufs()) == pytest.approx(range_lu, abs=1)


def test_the_pieces_it_comes_in_change_nothing():
    samples = np.random.default_rng(1).normal(0, 0.1, (44100 * 4 + 77, 2)).astype(np.float32)
    curves = [metered(samples, rate_hz=44100, piece_s=piece_s).short_term_lufs() for piece_s in (1.0, 0.013, 9.0)]
    assert curves[1] == pytest.approx(curves[0], abs=1e-9)
    assert curves[2] == pytest.approx(curves[0], abs=1e-9)


def test_silence_and_a_moment_have_no_loudness():
    silent = metered(np.zeros((48000, 1), np.float32))
    assert silent.momentary_lufs().tolist() == pytest.approx([FLOOR_LUFS] * 7)
    assert len(metered(sine(0.39, -3)).momentary_lufs()) == 0
    assert len(metered(sine(0.39, -3)).short_term_lufs()) == 0


def test_channels_whose_places_are_unknown_are_refused():
    with pytest.raises(ValueError, match="3 channels"):
        LoudnessMeter(48000, 3)
