from __future__ import annotations

import tracemalloc
from pathlib import Path

import numpy as np
import pytest
from scipy.signal import resample_poly

from bench.common.vowels import Vowel, spoken, vowels
from reelscribe.demo import speech
from reelscribe.demo.speech import Narrator
from services.audio.percepts.pitch import PITCH_STEP_S, Pitch
from services.audio.percepts.voice import SPEECH_SAMPLES, Voice
from services.common.window import SampleBatch, Window
from tests.services.audio.hearing import heard, noise, part, silence, tone, windows
from tests.services.audio.saying import said, utterance, word
from tests.windows import samples_of_file

SEPARATE_S = 0.25


def curve(filled: list[Window]) -> tuple[np.ndarray, np.ndarray]:
    """Moments and frequencies of all windows."""
    values = [window[Pitch] for window in filled]
    times_s = [value.first_frame_s + np.arange(len(value.frequency_hz)) * PITCH_STEP_S for value in values]
    return np.concatenate(times_s), np.concatenate([value.frequency_hz for value in values])


def followed(samples: np.ndarray, pitch: Pitch, *, start_s: float = 0.0, length_s: float = 1.0) -> np.ndarray:
    """Frequencies where all of it counts as speech."""
    whole = utterance([word("a", 0.0, start_s + len(samples) / 16000)])
    filled = said(samples, [], voices=[(whole.start_s, whole.end_s)], start_s=start_s, length_s=length_s)
    return curve(heard(iter(filled), [pitch]))[1]


def errors(made: list[Vowel], pitch: Pitch) -> tuple[np.ndarray, int]:
    """Relative errors of the voiced values inside the vowels, and how many values there should be."""
    quiet = silence(SEPARATE_S)
    samples = np.concatenate([piece for vowel in made for piece in (quiet, vowel.samples)])
    truth_hz = np.concatenate([piece for vowel in made for piece in (quiet, vowel.pitch_hz)])
    inside = np.concatenate([piece for vowel in made for piece in (quiet > 1, _away_from_edges(vowel))])
    found_hz = followed(samples, pitch, length_s=5.0)
    at = np.minimum((np.arange(len(found_hz)) * PITCH_STEP_S * 16000).astype(int), len(truth_hz) - 1)
    counted = inside[at]
    voiced = counted & (found_hz > 0)
    return np.abs(found_hz[voiced] / truth_hz[at[voiced]] - 1), int(counted.sum())


def _away_from_edges(vowel: Vowel) -> np.ndarray:
    inside = np.zeros(len(vowel.samples), bool)
    inside[800:-800] = True
    return inside


@pytest.mark.parametrize("noise_db", [None, -20.0, -10.0])
def test_vowels_of_known_pitch_are_followed(noise_db: float | None, pitch: Pitch) -> None:
    """80 to 400 Hz, held, gliding, with vibrato: within 2 % in the median, and no octave is jumped."""
    found, count = errors(list(vowels(noise_db)), pitch)
    assert np.median(found) < 0.02
    assert np.percentile(found, 95) < 0.02
    assert (found > 0.2).sum() == 0
    assert len(found) > 0.98 * count


