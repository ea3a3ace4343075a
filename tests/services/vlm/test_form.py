"""Answers that keep the form are taken apart, however they are dressed up; others are not."""

from __future__ import annotations

import pytest

from services.vlm.form import Parsed, parsed
from services.vlm.prompts import load_prompt

ENGLISH = load_prompt("en", "v2").form
GERMAN = load_prompt("de", "v2").form
DOG = Parsed(happening="A dog runs to the door.", who="a brown dog", place="a hallway", action="running")


@pytest.mark.parametrize(
    "text",
    [
        "WHAT: A dog runs to the door.\nWHO: a brown dog\nWHERE: a hallway\nACTION: running",
        "What: A dog runs to the door.\nwho: a brown dog\nWhere : a hallway\nAction: running\n",
        "**WHAT:** A dog runs to the door.\n**WHO:** a brown dog\n**WHERE**: a hallway\n**ACTION:** running",
        "- WHAT: A dog runs to the door.\n- WHO: a brown dog\n- WHERE: a hallway\n- ACTION: running",
        "1. WHAT: A dog runs to the door.\n2. WHO: a brown dog\n3. WHERE: a hallway\n4. ACTION: running",
        "WHAT: A dog runs to the door. WHO: a brown dog WHERE: a hallway ACTION: running",
        "WHO: a brown dog\nACTION: running\nWHERE: a hallway\nWHAT: A dog runs to the door.",
        "WHAT:\nA dog runs\nto the door.\n\nWHO:\na brown dog\n\nWHERE:\na hallway\n\nACTION:\nrunning",
        'WHAT: "A dog runs to the door."\nWHO: "a brown dog"\nWHERE: "a hallway"\nACTION: "running"',
        '{"what": "A dog runs to the door.",\n "who": "a brown dog",\n "where": "a hallway",\n "action": "running"}',
        "WHAT：A dog runs to the door.\nWHO：a brown dog\nWHERE：a hallway\nACTION：running",
        "WHAT: A dog runs to the door.\nWHO: a brown dog\nWHERE: a hallway\nACTION: running\nWHAT: A cat.\nWHO: a cat",
    ],
)
def test_the_form_is_read_however_it_is_dressed_up(text: str) -> None:
    assert parsed(text, ENGLISH) == DOG


def test_german_is_read_by_german_labels() -> None:
    text = "WAS: Eine Frau öffnet die Tür.\nWER: eine Frau\nWO: in der Küche\nAKTION: öffnet die Tür"
    assert parsed(text, GERMAN) == Parsed(
        happening="Eine Frau öffnet die Tür.", who="eine Frau", place="in der Küche", action="öffnet die Tür"
    )


def test_german_under_english_labels_is_read_too() -> None:
    text = "WHAT: Ein Hund bellt.\nWHO: ein Hund\nWHERE: nichts\nACTION: bellt"
    assert parsed(text, GERMAN) == Parsed(happening="Ein Hund bellt.", who="ein Hund", place="", action="bellt")


@pytest.mark.parametrize("nothing", ["none", "None.", "NONE", "-", "—", "n/a", '"none"', "nobody", "not visible", ""])
def test_what_is_said_not_to_be_there_is_empty(nothing: str) -> None:
    found = parsed(f"WHAT: The screen is black.\nWHO: {nothing}\nWHERE: {nothing}\nACTION: {nothing}", ENGLISH)
    assert found == Parsed(happening="The screen is black.", who="", place="", action="")


@pytest.mark.parametrize("nothing", ["nichts", "Nichts.", "niemand", "„nichts“", "nicht zu erkennen"])
def test_german_words_for_nothing_are_known(nothing: str) -> None:
    found = parsed(f"WAS: Das Bild ist schwarz.\nWER: {nothing}\nWO: {nothing}\nAKTION: {nothing}", GERMAN)
    assert found == Parsed(happening="Das Bild ist schwarz.", who="", place="", action="")


@pytest.mark.parametrize(
    "text",
    [
        "A dog runs to the door of a hallway.",
        "",
        "WHAT: A dog runs.",
        "WHAT: A dog runs.\nWHO: a dog\nWHERE: a hallway",
        "WHO: a dog\nWHERE: a hallway\nACTION: running",
        "WHAT: none\nWHO: none\nWHERE: none\nACTION: none",
        "Here is the answer I was asked for.\nWHAT: A dog.\nWHO: a dog\nWHERE: a hallway\nACTION: running",
        "The man asks who: a dog, where: a hall, what: a door, action: none",
    ],
)
def test_what_does_not_keep_the_form_is_not_taken_apart(text: str) -> None:
    assert parsed(text, ENGLISH) is None


def test_a_small_word_with_a_colon_inside_a_sentence_is_no_label() -> None:
    text = "WHAT: A sign asks who: nobody knows.\nWHO: a sign\nWHERE: a street\nACTION: none"
    assert parsed(text, ENGLISH) == Parsed(
        happening="A sign asks who: nobody knows.", who="a sign", place="a street", action=""
    )


def test_an_answer_that_was_stopped_may_lack_its_end_but_not_its_start() -> None:
    stopped = "WHAT: A dog runs to the door.\nWHO: a brown"
    assert parsed(stopped, ENGLISH, complete=False) == Parsed(
        happening="A dog runs to the door.", who="a brown", place="", action=""
    )
    assert parsed(stopped, ENGLISH) is None
    assert parsed("WHO: a brown dog\nWHERE: a", ENGLISH, complete=False) is None
