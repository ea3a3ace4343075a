"""What a tooltip says."""

from __future__ import annotations

import pytest

from reelscribe.report.page.known import Known
from reelscribe.report.page.measured import details
from reelscribe.report.page.words import words_of
from reelscribe.v1.finding_pb2 import Emphasis, Finding
from services.common.time import span
from tests.reelscribe.report import stories
from tests.reelscribe.report.reports import report, result

EN, DE = words_of("en"), words_of("de")
KNOWN = Known(stories.full())


def lines(shape: str) -> tuple[str, ...]:
    return tuple(line.replace("\N{NARROW NO-BREAK SPACE}", " ") for line in details(KNOWN.of(shape)[0], EN))


@pytest.mark.parametrize("found", KNOWN.all, ids=lambda found: found.finding.id)
def test_every_finding_ends_with_who_says_so_in_both_languages(found):
    for words in (EN, DE):
        told = details(found, words)
        assert words.label(found.analyzer) in told[-1]
        assert all(told)


def test_confidence_is_told_where_the_method_gives_one():
    assert lines("product")[-1] == "product detection · score 60 %"
    assert lines("gesture")[-1] == "body pose"


def test_measurements_come_with_units():
    assert lines("gesture")[:2] == ("their own left", "1.8 Hz")
    assert lines("product")[:3] == ("kitchenware", "visible for 3.80 s, 3 % of the picture", "“BREW”")
    assert lines("sound_event")[:2] == ("rises by 12.0 dB", "click")
    assert lines("pause")[0] == "“Tipps ▮ für”"


def test_a_description_is_taken_apart_and_its_probability_called_what_it_is():
    assert lines("description")[:5] == (
        "who: a woman in a red jumper",
        "where: a kitchen",
        "action: pouring coffee",
        "from 6 frames",
        "mean probability of the words to the model 62 %: how usual the wording is to it, not how true",
    )


def test_what_limits_a_description_is_said():
    again = details(KNOWN.of("description")[1], EN)
    assert again[:3] == (
        "says the same as at 0:00.0",
        "cut off where the model went on repeating itself",
        "not in the form that was asked for",
    )


def test_what_rests_on_other_findings_says_on_how_many():
    assert "rests on 2 findings" in lines("cross_check")
    assert "rests on one finding" in details(KNOWN.of("call_to_action")[0], EN)


def test_what_was_not_measured_is_left_out():
    bare = Finding(span=span(0, 1), label="emphasis", emphasis=Emphasis(word="Ja", level_db=2))
    (found,) = Known(report(result("speech_flow", bare))).all
    assert "semitones" not in " ".join(details(found, EN))
