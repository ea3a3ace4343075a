from __future__ import annotations

from reelscribe.report.glance import glance
from reelscribe.report.spoken import languages, speakers, utterance
from reelscribe.v1.finding_pb2 import Finding
from reelscribe.v1.people_pb2 import Subject
from services.common.time import span
from tests.reelscribe.report.reports import report, result, speech, text


def turn(start_s: float, end_s: float, speaker: int) -> Finding:
    return Finding(span=span(start_s, end_s), label="speaker_turn", subject=Subject(speaker_id=speaker))


def by(finding: Finding, speaker: int) -> Finding:
    finding.subject.speaker_id = speaker
    return finding


def test_languages_are_named_once_and_captions_have_none() -> None:
    assert languages([speech("a", 0), speech("b", 1, "en"), speech("c", 2), text("d", 3, language="fr")]) == [
        "de",
        "en",
    ]


def test_a_voice_is_told_where_there_are_several() -> None:
    assert utterance(by(speech(" Wirklich? ", 1), 2), 2) == "speaker 2: Wirklich?"
    assert utterance(speech("Wirklich?", 1), 2) == "speaker ?: Wirklich?"
    assert utterance(by(speech("Wirklich?", 1), 1), 1) == "Wirklich?"


def test_how_long_each_speaks_is_one_line() -> None:
    assert speakers([turn(0, 2, 1), turn(3, 3.5, 2), turn(4, 5.5, 1)]) == ["speaker 1 for 3.5 s, speaker 2 for 0.5 s"]
    assert speakers([speech("Hallo", 0)]) == []


def test_a_glance_says_who_says_what() -> None:
    heard = result("speaker_turns", turn(0, 1, 1), turn(1, 2, 2))
    said = result("speech_transcription", by(speech("Kommst du?", 0), 1), by(speech("Ja.", 1), 2))
    sections = {section.title: [line.text for line in section.lines] for section in glance(report(said, heard))}
    assert sections == {
        "speech (de)": ["speaker 1: Kommst du?", "speaker 2: Ja."],
        "speakers": ["speaker 1 for 1.0 s, speaker 2 for 1.0 s"],
    }
