"""Captions and titles against what is said."""

from __future__ import annotations

import pytest

from gateway.checks.captions import caption_and_speech, title_and_speech
from gateway.checks.check import AGREES, UNCONFIRMED
from reelscribe.v1.analyzer_pb2 import Status
from tests.gateway.told import TITLE, evidence, looked, said, written

TALK = looked("speech_transcription", said("Er griff auch alles an was ins Wasser kam", 1.0, 5.0))


def test_subtitles_agree():
    shown = looked("text_overlay", written("er griff auch alles", 1, 3), written("an was ins wasser kam", 3, 5))
    (found,) = caption_and_speech(evidence(shown, TALK))
    assert found.cross_check.verdict == AGREES
    assert found.cross_check.overlap == 1.0
    assert len(found.evidence_ids) == 3


def test_other_words_are_unconfirmed_and_no_contradiction():
    (found,) = caption_and_speech(evidence(looked("text_overlay", written("watch until the end", 1, 3)), TALK))
    assert found.cross_check.verdict == UNCONFIRMED
    assert found.cross_check.overlap == 0


def test_captions_without_any_words_near_them_are_unconfirmed():
    (found,) = caption_and_speech(evidence(looked("text_overlay", written("ganz still hier", 12, 14)), TALK))
    assert found.cross_check.verdict == UNCONFIRMED
    assert list(found.evidence_ids) == ["text_overlay/1"]


def test_nothing_is_claimed_where_nobody_listened():
    deaf = looked("speech_transcription", end_s=8.0, status=Status.STATUS_PARTIAL)
    assert not list(caption_and_speech(evidence(looked("text_overlay", written("ganz still hier", 12, 14)), deaf)))


def test_a_single_word_says_nothing():
    assert not list(caption_and_speech(evidence(looked("text_overlay", written("wasser", 1, 3)), TALK)))


@pytest.mark.parametrize(
    ("title", "verdict"), [("ALLES WAS INS WASSER KAM", UNCONFIRMED), ("WAS INS WASSER KAM", AGREES)]
)
def test_titles_are_read_aloud_or_not(title: str, verdict: int):
    shown = looked("text_overlay", written(title.replace("ALLES WAS", "FAKTEN DIE"), 0, 4, TITLE))
    (found,) = title_and_speech(evidence(shown, TALK))
    assert found.cross_check.verdict == verdict
