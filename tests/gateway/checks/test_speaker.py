"""Who is seen while somebody speaks; voices where words are."""

from __future__ import annotations

import pytest

from gateway.checks.check import AGREES, UNCONFIRMED
from gateway.checks.speaker import speaker_on_screen, words_and_voice
from reelscribe.v1.finding_pb2 import Finding
from tests.gateway.told import evidence, gaze, heard, looked, said, seen, skipped

TALK = looked("speech_transcription", said("eins zwei drei vier fünf sechs", 2.0, 8.0))


@pytest.mark.parametrize(
    ("person", "verdict", "share"),
    [
        (seen("person", 2, 8), AGREES, 1.0),
        (seen("person", 2, 3.5), UNCONFIRMED, 0.25),
        (seen("dog", 2, 8), UNCONFIRMED, 0),
    ],
)
def test_somebody_is_seen_or_not(person: Finding, verdict: int, share: float):
    (found,) = speaker_on_screen(evidence(TALK, looked("object_detection", person)))
    assert found.cross_check.verdict == verdict
    assert found.cross_check.overlap == pytest.approx(share)


def test_a_face_says_more_than_a_body():
    (found,) = speaker_on_screen(
        evidence(
            TALK,
            looked("object_detection", seen("person", 0, 20)),
            looked("eye_tracking", gaze("looking_left", 2, 7)),
        )
    )
    assert found.cross_check.counterpart == "face"
    assert "eye_tracking/1" in found.evidence_ids


def test_a_face_that_is_hidden_leaves_the_body():
    (found,) = speaker_on_screen(
        evidence(TALK, looked("eye_tracking"), looked("object_detection", seen("person", 0, 20)))
    )
    assert (found.cross_check.verdict, found.cross_check.counterpart) == (AGREES, "person")


def test_nothing_is_claimed_where_nobody_looked():
    assert not list(speaker_on_screen(evidence(TALK, skipped("object_detection"))))
    assert not list(speaker_on_screen(evidence(TALK, looked("object_detection", end_s=5.0))))


def test_the_voice_keeps_its_number():
    talk = said("eins zwei drei", 2.0)
    talk.subject.speaker_id = 2
    found = speaker_on_screen(evidence(looked("speech_transcription", talk), looked("object_detection")))
    assert next(found).subject.speaker_id == 2


def test_words_that_were_heard_as_speech():
    sounds = looked("audio_environment", heard("speech", 1.5, 8.5))
    (found,) = words_and_voice(evidence(TALK, sounds))
    assert found.cross_check.verdict == AGREES


def test_words_read_from_music_are_not_confirmed():
    """The replaced system wrote text down from music."""
    sounds = looked("audio_environment", heard("music", 0, 20))
    (found,) = words_and_voice(evidence(TALK, sounds))
    assert (found.cross_check.verdict, found.cross_check.counterpart) == (UNCONFIRMED, "no voice")
