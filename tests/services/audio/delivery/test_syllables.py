"""Words whose syllables are known: those that the rules were written with, and those that were held back."""

from __future__ import annotations

import pytest

from bench.common.syllable_words import ENGLISH, GERMAN, counted
from services.audio.delivery.syllables import syllables

LANGUAGES = pytest.mark.parametrize(("code", "words"), [("de", GERMAN), ("en", ENGLISH)])


def right(code: str, pairs: list[tuple[str, int]]) -> float:
    return sum(syllables(word, code) == count for word, count in pairs) / len(pairs)


@LANGUAGES
def test_there_are_words_enough_and_none_twice(code: str, words: str) -> None:
    pairs = counted(words)
    assert len(pairs) >= 150
    assert len({word for word, _ in pairs}) == len(pairs)


@LANGUAGES
def test_words_that_the_rules_were_written_with(code: str, words: str) -> None:
    assert right(code, counted(words)[::2]) == 1.0


@LANGUAGES
def test_words_that_were_held_back(code: str, words: str) -> None:
    assert right(code, counted(words)[1::2]) >= 0.95


@pytest.mark.parametrize("code", ["de", "en", "de-AT", "en-GB"])
def test_marks_and_capitals_change_nothing(code: str) -> None:
    assert syllables("„Radio“,", code) == syllables("RADIO", code) == 3


def test_a_word_of_marks_has_none() -> None:
    assert syllables("…", "de") == 0


def test_words_joined_by_a_hyphen_are_counted_each() -> None:
    assert syllables("T-Rex", "en") == 2
    assert syllables("Film-Studio", "de") == 4


def test_an_apostrophe_is_no_gap() -> None:
    assert syllables("don't", "en") == syllables("don’t", "en") == 1


def test_figures_are_counted_as_they_are_spoken() -> None:
    assert syllables("21", "de") == 4
    assert syllables("300", "en") == 3


@pytest.mark.parametrize("word", ["1969", "3,5", "3x", "12:30", "B2B"])
def test_what_can_be_read_in_several_ways_is_not_guessed(word: str) -> None:
    assert syllables(word, "de") is None


def test_other_languages_are_not_counted_by_rules_that_are_not_theirs() -> None:
    assert syllables("bonjour", "fr") is None
    assert syllables("日本", "ja") is None
