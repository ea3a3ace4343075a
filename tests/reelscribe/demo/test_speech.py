from __future__ import annotations

import numpy as np
import pytest

from reelscribe.demo import scenario, speech
from reelscribe.demo.sources import SpeechModel
from reelscribe.demo.speech import HOP_SIZE, SAMPLE_RATE_HZ, Narrator


def test_spectra_turn_back_into_the_same_sound():
    samples = np.sin(np.arange(40 * HOP_SIZE) * 0.05)
    spectra = speech.short_spectra(samples, 40) * (speech.FFT_SIZE / 4)
    back = speech.from_short_spectra(spectra)
    assert back == pytest.approx(samples, abs=1e-3)


def test_a_cosine_reads_its_amplitude():
    samples = 0.5 * np.cos(2 * np.pi * 1000 * np.arange(40 * HOP_SIZE) / SAMPLE_RATE_HZ)
    bin_of_1000_hz = 1000 * speech.FFT_SIZE // SAMPLE_RATE_HZ
    assert np.abs(speech.short_spectra(samples, 40))[bin_of_1000_hz, 5:35] == pytest.approx(0.5, abs=1e-3)


def test_pulses_come_at_the_pitch():
    pulses = speech.pulse_train(np.full(80, 200.0, np.float32))
    peaks = np.flatnonzero(pulses > 0.9 * pulses.max())
    assert len(peaks) == pytest.approx(200, abs=2)


def test_no_pulses_without_a_voice():
    assert not speech.pulse_train(np.zeros(10, np.float32)).any()


def test_silence_around_a_phrase_is_cut_off():
    loud = np.ones(2400, np.float32)
    samples = np.concatenate([np.zeros(5000, np.float32), loud * 0.4, np.zeros(3000, np.float32)])
    trimmed = speech.trimmed(samples)
    assert trimmed.size == loud.size
    assert trimmed.max() == 1.0
    assert trimmed[0] == trimmed[-1] == 0.0


def test_every_phrase_can_be_said_and_ends_before_its_caption_does(voice: SpeechModel):
    narrator = Narrator(voice)
    for phrase in scenario.phrases():
        length_s = narrator.say(phrase.phonemes, scenario.SPEECH_SPEED).size / SAMPLE_RATE_HZ
        assert 0.5 < length_s < scenario.frame_time_s(phrase.end_frame - phrase.start_frame)


def test_the_same_words_sound_the_same_each_time(voice: SpeechModel):
    first, second = (Narrator(voice).say("ɪz stˈɪl wˈɔɹm.") for _ in range(2))
    assert np.array_equal(first, second)


def test_an_unknown_sound_is_named(voice: SpeechModel):
    with pytest.raises(ValueError, match="ǃ"):
        Narrator(voice).say("ǃa")
