"""What the model's words amount to."""

from __future__ import annotations

import pytest

from services.vlm.answer import read
from services.vlm.form import Parsed
from services.vlm.prompts import load_prompt
from services.vlm.segment_model import Written

FORM = load_prompt("en", "v2").form
LINES = "WHAT: A dog runs.\nWHO: a dog\nWHERE: a street\nACTION: running"


def written(text: str, *, complete: bool = True) -> Written:
    return Written(text=text, prompt_token_count=100, output_token_count=20, complete=complete)


def test_the_form_is_taken_apart_and_what_happens_is_the_content() -> None:
    answer = read(written(LINES), FORM)
    assert answer.fields == Parsed(happening="A dog runs.", who="a dog", place="a street", action="running")
    assert (answer.content, answer.statement, answer.looped) == ("A dog runs.", "A dog runs. running", False)


def test_without_the_form_the_words_are_kept_and_no_field_is_filled() -> None:
    answer = read(written("A dog runs over a street."), FORM)
    assert answer.fields is None
    assert (answer.content, answer.statement) == ("A dog runs over a street.", "A dog runs over a street.")


def test_where_no_form_was_asked_for_none_is_looked_for() -> None:
    answer = read(written(LINES), None)
    assert answer.fields is None
    assert answer.content == LINES


@pytest.mark.parametrize(
    ("text", "content"),
    [
        ("A dog runs over a", "A dog runs over a…"),
        ("WHAT: A dog runs over a", "A dog runs over a…"),
        ("WHAT: A dog runs.\nWHO: a", "A dog runs."),
        ("WHAT: A dog runs.\nWHO: none\nWHERE:", "A dog runs."),
        ("", ""),
    ],
)
def test_a_sentence_that_was_cut_shows_it(text: str, content: str) -> None:
    assert read(written(text, complete=False), FORM).content == content


def test_a_loop_is_left_off_and_said() -> None:
    answer = read(written("WHAT: A dog runs and runs and runs and runs and", complete=False), FORM)
    assert answer.looped
    assert answer.content == "A dog runs and"
    assert answer.fields == Parsed(happening="A dog runs and", who="", place="", action="")


def test_a_form_that_is_written_again_and_again_is_read_once() -> None:
    answer = read(written(" ".join([LINES] * 3)), FORM)
    assert answer.looped
    assert answer.fields == read(written(LINES), FORM).fields


def test_who_and_where_may_stay_the_same_from_segment_to_segment() -> None:
    other = LINES.replace("A dog runs.", "A dog barks.").replace("running", "barking")
    assert read(written(other), FORM).statement == "A dog barks. barking"
