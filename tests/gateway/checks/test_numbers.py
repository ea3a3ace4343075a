"""Numbers that are said and written."""

from __future__ import annotations

import pytest

from gateway.checks.check import AGREES, CONTRADICTS
from gateway.checks.numbers import number_said_and_written
from reelscribe.v1.finding_pb2 import Finding
from tests.gateway.told import TITLE, evidence, looked, said, written


def compared(title: str, words: str, start_s: float = 2.0) -> list[Finding]:
    shown = looked("text_overlay", written(title, 0, 5, TITLE))
    return list(number_said_and_written(evidence(shown, looked("speech_transcription", said(words, start_s)))))


@pytest.mark.parametrize(
    ("title", "words", "verdict"),
    [
        ("5 TIPPS FÜR DICH", "Heute habe ich fünf Tipps für dich", AGREES),
        ("5 TIPPS FÜR DICH", "Heute habe ich drei Tipps für dich", CONTRADICTS),
        ("THREE FACTS", "here are 3 facts", AGREES),
        ("7 FACTS", "I have ten facts, but seven facts matter", AGREES),
    ],
)
def test_verdicts(title: str, words: str, verdict: int):
    (found,) = compared(title, words)
    assert found.cross_check.verdict == verdict
    assert len(found.evidence_ids) == 2


@pytest.mark.parametrize(
    ("title", "words"),
    [
        ("5 TIPPS", "drei Fehler die du machst"),
        ("5 MINUTEN", "nur drei Minuten später"),
        ("5 TIPPS", "diese Tipps helfen"),
        ("5 TIPPS", "die ersten drei Tipps"),
        ("10 FACTS", "only three facts matter"),
        ("TOP 5 FACTS", "I have three facts"),
        ("2024", "im Jahr zwanzig"),
    ],
)
def test_different_things_are_not_compared(title: str, words: str):
    assert compared(title, words) == []


def test_what_is_counted_much_later_is_something_else():
    assert compared("5 TIPPS", "und jetzt drei Tipps", start_s=15.0) == []
