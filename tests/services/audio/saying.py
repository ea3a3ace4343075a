"""Windows in which words are said at known times: what Voice, Pitch and Transcript would say of made sound."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from services.audio.percepts.pitch import PITCH_STEP_S, Pitch, PitchFrames
from services.audio.percepts.speech_spans import VOICE_STEP_S, SpeechSpan, spans_of
from services.audio.percepts.spoken_words import SpokenWord, Utterance
from services.audio.percepts.transcript import Transcript
from services.audio.percepts.voice import Voice, VoiceActivity
from services.common.window import Window
from tests.services.audio.hearing import windows


def word(content: str, start_s: float, end_s: float) -> SpokenWord:
    return SpokenWord(content=content, start_s=start_s, end_s=end_s, probability=0.9)


def utterance(words: Sequence[SpokenWord], language_code: str = "en") -> Utterance:
    return Utterance(
        content=" ".join(each.content for each in words),
        start_s=words[0].start_s,
        end_s=words[-1].end_s,
        language_code=language_code,
        confidence=0.8,
        words=tuple(words),
    )


def speech(words: Sequence[tuple[float, float, float, float]], length_s: float) -> np.ndarray:
    """(n,) at 16 kHz: for each (start_s, end_s, pitch_hz, level) a buzz of ten harmonics."""
    samples = np.zeros(round(length_s * 16000), np.float32)
    for start_s, end_s, pitch_hz, level in words:
        first, last = round(start_s * 16000), round(end_s * 16000)
        phase = 2 * np.pi * pitch_hz * np.arange(last - first) / 16000
        samples[first:last] += level * sum(np.sin(k * phase) / k for k in range(1, 11))
    return samples


def said(
    samples: np.ndarray,
    utterances: Sequence[Utterance],
    *,
    voices: Sequence[tuple[float, float]] | None = None,
    pitches: Sequence[tuple[float, float, float, float]] = (),
    start_s: float = 0.0,
    length_s: float = 1.0,
) -> list[Window]:
    """Windows over the samples; voices are where the words are, unless given."""
    spoken = [(each.start_s, each.end_s) for told in utterances for each in told.words] if voices is None else voices
    filled = []
    for window in windows(samples, start_s=start_s, length_s=length_s):
        told = tuple(each for each in utterances if window.start_s <= each.start_s < window.end_s)
        contents = {**window._contents, Transcript: told}
        contents[Voice] = _voice(window, spoken)
        contents[Pitch] = _pitch(window, pitches)
        filled.append(Window(index=window.index, start_s=window.start_s, end_s=window.end_s, contents=contents))
    return filled


def _voice(window: Window, spoken: Sequence[tuple[float, float]]) -> VoiceActivity:
    first = np.ceil((window.start_s - 1e-9) / VOICE_STEP_S)
    times_s = np.arange(first, np.ceil((window.end_s - 1e-9) / VOICE_STEP_S)) * VOICE_STEP_S
    labels = [any(start_s <= at_s + VOICE_STEP_S / 2 < end_s for start_s, end_s in spoken) for at_s in times_s]
    spans: tuple[SpeechSpan, ...] = tuple(spans_of(labels, first * VOICE_STEP_S))
    return VoiceActivity(spans=spans, first_frame_s=first * VOICE_STEP_S, probabilities=np.array(labels, np.float32))


def _pitch(window: Window, pitches: Sequence[tuple[float, float, float, float]]) -> PitchFrames:
    first = np.ceil((window.start_s - 1e-9) / PITCH_STEP_S)
    times_s = np.arange(first, np.ceil((window.end_s - 1e-9) / PITCH_STEP_S)) * PITCH_STEP_S
    values = np.zeros(len(times_s), np.float32)
    for start_s, end_s, pitch_hz, _ in pitches:
        values[(times_s >= start_s) & (times_s < end_s)] = pitch_hz
    return PitchFrames(first_frame_s=first * PITCH_STEP_S, frequency_hz=values)
