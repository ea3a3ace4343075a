"""Silences between voices, on phrases of a synthetic voice put in a row at known times, and on made levels."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.signal import resample_poly

from reelscribe.demo import scenario
from reelscribe.demo.speech import Narrator
from services.audio.delivery.levels import LevelMeter, Levels
from services.audio.delivery.pauses import SHORTEST_PAUSE_S, quiet_spans
from services.audio.percepts.speech_spans import SpeechSpan, joined
from services.audio.percepts.voice import Voice
from tests.services.audio.hearing import heard, noise, silence, windows

GAPS_S = (0.35, 0.5, 1.2, 0.4, 0.8)


def levels_of(samples: np.ndarray) -> Levels:
    meter = LevelMeter()
    return np.concatenate([meter.push(samples), meter.finish()])


def row(phrases: list[np.ndarray], gaps_s: tuple[float, ...]) -> tuple[np.ndarray, list[tuple[float, float]]]:
    """Phrases with silences between them, and when those are."""
    pieces, gaps, at_s = [silence(0.5)], [], 0.5
    for phrase, gap_s in zip(phrases, (*gaps_s, 0.5), strict=True):
        at_s += len(phrase) / 16000
        gaps.append((at_s, at_s + gap_s))
        pieces += [phrase, silence(gap_s)]
        at_s = gaps[-1][1]
    return np.concatenate(pieces), gaps[:-1]


@pytest.fixture(scope="module")
def phrases(narrator: Narrator) -> list[np.ndarray]:
    told = [narrator.say(phrase.phonemes) for phrase in list(scenario.phrases())[: len(GAPS_S) + 1]]
    return [0.3 * resample_poly(each, 2, 3).astype(np.float32) for each in told]


def found_in(samples: np.ndarray, voice: Voice) -> list[SpeechSpan]:
    voices = joined(span for window in heard(windows(samples), [voice]) for span in window[Voice].spans)
    quiet = quiet_spans(voices, levels_of(samples), 0.0)
    return [span for span in quiet if span.end_s - span.start_s >= SHORTEST_PAUSE_S]


@pytest.mark.parametrize("noise_level", [0.0, 0.0005, 0.005], ids=["clean", "hiss", "noise"])
def test_pauses_lie_where_they_were_put(noise_level: float, phrases: list[np.ndarray], voice: Voice) -> None:
    """All of them, both edges within 0.1 s, and nothing else."""
    samples, gaps = row(phrases, GAPS_S)
    found = found_in(samples + noise(len(samples) / 16000, noise_level), voice)
    assert len(found) == len(gaps)
    for span, (start_s, end_s) in zip(found, gaps, strict=True):
        assert span.start_s == pytest.approx(start_s, abs=0.1)
        assert span.end_s == pytest.approx(end_s, abs=0.1)


def test_old_bug_a_pause_does_not_depend_on_where_bins_begin(phrases: list[np.ndarray], voice: Voice) -> None:
    """Times were bins of a second: shifted by a third of one, pauses were lost and others found."""
    samples, _ = row(phrases, GAPS_S)
    once = found_in(samples, voice)
    for shift_s in (0.1, 0.37, 0.65):
        later = found_in(np.concatenate([silence(shift_s), samples]), voice)
        assert [span.start_s - shift_s for span in later] == pytest.approx([span.start_s for span in once], abs=0.03)
        assert [span.end_s - shift_s for span in later] == pytest.approx([span.end_s for span in once], abs=0.03)


def made(*stretches: tuple[float, float]) -> Levels:
    """Levels of stretches (length_s, level_db) one after the other."""
    return np.concatenate([np.full(round(length_s * 100), level_db, np.float32) for length_s, level_db in stretches])


def voices(*edges_s: tuple[float, float]) -> list[SpeechSpan]:
    return [SpeechSpan(start_s=start_s, end_s=end_s) for start_s, end_s in edges_s]


def edges(spans: list[SpeechSpan]) -> list[tuple[float, float]]:
    return [(round(span.start_s, 3), round(span.end_s, 3)) for span in spans]


def test_an_edge_moves_to_where_the_sound_ends_and_begins() -> None:
    levels = made((1.0, -20), (0.6, -80), (1.0, -20))
    assert edges(quiet_spans(voices((0.0, 1.14), (1.66, 2.6)), levels, 0.0)) == [(1.0, 1.6)]


def test_a_soft_sound_at_the_edge_belongs_to_speech() -> None:
    """A fading vowel, 20 dB below: heard; a reverberation 40 dB below: not."""
    levels = made((1.0, -20), (0.08, -40), (0.1, -60), (0.6, -80), (1.0, -20))
    assert edges(quiet_spans(voices((0.0, 1.0), (1.78, 2.7)), levels, 0.0)) == [(1.08, 1.78)]


def test_where_music_is_as_loud_as_the_voice_the_detectors_edges_stand() -> None:
    levels = made((1.0, -20), (0.6, -28), (1.0, -20))
    assert edges(quiet_spans(voices((0.0, 1.1), (1.5, 2.6)), levels, 0.0)) == [(1.1, 1.5)]


def test_a_silence_that_the_detector_heard_over_is_found() -> None:
    levels = made((1.0, -20), (0.4, -80), (1.0, -20))
    assert edges(quiet_spans(voices((0.0, 2.4)), levels, 0.0)) == [(1.0, 1.4)]
    assert quiet_spans(voices((0.0, 2.4)), made((1.0, -20), (0.2, -80), (1.2, -20)), 0.0) == []


def test_times_count_from_where_the_part_begins() -> None:
    levels = made((1.0, -20), (0.6, -80), (1.0, -20))
    assert edges(quiet_spans(voices((600.0, 601.1), (601.6, 602.6)), levels, 600.0)) == [(601.0, 601.6)]


def test_one_voice_or_none_has_no_silence_between() -> None:
    assert quiet_spans([], made((1.0, -80)), 0.0) == []
    assert quiet_spans(voices((0.0, 1.0)), made((1.0, -20)), 0.0) == []
