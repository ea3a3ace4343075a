"""Two texts say the same if nearly all words and word pairs are the same."""

from __future__ import annotations

import pytest

from services.vlm.repetition import repeats, similarity


def test_case_and_punctuation_do_not_count() -> None:
    assert similarity("A woman raises a cup.", "a woman raises a cup") == 1.0


def test_other_words_have_nothing_in_common() -> None:
    assert similarity("Ein Hund bellt.", "A car turns left.") == 0.0


def test_order_counts() -> None:
    assert not repeats("the dog follows the man", "the man follows the dog")


@pytest.mark.parametrize("word_count", [5, 10, 14])
def test_one_changed_word_is_a_new_statement(word_count: int) -> None:
    words = [f"word{i}" for i in range(word_count)]
    assert not repeats(" ".join(words), " ".join([*words[:2], "other", *words[3:]]))


def test_one_changed_word_of_many_is_a_repetition() -> None:
    words = [f"word{i}" for i in range(20)]
    assert repeats(" ".join(words), " ".join([*words[:2], "other", *words[3:]]))


def test_two_empty_texts_are_the_same() -> None:
    assert repeats("", "...")


def test_umlauts_are_letters() -> None:
    assert similarity("Sie öffnet die Tür", "sie ÖFFNET die tür") == 1.0
