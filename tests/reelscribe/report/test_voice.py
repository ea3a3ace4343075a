"""How somebody speaks, in few words."""

from __future__ import annotations

from reelscribe.report.glance import glance
from reelscribe.report.voice import manner
from reelscribe.v1.finding_pb2 import Finding
from reelscribe.v1.people_pb2 import ClassDistribution, Subject
from reelscribe.v1.speech_pb2 import Emphasis, Filler, Pause, PitchTrack, SpeechRate, VocalEffort
from services.common.time import duration, span
from tests.reelscribe.report.reports import report, result


def said(label: str, start_s: float, end_s: float, **shape: object) -> Finding:
    return Finding(span=span(start_s, end_s), label=label, **shape)  # type: ignore[arg-type]


def rate(start_s: float, end_s: float, words: int, syllables: int | None = None, speaking_s: float = 1.0) -> Finding:
    told = SpeechRate(word_count=words, syllable_count=syllables, speaking_duration=duration(speaking_s))
    return said("speech_rate", start_s, end_s, speech_rate=told)


def pitch(median_hz: float, low_hz: float, high_hz: float) -> Finding:
    return said("pitch", 0, 1, pitch=PitchTrack(median_hz=median_hz, low_hz=low_hz, high_hz=high_hz))


def pause(start_s: float, end_s: float, before: str, after: str) -> Finding:
    return said("pause", start_s, end_s, pause=Pause(word_before=before, word_after=after))


def test_rate_is_that_of_all_utterances_together() -> None:
    assert manner([rate(0, 2, 4, 8, 2.0), rate(10, 14, 16, 22, 3.0)]) == ["200 words a minute, 6.0 syllables a second"]


def test_a_language_without_syllables_has_words_a_minute_only() -> None:
    assert manner([rate(0, 2, 4)]) == ["120 words a minute"]


def test_pitch_is_its_middle_and_its_range() -> None:
    assert manner([pitch(120, 90, 180), pitch(140, 100, 220)]) == ["pitch 130 Hz (90-220)"]


def test_pauses_between_words_are_counted_and_the_longest_is_named() -> None:
    found = [pause(0, 2, "", "Hi"), pause(3, 3.5, "Hi", "I"), pause(5, 6.2, "stop", "now"), pause(9, 12, "now", "")]
    assert manner(found) == ["2 pauses, longest 1.2 s at 0:05.0 after “stop”"]
    assert manner(found[:1]) == []


def test_words_of_note_are_a_second_line() -> None:
    found = [
        rate(0, 1, 2),
        said("emphasis", 1, 2, emphasis=Emphasis(word="NEVER,")),
        *(said("filler", at, at + 0.2, filler=Filler(content="um")) for at in (3, 4)),
        said("raised", 5, 6, vocal_effort=VocalEffort(level_db=7)),
        said("angry", 5, 8, distribution=ClassDistribution()),
    ]
    assert manner(found)[1:] == ["stressed “NEVER”, fillers 2 × “um”, voice raised 0:05.0, sounds angry"]


def test_a_face_is_no_voice() -> None:
    assert manner([said("happy", 0, 1, subject=Subject(face_id=1), distribution=ClassDistribution())]) == []


def test_the_glance_has_a_section_for_the_voice() -> None:
    (section,) = glance(report(result("speech_rate", rate(0, 2, 4))))
    assert section.title == "voice"
