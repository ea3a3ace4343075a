"""Comments that are answered."""

from __future__ import annotations

import pytest

from bench.common.captions import NONE, REPLY, held_out, to_develop_on
from gateway.calls.replies import reply_on_screen, reply_said


@pytest.mark.parametrize(
    ("text", "author", "content"),
    [
        ("Antwort auf @anna.k\nUnd wie lange im Ofen?", "@anna.k", "Und wie lange im Ofen?"),
        ("Antwort auf den Kommentar von lena_23", "lena_23", ""),
        ("Als Antwort auf @tom", "@tom", ""),
        ("Reply to @jo_b's comment\nwhere did you get it", "@jo_b", "where did you get it"),
        ("Replying to @sam", "@sam", ""),
        ("REPLYlNG T0 @SAM", "@SAM", ""),
        ("@mia fragt: Ist das vegan?", "@mia", "Ist das vegan?"),
        ("Reply to maria's comment", "maria", ""),
    ],
)
def test_stickers_are_read(text: str, author: str, content: str):
    reply = reply_on_screen(text)
    assert reply is not None
    assert (reply.author, reply.content) == (author, content)


@pytest.mark.parametrize(
    "text",
    [
        "Die Antwort auf alle Fragen",
        "Die Antwort auf Leben und Tod",
        "No reply to the letter",
        "She did not reply to him",
        "Schreib @anna eine Nachricht",
        "FAKTEN FÜR DICH",
    ],
)
def test_other_answers_are_none(text: str):
    assert reply_on_screen(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "Ihr habt in den Kommentaren gefragt, wie das geht.",
        "Jemand hat kommentiert, dass das nicht stimmt.",
        "Someone asked in the comments how I do it.",
        "A lot of you commented on my last video and asked in the comments.",
        "I'm replying to a comment today.",
    ],
)
def test_told_aloud(text: str):
    assert reply_said(text) is not None


@pytest.mark.parametrize(
    "text", ["Er hat mich gefragt, wie es mir geht.", "Someone asked me the way.", "Die Zeitung kommentierte die Wahl."]
)
def test_ordinary_questions_are_none(text: str):
    assert reply_said(text) is None


def answers(text: str) -> bool:
    return reply_on_screen(text) is not None or reply_said(text) is not None


def test_captions_that_were_looked_at_are_all_told_apart():
    for caption in to_develop_on():
        assert answers(caption.content) == (caption.label == REPLY), caption.content


def test_captions_that_were_held_out_are_told_apart_as_well():
    replies = [caption for caption in held_out() if caption.label == REPLY]
    others = [caption for caption in held_out() if caption.label != REPLY]
    assert any(caption.label == NONE for caption in others)
    assert sum(answers(caption.content) for caption in replies) / len(replies) >= 0.85
    assert sum(answers(caption.content) for caption in others) <= 1
