"""What is said, word by word."""

from __future__ import annotations

import pytest

from reelscribe.report.page.known import Known
from reelscribe.report.page.transcript import transcript
from reelscribe.v1.finding_pb2 import Finding, Subject
from services.common.time import span
from tests.reelscribe.report import stories
from tests.reelscribe.report.reports import report, result, speech

FIRST, SECOND = transcript(Known(stories.full()))


def test_words_keep_their_times_and_doubts():
    assert [(word.text, word.start_s, word.unsure) for word in FIRST.spoken[:3]] == [
        ("Drei", 0.4, False), ("schnelle", 0.8, False), ("Tipps", 1.3, True)
    ]  # fmt: skip


def test_a_pause_stands_after_its_word_and_emphasis_on_it():
    assert [word.pause_s is not None for word in FIRST.spoken].index(True) == 3
    assert FIRST.spoken[3].pause_s == pytest.approx(0.8)
    assert [word.text for word in FIRST.spoken if word.emphasized] == ["Kaffee."]


@pytest.mark.parametrize(("word_before", "marked"), [("Tipps", True), ("Kaffee.", False)])
def test_a_pause_that_begins_a_little_beside_its_word_still_follows_it(word_before: str, marked: bool):
    made = stories.full()
    (pause,) = (each for result in made.results for each in result.findings if each.label == "pause")
    pause.span.CopyFrom(span(1.6, 2.7))
    pause.pause.word_before = word_before
    first, _ = transcript(Known(made))
    assert (first.spoken[3].pause_s is not None) is marked


def test_speech_without_words_is_one_piece():
    (utterance,) = transcript(Known(report(result("speech_transcription", speech(" Hallo du ", 2)))))
    assert [(word.text, word.start_s, word.end_s) for word in utterance.spoken] == [("Hallo du", 2, 3)]


def test_whose_voice_it_is_is_told_by_the_turns_if_not_by_the_speech():
    turns = [
        Finding(span=span(start_s, end_s), label="speaker_turn", subject=Subject(speaker_id=number))
        for number, start_s, end_s in ((1, 0, 2.2), (2, 2.2, 9))
    ]
    made = report(result("speech_transcription", speech("Hallo", 2)), result("speaker_turns", *turns))
    assert [utterance.speaker_id for utterance in transcript(Known(made))] == [2]
    assert SECOND.speaker_id == 1
