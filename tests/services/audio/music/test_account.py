from __future__ import annotations

import numpy as np
import pytest

from reelscribe.v1.sound_pb2 import KeyMode, TempoRelation
from services.audio.music import account
from services.audio.music.key import Key
from services.audio.music.pulse import Pulse, Reading
from services.common.time import seconds

TRACKED = Reading(beats_per_minute=120.0, clarity=0.6)


def test_half_and_double_are_marked_and_strengths_are_shares():
    others = [Reading(beats_per_minute=tempo, clarity=0.1) for tempo in (60.5, 240.0, 90.0, 121.0)]
    pulse = Pulse(tracked=TRACKED, candidates=(TRACKED, *others), beats_s=np.array([0.5, 1.0]), deviation=0.01)
    told = account.tempo(pulse, 10.0)
    assert [TempoRelation.Name(each.relation).rpartition("_")[2] for each in told.candidates] == [
        "SAME",
        "HALF",
        "DOUBLE",
        "OTHER",
        "SAME",
    ]
    assert sum(each.strength for each in told.candidates) == pytest.approx(1.0)
    assert [seconds(each) for each in told.beat_offsets] == [10.5, 11.0]
    assert (told.beats_per_minute, told.pulse_clarity) == (120.0, pytest.approx(0.6))


def test_a_key_is_told_by_tonic_and_mode():
    told = account.key(Key(tonic="F#", minor=True, correlation=0.9, margin=0.1))
    assert (told.tonic, told.mode, told.margin) == ("F#", KeyMode.KEY_MODE_MINOR, pytest.approx(0.1))


def test_warming_up_is_harmless():
    pytest.importorskip("librosa", reason="the audio extra is not installed")
    account.warm_up()
