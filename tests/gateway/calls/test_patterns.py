"""What asks a viewer for something, and what only looks like it."""

from __future__ import annotations

import pytest

from bench.common import captions
from bench.common.asking import ASKING, NOT_ASKING, Sentence, for_writing, held_out
from gateway.calls.patterns import calls_in


def actions(text: str) -> set[str]:
    return {call.action for call in calls_in(text)}


@pytest.mark.parametrize("sentence", for_writing(ASKING), ids=lambda sentence: sentence.content)
def test_what_asks_is_found(sentence: Sentence):
    assert sentence.action in actions(sentence.content)


@pytest.mark.parametrize("sentence", for_writing(NOT_ASKING), ids=lambda sentence: sentence.content)
def test_ordinary_words_ask_for_nothing(sentence: Sentence):
    assert actions(sentence.content) == set()


def test_sentences_that_were_not_looked_at_are_told_apart_as_well():
    asking, ordinary = held_out(ASKING), held_out(NOT_ASKING)
    found = sum(sentence.action in actions(sentence.content) for sentence in asking)
    wrong = sum(bool(actions(sentence.content)) for sentence in ordinary)
    assert found / len(asking) >= 0.9
    assert found / (found + wrong) >= 0.9


def test_captions_that_were_looked_at_are_all_told_apart():
    for caption in captions.to_develop_on():
        assert actions(caption.content) == caption.actions, caption.content


def test_captions_that_were_held_out_are_told_apart_as_well():
    told = [(actions(caption.content), caption.actions) for caption in captions.held_out()]
    right = sum(len(found & asked) for found, asked in told)
    assert right / sum(len(asked) for _, asked in told) >= 0.85
    assert right / sum(len(found) for found, _ in told) >= 0.95


def test_there_are_enough_sentences_of_both_languages():
    assert len(ASKING) >= 60
    assert len(NOT_ASKING) >= 80
    for sentences in (ASKING, NOT_ASKING):
        assert {sentence.language_code for sentence in sentences} == {"de", "en"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Like, comment, subscribe, hit the bell!", {"like", "comment", "subscribe", "notify"}),
        ("Liken, teilen und kommentieren!", {"like", "share", "comment"}),
        ("I like to comment and share a flat", set()),
        ("Comment GUIDE below", {"comment"}),
        ("Comment guides the reader through the text", set()),
        ("Kommentiere PLAN für den Plan", {"comment"}),
        ("save for later", {"save"}),
        ("thats it for today follow me for more", {"follow"}),
        ("das war es für heute folgt mir für mehr", {"follow"}),
        ("He wants to save for later", set()),
        ("Links zur Bio-Tonne, rechts zum Papier", set()),
        ("TEXT IN PIECES\nFOLLOW\nFOR\nMORE", {"follow"}),
        ("that was the boat follow me for more", {"follow"}),
        ("they follow me for more food", set()),
        ("make sure you subscribe", {"subscribe"}),
        ("würde mich freuen wenn ihr mir folgt", {"follow"}),
        ("teile den Teig in vier Teile", set()),
        ("teile das Video mit deiner Schwester", {"share"}),
        ("COMMENT: A REMARK", set()),
        ("", set()),
    ],
)
def test_cases(text: str, expected: set[str]):
    assert actions(text) == expected


@pytest.mark.parametrize("text", ["LINK IN BIO", "LlNK lN BI0", "link ln bio", "Link in der Bio", "LINKINBIO"])
def test_mistakes_of_recognisers_are_taken(text: str):
    assert actions(text) == {"link"}


def test_umlauts_may_be_lost_or_written_out():
    for word in ("Für", "Fur", "Fuer", "FÜR"):
        assert actions(f"{word} mehr folgen!") == {"follow"}


def test_a_call_is_told_with_its_place():
    (call,) = calls_in("Das war's. Und jetzt folg mir gern!")
    assert "Das war's. Und jetzt folg mir gern!"[call.start : call.end].endswith("folg mir")
    assert call.language_code == "de"
