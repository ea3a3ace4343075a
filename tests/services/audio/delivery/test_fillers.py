from __future__ import annotations

import pytest

from services.audio.delivery.fillers import fillers
from services.audio.percepts.spoken_words import SpokenWord
from tests.services.audio.saying import word


def spoken(text: str, pause_before: str = "") -> list[SpokenWord]:
    """Words of 0.3 s without pauses, but 0.2 s before the one named."""
    words, at_s = [], 0.0
    for content in text.split():
        at_s += 0.2 if content == pause_before else 0.0
        words.append(word(content, at_s, at_s + 0.3))
        at_s += 0.3
    return words


def contents(text: str, code: str, pause_before: str = "") -> list[str]:
    return [filler.content for filler in fillers(spoken(text, pause_before), code)]


@pytest.mark.parametrize("sound", ["äh", "Ähm,", "ääähm", "öh", "hmm", "ehm", "mhm"])
def test_german_hesitations(sound: str) -> None:
    (found,) = fillers(spoken(f"Das ist {sound} gut"), "de")
    assert found.hesitation
    assert (found.start_s, found.end_s) == (pytest.approx(0.6), pytest.approx(0.9))


@pytest.mark.parametrize("sound", ["uh", "Um,", "uhm", "ummm", "erm", "hmm"])
def test_english_hesitations(sound: str) -> None:
    (found,) = fillers(spoken(f"This is {sound} good"), "en")
    assert found.hesitation


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Er ist da", "de"),
        ("Um acht Uhr", "de"),
        ("Das ist also gut", "de"),
        ("Halt den Mund", "de"),
        ("Ah, her umbrella", "en"),
        ("Do you know him?", "en"),
        ("I like it", "en"),
        ("a kind of magic", "en"),
        ("I mean it", "en"),
    ],
)
def test_words_that_say_something_are_none(text: str, code: str) -> None:
    assert contents(text, code) == []


@pytest.mark.parametrize(
    ("text", "code", "filler"),
    [
        ("Also, das war schön.", "de", "also"),
        ("Das war, sag ich mal, schön.", "de", "sag ich mal"),
        ("Es war, you know, nice", "en", "you know"),
        ("It was, like, huge", "en", "like"),
        ("I mean, why?", "en", "i mean"),
    ],
)
def test_phrases_that_are_set_off_fill_a_gap(text: str, code: str, filler: str) -> None:
    (found,) = fillers(spoken(text), code)
    assert (found.content, found.hesitation) == (filler, False)


def test_a_pause_sets_off_where_no_comma_was_written() -> None:
    assert contents("sozusagen das Ende", "de") == []
    assert contents("sozusagen das Ende", "de", pause_before="das") == ["sozusagen"]


def test_each_is_counted() -> None:
    assert contents("Ähm, also, äh, ja", "de") == ["ähm", "also", "äh"]


def test_other_languages_have_no_list() -> None:
    assert contents("euh je ne sais pas", "fr") == []


def test_nothing_said_has_none() -> None:
    assert fillers([], "de") == []
