"""Sentences in the manner of strangers."""

from __future__ import annotations

from bench.common.captions import REPLY, held_out, read, to_develop_on


def test_each_sentence_is_in_one_half():
    halves = [caption.content for caption in (*to_develop_on(), *held_out())]
    assert sorted(halves) == sorted(caption.content for caption in read())
    assert len(set(halves)) == len(halves)


def test_both_halves_hold_calls_replies_and_ordinary_talk_in_both_languages():
    for half in (to_develop_on(), held_out()):
        for code in ("de", "en"):
            of_language = [caption for caption in half if caption.language_code == code]
            assert sum(bool(caption.actions) for caption in of_language) >= 50
            assert sum(caption.label == REPLY for caption in of_language) >= 3
            assert sum(not caption.actions for caption in of_language) >= 70


def test_a_line_break_of_a_caption_is_one():
    assert any("\n" in caption.content for caption in read())
    assert not any("\\n" in caption.content for caption in read())
