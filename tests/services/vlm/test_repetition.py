"""Two texts say the same if nearly all words and word pairs are the same; a loop is words over and over to the end."""

from __future__ import annotations

import pytest

from services.vlm.repetition import Earlier, repeats, similarity, without_loop


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


def test_any_earlier_text_is_found_again_and_the_latest_is_named() -> None:
    earlier = Earlier()
    for start_s, text in enumerate(["A man speaks.", "A woman listens.", "A man speaks!", "Rain falls."]):
        earlier.add(float(start_s), text)
    assert earlier.same_as("a man speaks") == 2.0
    assert earlier.same_as("A woman listens.") == 1.0
    assert earlier.same_as("A woman laughs.") is None
    assert Earlier().same_as("") is None


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("A car stops. A car stops. A car stops.", "A car stops."),
        ("He walks. A car stops. A car stops. A car stops. A car", "He walks. A car stops."),
        ("the dog dog dog dog dog", "the dog"),
        ("Ja, er geht, er geht, er geht", "Ja, er geht,"),
        ("WHAT: A door. WHAT: A door. WHAT: A door. WHAT", "WHAT: A door."),
        (" ".join([f"word{n}" for n in range(20)] * 3), " ".join(f"word{n}" for n in range(20))),
    ],
)
def test_words_written_over_and_over_to_the_end_are_a_loop(text: str, kept: str) -> None:
    assert without_loop(text) == kept


@pytest.mark.parametrize(
    "text",
    [
        "",
        "A dog.",
        "No, no, no!",
        "He says a very, very small thing.",
        "A man walks and a man walks past a man.",
        "A car stops. A car stops.",
        "She waves, she waves, she waves and goes away.",
    ],
)
def test_what_comes_to_an_end_by_itself_is_none(text: str) -> None:
    assert without_loop(text) == text