def test_a_synthetic_voice_has_the_pitch_it_was_given(
    pitch: Pitch, narrator: Narrator, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The demo's voice is made by a vocoder from a curve of pitch: that curve is the truth."""
    curves: list[np.ndarray] = []
    make = speech.pulse_train

    def noted(pitch_hz: np.ndarray) -> np.ndarray:
        curves.append(pitch_hz)
        return make(pitch_hz)

    monkeypatch.setattr(speech, "pulse_train", noted)
    monkeypatch.setattr(speech, "trimmed", lambda samples: samples)
    sound = narrator.say("ɐ ɹˈɑkət wˈAts ˌɔn ðə lˈɔnʧ pˈæd, ʤˈʌst bəfˈɔɹ ðə sˈʌn kˈʌmz ˌʌp.")
    found_hz = followed(resample_poly(sound, 2, 3).astype(np.float32), pitch)
    (given_hz,) = curves
    per_value = len(sound) / len(given_hz) / speech.SAMPLE_RATE_HZ
    at = np.minimum((np.arange(len(found_hz)) * PITCH_STEP_S / per_value).astype(int), len(given_hz) - 1)
    both = (found_hz > 0) & (given_hz[at] > speech.VOICED_FROM_HZ)
    assert both.sum() > 50
    assert np.median(np.abs(found_hz[both] / given_hz[at][both] - 1)) < 0.02


def test_there_is_no_pitch_in_silence_or_noise(pitch: Pitch) -> None:
    assert (followed(silence(5), pitch) > 0).sum() == 0
    assert (followed(noise(5), pitch) > 0).mean() < 0.01


def test_old_bug_an_instrument_is_no_voice(pitch: Pitch, voice: Voice) -> None:
    """A tone has a pitch, but nobody speaks."""
    assert (curve(heard(windows(tone(4, 220.0)), [voice, pitch]))[1] > 0).sum() == 0
    assert np.median(followed(tone(4, 220.0), pitch)) == pytest.approx(220.0, rel=0.01)


def test_nobody_is_heard_where_nobody_speaks(media_dir: Path, voice: Voice, pitch: Pitch) -> None:
    kennedy = samples_of_file(media_dir / "audio" / "jfk.flac")
    times_s, found_hz = curve(heard(windows(np.concatenate([silence(3), kennedy, silence(3)])), [voice, pitch]))
    assert (found_hz[times_s < 3.0] > 0).sum() == 0
    assert (found_hz[times_s > 14.0] > 0).sum() == 0
    assert 0.3 < (found_hz[(times_s > 3.3) & (times_s < 13.5)] > 0).mean() < 0.9


def test_every_moment_has_one_value_however_the_windows_fall(pitch: Pitch) -> None:
    sound = spoken(np.full(16000 * 3, 150.0), "a").astype(np.float32)
    whole = followed(sound, pitch, length_s=60.0)
    assert len(whole) == len(sound) // 256
    for length_s in (1.0, 0.37, 0.01):
        assert followed(sound, pitch, length_s=length_s) == pytest.approx(whole, rel=1e-3)


def test_a_window_holds_the_values_whose_moments_lie_in_it(pitch: Pitch) -> None:
    sound = spoken(np.full(16000 * 3, 150.0), "a").astype(np.float32)
    for window in heard(iter(said(sound, [], voices=[(0.0, 3.0)], start_s=0.0)), [pitch])[:-1]:
        frames = window[Pitch]
        assert window.start_s <= frames.first_frame_s < window.start_s + PITCH_STEP_S
        last_s = frames.first_frame_s + (len(frames.frequency_hz) - 1) * PITCH_STEP_S
        assert window.end_s - PITCH_STEP_S <= last_s + 1e-9 < window.end_s + 1e-9


def test_windows_without_samples_have_a_value_too(pitch: Pitch, voice: Voice) -> None:
    empty = SampleBatch(samples=np.empty((0, 1), np.float32), sample_rate_hz=16000, start_s=0.0)
    given = [Window(index=k, start_s=k, end_s=k + 1.0, contents={SPEECH_SAMPLES: empty}) for k in range(3)]
    assert [len(window[Pitch].frequency_hz) for window in heard(iter(given), [voice, pitch])] == [0, 0, 0]
    assert heard(windows(silence(0)), [voice, pitch]) == []


def test_a_long_sound_is_not_kept(pitch: Pitch) -> None:
    """Ten minutes are 38 MB of samples."""
    sound = np.tile(spoken(np.full(16000, 150.0), "a").astype(np.float32), 600)
    filled = said(sound, [], voices=[(0.0, 600.0)])
    tracemalloc.start()
    for _ in pitch.perceive(part(pitch.settings), iter(filled)):
        pass
    _, peak_bytes = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak_bytes < 4e6


def test_the_model_is_named(pitch: Pitch) -> None:
    assert pitch.models[0].name == "swift-f0"
    assert len(pitch.models[0].sha256) == 64
