"""Sentences in the manner of strangers: calls, comment replies and ordinary talk, in two halves by a fixed seed.

They follow the wording that public how-to pages about captions and outros report, as speech recognition and OCR hand it
over: without punctuation, in capitals, without umlauts, in pieces. They were written, labelled and split before their
author read a pattern, and only the half to develop on was looked at afterwards. The same author widened the patterns
then, and what is really said by strangers is met less often than the held-out half.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from pathlib import Path

CAPTIONS = Path(__file__).with_name("captions.tsv")
"""Language, label and text of a line, between tabs; `\\n` in a text is a line break of the caption."""

REPLY = "reply"
"""The label of a sentence that answers a comment."""

PLAIN = "plain"
"""The label of a sentence that sounds like an answer to a comment and is none."""

NONE = "none"
"""The label of a sentence with the words of a call that asks its viewer for nothing."""

SPLIT_SEED = 20251129
"""Any number would do; fixed, so that the same sentences stay held out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Caption:
    """One sentence and what a reader takes from it; a call may ask for several actions."""

    language_code: str
    label: str
    content: str

    @property
    def actions(self) -> frozenset[str]:
        """What the sentence asks for; empty where it asks for nothing."""
        return frozenset() if self.label in {NONE, REPLY, PLAIN} else frozenset(self.label.split("+"))


def read() -> list[Caption]:
    """Every sentence, in the file's order."""
    rows = [line.split("\t") for line in CAPTIONS.read_text(encoding="utf-8").splitlines()]
    return [Caption(language_code=code, label=label, content=text.replace("\\n", "\n")) for code, label, text in rows]


def to_develop_on() -> list[Caption]:
    """The half that patterns may be written for."""
    return _shuffled()[::2]


def held_out() -> list[Caption]:
    """The half that no pattern was written for."""
    return _shuffled()[1::2]


def _shuffled() -> list[Caption]:
    captions = read()
    random.Random(SPLIT_SEED).shuffle(captions)
    return captions
