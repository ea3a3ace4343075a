"""Calls to action and answered comments, in what is said and written."""

from __future__ import annotations

import pytest

from gateway.conclude import conclude
from gateway.insights.comment_cta_detection import CommentCtaDetection
from reelscribe.v1.analyzer_pb2 import AnalyzerResult, Status
from reelscribe.v1.finding_pb2 import Finding
from reelscribe.v1.story_pb2 import CallChannel
from services.common.time import span_s
from tests.gateway.told import SCENE, TITLE, found_by, looked, said, skipped, written

SPEECH, SCREEN = CallChannel.CALL_CHANNEL_SPEECH, CallChannel.CALL_CHANNEL_SCREEN
BOTH = CallChannel.CALL_CHANNEL_BOTH


def found(*results: AnalyzerResult) -> list[Finding]:
    return found_by(CommentCtaDetection(), *results)


def talk(*utterances: Finding) -> AnalyzerResult:
    return looked("speech_transcription", *utterances)


def screen(*texts: Finding) -> AnalyzerResult:
    return looked("text_overlay", *texts)


def test_a_call_that_is_there_is_found():
    """The replaced system read files nobody wrote: no findings, and "success"."""
    (call,) = found(talk(said("Das war es. Lass gerne ein Abo da!", 14.0, 18.0)), screen())
    assert call.label == "call_to_action"
    told = call.call_to_action
    assert (told.action, told.channel, told.language_code) == ("subscribe", SPEECH, "de")
    assert told.phrase == "Lass gerne ein Abo"
    assert list(call.evidence_ids) == ["speech_transcription/1"]


def test_a_call_has_the_time_of_its_words():
    (call,) = found(talk(said("Das war es. Lass gerne ein Abo da!", 14.0, 18.0)), screen())
    assert span_s(call.span) == pytest.approx((15.5, 17.5))


def test_said_and_written_at_once_is_one_call_on_both_channels():
    (call,) = found(talk(said("Folg mir für mehr!", 16.0)), screen(written("FOLGE MIR", 17.0, 20.0, TITLE)))
    assert call.call_to_action.channel == BOTH
    assert set(call.evidence_ids) == {"speech_transcription/1", "text_overlay/1"}
    assert span_s(call.span)[1] == 20.0


def test_said_early_and_written_late_are_two():
    calls = found(talk(said("Folg mir für mehr!", 2.0)), screen(written("FOLGE MIR", 17.0, 20.0, TITLE)))
    assert [call.call_to_action.channel for call in calls] == [SPEECH, SCREEN]


def test_a_call_may_run_over_two_captions():
    (call,) = found(talk(), screen(written("lass mir gerne", 10.0, 11.0), written("ein Like da", 11.1, 12.0)))
    assert call.call_to_action.action == "like"
    assert list(call.evidence_ids) == ["text_overlay/1", "text_overlay/2"]
    assert span_s(call.span) == (10.0, 12.0)


def test_several_things_may_be_asked_for_at_once():
    calls = found(talk(said("Like, share and subscribe!", 10.0, 13.0, "en")), screen())
    assert {call.call_to_action.action for call in calls} == {"like", "share", "subscribe"}


def test_a_shop_sign_in_the_picture_asks_nobody():
    assert found(talk(), screen(written("BUY NOW", 0.0, 5.0, SCENE))) == []


def test_ordinary_words_are_no_call():
    assert (
        found(talk(said("I like dogs and they follow me.", 1.0)), screen(written("Die Linke", 0.0, 4.0, TITLE))) == []
    )


def test_looked_and_found_nothing_is_empty():
    assert conclude(CommentCtaDetection(), [talk(), screen()], 20.0).status == Status.STATUS_EMPTY


def test_one_channel_is_enough():
    result = conclude(CommentCtaDetection(), [talk(said("Folg mir!", 2.0)), skipped("text_overlay")], 20.0)
    assert (result.status, len(result.findings)) == (Status.STATUS_OK, 1)


def test_without_a_channel_it_is_skipped_by_name():
    result = conclude(CommentCtaDetection(), [skipped("text_overlay")], 20.0)
    assert result.status == Status.STATUS_SKIPPED
    assert "speech_transcription" in result.reason.message


def test_the_sticker_of_a_comment_is_read():
    sticker = written("Antwort auf @anna.k\nUnd wie lange im Ofen?", 0.0, 4.0, TITLE)
    (reply,) = found(talk(), screen(sticker))
    assert (reply.label, reply.comment_reply.author) == ("comment_reply", "@anna.k")
    assert reply.comment_reply.content == "Und wie lange im Ofen?"
    assert span_s(reply.span) == (0.0, 4.0)


def test_a_comment_below_its_heading_belongs_to_it():
    heading = written("Reply to jo's comment", 0, 4, TITLE, (0.1, 0.20, 0.5, 0.23))
    comment = written("where is it from", 0, 4, TITLE, (0.1, 0.24, 0.5, 0.27))
    elsewhere = written("MY KITCHEN", 0, 4, TITLE, (0.1, 0.7, 0.5, 0.75))
    (reply,) = found(talk(), screen(heading, comment, elsewhere))
    assert reply.comment_reply.content == "where is it from"
    assert len(reply.evidence_ids) == 2


def test_an_answer_may_be_told_aloud():
    (reply,) = found(talk(said("Ihr habt in den Kommentaren gefragt, wie das geht.", 1.0)), screen())
    assert reply.comment_reply.author == ""
    assert list(reply.evidence_ids) == ["speech_transcription/1"]
