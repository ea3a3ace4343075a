from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from reelscribe.v1.finding_pb2 import Finding
from services.audio.analyzers.speech_rate import SpeechRate
from services.audio.delivery.syllables import syllables
from services.audio.percepts.pitch import PITCH_STEP_S, Pitch
from services.audio.percepts.transcript import Transcript
from services.audio.percepts.voice import Voice
from services.common.time import seconds
from services.common.window import Window
from tests.services.audio.hearing import found, heard, silence, times, windows
from tests.services.audio.saying import said, speech, utterance, word
from tests.windows import samples_of_file

SPOKEN = [(1.0, 2.0, 120.0, 0.1), (2.6, 3.6, 240.0, 0.1)]
SOUND = speech(SPOKEN, 6.0)
SENTENCE = utterance([word("Hello", 1.0, 2.0), word("everybody!", 2.6, 3.6)])


def of(findings: list[Finding], label: str) -> list[Finding]:
    return [finding for finding in findings if finding.label == label]


@pytest.fixture(scope="module")
def jfk(media_dir: Path, voice: Voice, transcript: Transcript, pitch: Pitch) -> list[Window]:
    return heard(windows(samples_of_file(media_dir / "audio" / "jfk.flac")), [voice, transcript, pitch])


def test_an_utterance_has_its_words_syllables_and_rates() -> None:
    (finding,) = of(found(SpeechRate(), said(SOUND, [SENTENCE], pitches=SPOKEN)), "speech_rate")
    assert times(finding) == (1.0, 3.6)
    rate = finding.speech_rate
    assert (rate.word_count, rate.syllable_count) == (2, 6)
    assert rate.words_per_minute == pytest.approx(60 * 2 / 2.6)
    assert rate.syllables_per_s == pytest.approx(6 / 2.6)
    assert seconds(rate.speaking_duration) == pytest.approx(2.0, abs=0.03)
    assert rate.articulation_per_s == pytest.approx(3.0, abs=0.05)


def test_old_bug_a_rate_does_not_depend_on_where_bins_begin() -> None:
    """Words were counted in bins of one second: the same sentence was fast or slow by where it lay."""
    rates = []
    for shift_s in (0.0, 0.31, 0.77):
        moved = utterance([word(each.content, each.start_s + shift_s, each.end_s + shift_s) for each in SENTENCE.words])
        filled = said(np.concatenate([silence(shift_s), SOUND]), [moved])
        rates += [finding.speech_rate for finding in of(found(SpeechRate(), filled), "speech_rate")]
    assert len(rates) == 3
    assert len({rate.word_count for rate in rates}) == 1
    assert [rate.articulation_per_s for rate in rates] == pytest.approx([rates[0].articulation_per_s] * 3, rel=0.03)


def test_old_bug_speech_is_not_transcribed_again(jfk: list[Window]) -> None:
    """It has no weights of its own, and its words are the transcript's."""
    assert not SpeechRate.weights
    told = [each for window in jfk for each in window[Transcript]]
    rates = of(found(SpeechRate(), jfk), "speech_rate")
    assert [times(finding) for finding in rates] == [(each.start_s, each.end_s) for each in told]
    assert [finding.speech_rate.word_count for finding in rates] == [len(each.words) for each in told]
    assert sum(finding.speech_rate.word_count for finding in rates) == 22
    by_rule = sum(syllables(each.content, "en") or 0 for utterances in told for each in utterances.words)
    assert sum(finding.speech_rate.syllable_count for finding in rates) == by_rule == 28


def test_a_known_speech_is_spoken_slowly_and_articulated_faster_than_that(jfk: list[Window]) -> None:
    for finding in of(found(SpeechRate(), jfk), "speech_rate"):
        rate = finding.speech_rate
        assert 2.0 < rate.syllables_per_s <= rate.articulation_per_s < 8.0
        assert seconds(rate.speaking_duration) <= times(finding)[1] - times(finding)[0] + 1e-6
        assert -30 < rate.level_dbfs < 0


def test_the_pitch_of_an_utterance_is_its_curve_and_its_range() -> None:
    (finding,) = of(found(SpeechRate(), said(SOUND, [SENTENCE], pitches=SPOKEN)), "pitch")
    track = finding.pitch
    assert times(finding) == (1.0, 3.6)
    assert seconds(track.step_duration) == PITCH_STEP_S
    assert len(track.frequency_hz) == pytest.approx(2.6 / PITCH_STEP_S, abs=1)
    assert {round(value) for value in track.frequency_hz} == {0, 120, 240}
    assert (track.low_hz, track.high_hz) == (120.0, 240.0)
    assert track.range_semitones == pytest.approx(12.0)
    assert track.voiced_share == pytest.approx(2.0 / 2.6, abs=0.02)


def test_an_utterance_without_voice_has_no_pitch() -> None:
    """Whispered."""
    findings = found(SpeechRate(), said(SOUND, [SENTENCE]))
    assert [finding.label for finding in findings] == ["speech_rate"]


def test_the_curve_begins_where_the_utterance_does(jfk: list[Window]) -> None:
    whole = np.concatenate([window[Pitch].frequency_hz for window in jfk])
    for finding in of(found(SpeechRate(), jfk), "pitch"):
        start_s, end_s = times(finding)
        part = whole[round(start_s / PITCH_STEP_S) : round(end_s / PITCH_STEP_S)]
        assert list(finding.pitch.frequency_hz) == part.tolist()
        assert 80 < finding.pitch.low_hz <= finding.pitch.median_hz <= finding.pitch.high_hz < 400


def test_in_other_languages_words_are_counted_and_syllables_are_not() -> None:
    french = utterance(SENTENCE.words, "fr")
    (finding,) = of(found(SpeechRate(), said(SOUND, [french])), "speech_rate")
    rate = finding.speech_rate
    assert rate.word_count == 2
    assert not any(rate.HasField(name) for name in ("syllable_count", "syllables_per_s", "articulation_per_s"))


def test_nothing_is_found_where_nobody_speaks() -> None:
    assert found(SpeechRate(), said(silence(5), [])) == []
    assert found(SpeechRate(), said(silence(0), [])) == []


def test_a_part_that_starts_late_has_its_own_times() -> None:
    late = utterance([word(each.content, each.start_s + 600, each.end_s + 600) for each in SENTENCE.words])
    moved = [(start_s + 600, end_s + 600, pitch_hz, level) for start_s, end_s, pitch_hz, level in SPOKEN]
    early_rate, early_pitch = found(SpeechRate(), said(SOUND, [SENTENCE], pitches=SPOKEN))
    rate, track = found(SpeechRate(), said(SOUND, [late], pitches=moved, start_s=600.0))
    assert times(rate) == (601.0, 603.6)
    assert rate.speech_rate.articulation_per_s == pytest.approx(early_rate.speech_rate.articulation_per_s, rel=0.03)
    assert track.pitch.median_hz == early_pitch.pitch.median_hz
