from __future__ import annotations

import pytest

from gateway.speaking import place_speakers, speaker_of
from reelscribe.v1.analyzer_pb2 import AnalyzerResult
from reelscribe.v1.finding_pb2 import Finding, Text, TextKind
from reelscribe.v1.people_pb2 import Subject
from reelscribe.v1.speech_pb2 import SpeechRate
from services.common.time import span


def turn(start_s: float, end_s: float, speaker: int) -> Finding:
    return Finding(span=span(start_s, end_s), label="speaker_turn", subject=Subject(speaker_id=speaker))


def said(start_s: float, end_s: float, kind: TextKind = TextKind.TEXT_KIND_SPEECH) -> Finding:
    return Finding(span=span(start_s, end_s), label="speech", text=Text(content="Yes.", kind=kind))


def placed(*findings: Finding) -> list[int]:
    """The speaker of each finding after the turns of two speakers, 0 for nobody's."""
    heard = AnalyzerResult(analyzer="a", findings=[turn(0.0, 4.0, 1), turn(5.0, 9.0, 2), turn(8.5, 12.0, 1)])
    told = AnalyzerResult(analyzer="b", findings=findings)
    place_speakers([told, heard])
    return [finding.subject.speaker_id for finding in told.findings]


@pytest.mark.parametrize(
    ("start_s", "end_s", "speaker"),
    [
        (0.5, 3.5, 1),
        (5.0, 9.0, 2),  # the other one joins in for its last half second
        (3.0, 6.0, 0),  # a second of each
        (4.2, 4.8, 0),  # nobody's turn
        (3.8, 4.9, 0),  # hardly anybody's
        (11.0, 13.0, 1),
    ],
)
def test_an_utterance_is_whose_turns_it_lies_in(start_s: float, end_s: float, speaker: int) -> None:
    assert placed(said(start_s, end_s)) == [speaker]


def test_what_is_measured_of_an_utterance_has_its_speaker() -> None:
    rate = Finding(span=span(5.5, 8.0), label="speech_rate", speech_rate=SpeechRate(word_count=9))
    assert placed(rate) == [2]


def test_what_is_written_is_nobodys() -> None:
    caption = said(0.5, 3.5, TextKind.TEXT_KIND_CAPTION)
    assert placed(caption) == [0]
    assert not caption.HasField("subject")


def test_a_speaker_that_is_known_stays() -> None:
    known = said(0.5, 3.5)
    known.subject.speaker_id = 7
    assert placed(known) == [7]


def test_without_turns_nothing_is_said_of_speakers() -> None:
    result = AnalyzerResult(analyzer="a", findings=[said(0.0, 1.0)])
    place_speakers([result])
    assert not result.findings[0].HasField("subject")


def test_a_moment_is_nobodys() -> None:
    assert speaker_of((3.0, 3.0), {1: [(0.0, 4.0)]}) is None
