from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from services.audio.percepts.speech_spans import VOICE_STEP_S, SpeechSpan, joined
from services.audio.percepts.voice import SPEECH_SAMPLES, Voice, VoiceActivity
from services.common.window import SampleBatch, Window
from tests.services.audio.hearing import heard, noise, silence, tone, windows
from tests.windows import samples_of_file


def activities(
    samples: np.ndarray, voice: Voice, *, start_s: float = 0.0, length_s: float = 1.0
) -> list[VoiceActivity]:
    return [window[Voice] for window in heard(windows(samples, start_s=start_s, length_s=length_s), [voice])]


def spans(samples: np.ndarray, voice: Voice, *, start_s: float = 0.0, length_s: float = 1.0) -> list[SpeechSpan]:
    return joined(
        span for value in activities(samples, voice, start_s=start_s, length_s=length_s) for span in value.spans
    )


@pytest.fixture(scope="module")
def jfk(media_dir: Path) -> np.ndarray:
    return samples_of_file(media_dir / "audio" / "jfk.flac")


def test_nobody_speaks_in_silence_noise_or_a_tone(voice: Voice) -> None:
    for samples in (silence(3), noise(3), tone(3)):
        assert spans(samples, voice) == []


def test_no_windows_give_no_values(voice: Voice) -> None:
    assert activities(silence(0), voice) == []


def test_windows_without_samples_have_a_value_too(voice: Voice) -> None:
    empty = SampleBatch(samples=np.empty((0, 1), np.float32), sample_rate_hz=16000, start_s=0.0)
    given = [Window(index=k, start_s=k, end_s=k + 1.0, contents={SPEECH_SAMPLES: empty}) for k in range(3)]
    assert [window[Voice].spans for window in heard(iter(given), [voice])] == [(), (), ()]


def test_the_length_of_the_windows_changes_nothing(voice: Voice, jfk: np.ndarray) -> None:
    """Also not where a window holds less than a frame, or ends within one."""
    whole = activities(jfk, voice, length_s=60.0)[0]
    for length_s in (1.0, 0.37, 0.01):
        values = activities(jfk, voice, length_s=length_s)
        assert np.array_equal(np.concatenate([value.probabilities for value in values]), whole.probabilities)
        got = joined(span for value in values for span in value.spans)
        expected = [pytest.approx((span.start_s, span.end_s)) for span in whole.spans]
        assert [(span.start_s, span.end_s) for span in got] == expected


def test_the_probabilities_are_those_of_the_library_on_the_whole_file(voice: Voice, jfk: np.ndarray) -> None:
    vad = pytest.importorskip("faster_whisper.vad", reason="the audio extra is not installed")
    padded = np.pad(jfk, (0, -len(jfk) % 512))
    expected = vad.get_vad_model()(padded).reshape(-1)
    got = np.concatenate([value.probabilities for value in activities(jfk, voice)])
    assert np.abs(got - expected).max() < 1e-4


def test_the_spans_are_those_of_the_library(voice: Voice, jfk: np.ndarray) -> None:
    vad = pytest.importorskip("faster_whisper.vad", reason="the audio extra is not installed")
    options = vad.VadOptions(min_speech_duration_ms=250, min_silence_duration_ms=100, speech_pad_ms=0)
    expected = [(span["start"] / 16000, span["end"] / 16000) for span in vad.get_speech_timestamps(jfk, options)]
    assert [(span.start_s, span.end_s) for span in spans(jfk, voice)] == [pytest.approx(edges) for edges in expected]


def test_speech_is_found_where_it_was_put(voice: Voice, media_dir: Path) -> None:
    sentence = samples_of_file(media_dir / "audio" / "fleurs" / "fleurs-en-003.ogg")
    alone = spans(sentence, voice)
    later = spans(np.concatenate([silence(7.3), sentence, silence(4)]), voice)
    assert later[0].start_s == pytest.approx(alone[0].start_s + 7.3, abs=2 * VOICE_STEP_S)
    assert later[-1].end_s == pytest.approx(alone[-1].end_s + 7.3, abs=2 * VOICE_STEP_S)


def test_a_part_that_starts_late_has_its_own_times(voice: Voice, jfk: np.ndarray) -> None:
    shifted = spans(jfk, voice, start_s=600.0)
    assert [(span.start_s - 600.0, span.end_s - 600.0) for span in shifted] == [
        pytest.approx((span.start_s, span.end_s)) for span in spans(jfk, voice)
    ]


def test_a_window_holds_the_frames_that_start_in_it(voice: Voice, jfk: np.ndarray) -> None:
    for index, value in enumerate(activities(jfk, voice)):
        assert index <= value.first_frame_s < index + VOICE_STEP_S
        assert len(value.probabilities) in (31, 32) or index == 11


def test_the_model_is_named(voice: Voice) -> None:
    assert voice.models[0].name == "silero-vad"
    assert len(voice.models[0].sha256) == 64
