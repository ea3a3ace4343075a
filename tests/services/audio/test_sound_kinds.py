from __future__ import annotations

import numpy as np
import pytest

from services.audio.percepts.sounds import SoundScores
from services.audio.percepts.speech_spans import VOICE_STEP_S, SpeechSpan
from services.audio.percepts.voice import VoiceActivity
from services.audio.sound_kinds import KindsOfSound
from tests.services.audio.hearing import RATE_HZ, silence, tone


def kinds(*, start_s: float, said: float = 0.9) -> KindsOfSound:
    """Four seconds: a tone, which the detector takes for speech from 0.5 to 1.5 s and the tagger for music; silence."""
    made = KindsOfSound(start_s=start_s, rate_hz=RATE_HZ)
    spoken = (
        SpeechSpan(start_s=start_s + 0.5, end_s=start_s + 1.0),
        SpeechSpan(start_s=start_s + 1.0, end_s=start_s + 1.5),
    )
    for index in range(4):
        voice = VoiceActivity(
            spans=spoken[index : index + 1],
            first_frame_s=start_s + index,
            probabilities=np.full(round(1 / VOICE_STEP_S), 0.9 if index < 2 else 0.1, np.float32),
        )
        rows = np.array([[0.8, said] if index < 2 else [0.0, 0.0]] * 2, np.float32)
        sounds = SoundScores(first_frame=2 * index, origin_s=start_s, labels=("music", "speech"), scores=rows)
        made.push(tone(1) if index < 2 else silence(1), voice, sounds)
    return made


@pytest.mark.parametrize("start_s", [0.0, 598.0])
def test_each_kind_has_its_stretches_its_score_and_its_level(start_s):
    made = kinds(start_s=start_s)
    speech, music, quiet = made.spans()
    assert (speech.kind, speech.start_s - start_s, speech.end_s - start_s) == ("speech", 0.5, 1.5)
    assert speech.score == pytest.approx(0.9)
    assert speech.power == pytest.approx(0.045, rel=0.01)
    assert (music.kind, music.start_s - start_s, music.score) == ("music", 0.0, pytest.approx(0.8))
    assert (quiet.kind, quiet.start_s - start_s, quiet.end_s - start_s) == ("silence", 2.0, pytest.approx(4.0))
    assert (quiet.power, quiet.score) == (0.0, None)
    assert made.end_s == start_s + 4.0


def test_levels_of_speech_are_of_the_parts_own_stretch():
    made = kinds(start_s=598.0)
    assert made.speech_levels(598.0).speech_s == pytest.approx(1.0, abs=0.02)
    assert made.speech_levels(600.0) is None


def test_what_only_the_detector_takes_for_a_voice_is_no_speech():
    """A double bass is one to Silero; the tagger hears music."""
    made = kinds(start_s=0.0, said=0.2)
    assert [each.kind for each in made.spans()] == ["music", "silence"]
    assert made.speech_levels(0.0) is None
