"""Descriptions against detections and sounds."""

from __future__ import annotations

import pytest

from gateway.checks.check import AGREES, CONTRADICTS, UNCONFIRMED
from gateway.checks.described import described_and_detected, described_and_heard, mentions
from tests.gateway.told import described, evidence, heard, looked, seen


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A dog runs across the lawn.", {("dog", False)}),
        ("Two dogs and a woman.", {("dog", False), ("person", False)}),
        ("There are no people in the room.", {("person", True)}),
        ("Nobody is there.", {("person", True)}),
        ("Eine Frau hält eine Tasse, kein Hund ist zu sehen.", {("person", False), ("cup", False), ("dog", True)}),
        ("No cat at first, then a cat.", {("cat", False)}),
        ("A hotdog stand with a carpet.", set()),
        ("Ein Fenster.", set()),
    ],
)
def test_things_are_named_or_denied(text: str, expected: set[tuple[str, bool]]):
    assert {(mention.thing, mention.denied) for mention in mentions(text)} == expected


@pytest.mark.parametrize(
    ("text", "thing", "verdict"),
    [
        ("A dog sleeps.", "dog", AGREES),
        ("A dog sleeps.", "cat", UNCONFIRMED),
        ("No dog is there.", "dog", CONTRADICTS),
        ("No dog is there.", "cat", AGREES),
    ],
)
def test_verdicts(text: str, thing: str, verdict: int):
    told = looked("qwen2_vl_temporal", described(text, 2, 3))
    (found,) = described_and_detected(evidence(told, looked("object_detection", seen(thing, 1, 5))))
    assert found.cross_check.verdict == verdict


def test_a_thing_seen_at_another_time_confirms_nothing():
    told = looked("qwen2_vl_temporal", described("A dog sleeps.", 2, 3))
    (found,) = described_and_detected(evidence(told, looked("object_detection", seen("dog", 10, 15))))
    assert found.cross_check.verdict == UNCONFIRMED


def test_descriptions_in_a_row_are_one_finding():
    told = looked("qwen2_vl_temporal", *(described("A dog sleeps.", at, at + 1) for at in range(5)))
    (found,) = described_and_detected(evidence(told, looked("object_detection", seen("dog", 0, 5))))
    assert len(found.evidence_ids) == 6


def test_what_is_heard_agrees_and_silence_says_nothing():
    told = looked("qwen2_vl_temporal", described("A dog.", 2, 3), described("A dog.", 3, 4))
    (found,) = described_and_heard(evidence(told, looked("audio_environment", heard("bark", 2.2, 2.8))))
    assert (found.cross_check.verdict, found.cross_check.counterpart) == (AGREES, "bark")
