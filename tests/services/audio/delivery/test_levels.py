from __future__ import annotations

import numpy as np
import pytest

from services.audio.delivery.levels import FLOOR_DB, LEVEL_STEP_S, LevelMeter
from tests.services.audio.hearing import noise, silence, tone


def levels(samples: np.ndarray, step: int = 16000) -> np.ndarray:
    meter = LevelMeter()
    pieces = [meter.push(samples[first : first + step]) for first in range(0, len(samples), step)]
    return np.concatenate([*pieces, meter.finish()])


def test_a_full_sine_lies_3_db_below_full_scale() -> None:
    assert levels(tone(1.0) / 0.3)[5:-5] == pytest.approx(-3.01, abs=0.1)


def test_silence_lies_at_the_floor() -> None:
    assert set(levels(silence(1.0)).tolist()) == {FLOOR_DB}


def test_a_level_lies_where_its_sound_does() -> None:
    found = levels(np.concatenate([silence(1.0), tone(0.5), silence(1.0)]))
    loud = np.flatnonzero(found > -30) * LEVEL_STEP_S
    assert (loud[0], loud[-1]) == (pytest.approx(1.0, abs=LEVEL_STEP_S), pytest.approx(1.5, abs=LEVEL_STEP_S))
    assert len(found) == 251


def test_the_length_of_the_pieces_changes_nothing() -> None:
    samples = noise(2.0)
    for step in (1, 159, 5000):
        assert levels(samples[:8000], step) == pytest.approx(levels(samples[:8000]), abs=1e-4)


def test_nothing_has_no_level() -> None:
    meter = LevelMeter()
    assert len(meter.push(np.empty(0, np.float32))) == 0
