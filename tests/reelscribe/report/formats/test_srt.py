"""SubRip as pysubs2 reads it."""

from __future__ import annotations

import pysubs2

from reelscribe.report.formats.cues import screen_cues, speech_cues
from reelscribe.report.formats.srt import NEW_SPEAKER, screen_srt, speech_srt, time_text
from tests.reelscribe.report.made import FIRST_WORDS, SECOND_WORDS, report, result, said, story


def read(text: str) -> pysubs2.SSAFile:
    return pysubs2.SSAFile.from_string(text, format_="srt")


def test_what_is_said_comes_back_with_its_times():
    events = read(speech_srt(story())).events
    cues = speech_cues(story())
    assert [(event.start, event.end) for event in events] == [
        (round(1000 * cue.start_s), round(1000 * cue.end_s)) for cue in cues
    ]
    words = " ".join(event.plaintext for event in events).replace(NEW_SPEAKER, "").split()
    assert words == [*FIRST_WORDS, *SECOND_WORDS]


def test_a_change_of_speaker_is_marked_where_voices_are_told_apart():
    assert [event.plaintext.startswith(NEW_SPEAKER) for event in read(speech_srt(story())).events] == [True, True]
    alone = report(result("speech_transcription", said(FIRST_WORDS, 1.0)))
    assert NEW_SPEAKER not in speech_srt(alone)


def test_what_is_on_screen_comes_back():
    assert "HUND & <Katze>" in screen_srt(story())
    assert len(read(screen_srt(story())).events) == len(screen_cues(story()))


def test_nothing_said_is_an_empty_file():
    assert speech_srt(report()) == ""


def test_hours_are_written():
    assert time_text(3600 + 60 + 1.0004, ",") == "01:01:01,000"
