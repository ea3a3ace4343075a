"""Words put into lines at the times at which they are said."""

from __future__ import annotations

import pytest

from reelscribe.report.formats.cues import LINE_LENGTH, LONGEST_S, screen_cues, speech_cues, turns, wrapped
from reelscribe.v1.finding_pb2 import Text, TextKind, Word
from services.common.time import span
from tests.reelscribe.report.made import FIRST_WORDS, found, report, result, said, story

LONG = [f"wort{number:02d}" for number in range(40)]


def cues_of(*findings):
    return speech_cues(report(result("speech_transcription", *findings)))


def test_a_cue_begins_with_its_first_word_and_ends_with_its_last():
    (cue,) = cues_of(said(FIRST_WORDS, 1.0))
    assert (cue.start_s, cue.end_s) == (1.0, 3.0)
    assert cue.lines == ("Das ist ein Hund.",)


def test_no_line_is_too_long_and_no_word_is_lost():
    cues = cues_of(said(LONG, 0.0, word_s=0.1))
    assert all(len(line) <= LINE_LENGTH for cue in cues for line in cue.lines)
    assert all(len(cue.lines) <= 2 for cue in cues)
    assert " ".join(line for cue in cues for line in cue.lines).split() == LONG


def test_no_cue_stays_longer_than_a_viewer_waits():
    cues = cues_of(said(LONG, 0.0, word_s=1.0))
    assert max(cue.end_s - cue.start_s for cue in cues) == LONGEST_S


def test_a_silence_ends_a_cue():
    words = [Word(content="eins", span=span(0, 0.5)), Word(content="zwei", span=span(3.0, 3.5))]
    text = Text(content="eins zwei", kind=TextKind.TEXT_KIND_SPEECH, words=words)
    assert [cue.lines for cue in cues_of(found("speech", 0, 3.5, text=text))] == [("eins",), ("zwei",)]


def test_a_sentence_ends_a_cue():
    assert [cue.lines for cue in cues_of(said(["Ja.", "Nein."], 0.0, word_s=1.0))] == [("Ja.",), ("Nein.",)]


def test_a_point_after_a_moment_is_no_end_of_a_sentence_yet():
    assert [cue.lines for cue in cues_of(said(["Dr.", "Müller", "kommt."], 0.0, word_s=0.3))] == [
        ("Dr. Müller kommt.",)
    ]


def test_words_without_times_stay_in_the_span_that_is_known():
    text = Text(content=" ".join(LONG), kind=TextKind.TEXT_KIND_SPEECH)
    (cue,) = cues_of(found("speech", 2.0, 5.0, text=text))
    assert (cue.start_s, cue.end_s) == (2.0, 5.0)
    assert " ".join(cue.lines).split() == LONG


def test_a_script_without_spaces_gets_none():
    words = [Word(content=content, span=span(at, at + 1)) for at, content in enumerate(("这是", "一只", "狗"))]
    text = Text(content="这是一只狗", kind=TextKind.TEXT_KIND_SPEECH, words=words)
    (cue,) = cues_of(found("speech", 0, 3, text=text))
    assert cue.lines == ("这是一只狗",)


def test_one_voice_has_no_number_several_have():
    assert {cue.speaker_id for cue in cues_of(said(FIRST_WORDS, 0.0, 1))} == {None}
    assert [turn[0].speaker_id for turn in turns(speech_cues(story()))] == [1, 2]


def test_two_lines_are_about_equally_long():
    assert wrapped("a" * 40 + " " + "b" * 4 + " " + "c" * 36) == ("a" * 40, "b" * 4 + " " + "c" * 36)
    first, second = wrapped("eins zwei drei vier fünf sechs sieben acht neun zehn")
    assert abs(len(first) - len(second)) < 8


def test_text_on_screen_keeps_its_lines_and_its_place():
    text = Text(content="eins\nzwei", kind=TextKind.TEXT_KIND_TITLE)
    made = report(result("text_overlay", found("title", 1.0, 2.0, text=text)))
    (cue,) = screen_cues(made)
    assert cue.lines == ("eins", "zwei")
    assert cue.box is None
    (placed,) = screen_cues(story())
    assert placed.box is not None
    assert placed.box.top == pytest.approx(0.1)


def test_a_cue_without_length_is_shown_for_a_moment():
    text = Text(content="Ja", kind=TextKind.TEXT_KIND_SPEECH, words=[Word(content="Ja", span=span(1, 1))])
    (cue,) = cues_of(found("speech", 1, 1, text=text))
    assert cue.end_s > cue.start_s
