"""Where somebody may be asked for something."""

from __future__ import annotations

import pytest

from gateway.calls.clauses import ASKED, BEGINS, VERB, places


def begin(text: str, word: str, kind: str) -> bool:
    return text.index(word) in places(text)[kind]


@pytest.mark.parametrize(
    "text", ["follow", "end. follow", "now follow", "so please follow", "tea\nfollow", "💾 follow"]
)
def test_a_clause_begins_after_marks_and_particles(text: str):
    assert begin(text, "follow", BEGINS)


@pytest.mark.parametrize("text", ["the dogs follow", "to follow", "that was it follow"])
def test_no_clause_begins_after_another_word(text: str):
    assert not begin(text, "follow", BEGINS)


@pytest.mark.parametrize("text", ["they follow", "would follow", "don't follow", "ich folge"])
def test_no_imperative_follows_a_subject_or_an_auxiliary(text: str):
    assert not begin(text, text.split()[1], VERB)


@pytest.mark.parametrize("text", ["that was it follow", "they left. follow", "they! follow", "das wars folge"])
def test_an_imperative_may_follow_anything_else(text: str):
    assert begin(text, text.split()[-1], VERB)


@pytest.mark.parametrize("text", ["don't forget to follow", "make sure you follow", "would mean a lot if you follow"])
def test_what_asks_by_itself(text: str):
    assert begin(text, "follow", ASKED)


def test_an_empty_text_has_no_word_to_follow():
    assert list(places("")[ASKED]) == []
