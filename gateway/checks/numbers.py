"""Whether the number that is said of something is the number that is written of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from gateway.calls.passages import Passage, Piece, shown, spoken
from gateway.checks.check import AGREES, CONTRADICTS, Check, crossed
from gateway.checks.likeness import words_of
from gateway.evidence import Evidence
from reelscribe.v1.finding_pb2 import Finding

_NUMBERS = (
    "zero null|one|two zwei zwo|three drei|four vier|five funf fuenf|six sechs|seven sieben|eight acht|nine neun|"
    "ten zehn|eleven elf|twelve zwolf zwoelf"
)
NUMBERS = {word: number for number, words in enumerate(_NUMBERS.split("|")) for word in words.split()}
"""Folded. German "ein" is left out: it is an article as well."""

SAME_TIME_S = 5.0
"""What is written and said of one thing is so close together; later another thing may be counted."""

COUNTED_LENGTH = 4
"""Letters of a word that can be counted, at least: "3 x" and "5 km" are measures that change."""

_MEASURES = "uhr euro prozent percent minuten minutes sekunden seconds stunden hours grad degrees jahre years"
NOT_COUNTED = frozenset(_MEASURES.split())
"""Measures: two of them may well be told of two things."""


_PARTS = (
    "erste ersten letzte letzten nachste nachsten naechsten andere anderen weitere weiteren noch nur mindestens fast "
    "von jede jeder alle teil first last next other more another only least about of every all part number nummer platz top"
)
PARTS = frozenset(_PARTS.split())
"""After these a number counts some of the things ("the first three facts"), or stands for one: nothing to compare."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """So many of something."""

    number: int
    thing: str
    words: str
    pieces: tuple[Piece, ...]

    @property
    def start_s(self) -> float:
        return self.pieces[0].start_s

    @property
    def end_s(self) -> float:
        return max(piece.end_s for piece in self.pieces)


def counts_in(passage: Passage) -> Iterator[Count]:
    """Each number with the word after it. Works on pieces, so that every count has its own time."""
    listed = [(word, piece) for piece in passage.pieces for word in words_of(piece.content)]
    before = ["", *(word for word, _ in listed)]
    for (word, piece), (thing, after), left in zip(listed, listed[1:], before, strict=False):
        number = int(word) if word.isdecimal() and len(word) < 4 else NUMBERS.get(word)
        counted = len(thing) >= COUNTED_LENGTH and thing.isalpha() and thing not in NOT_COUNTED
        if number is not None and counted and left not in PARTS:
            yield Count(number=number, thing=thing, words=f"{word} {thing}", pieces=(piece, after))


def number_said_and_written(evidence: Evidence) -> Iterator[Finding]:
    """One finding for each count on screen of something that is counted aloud near it, too."""
    said = [count for passage in spoken(evidence) for count in counts_in(passage)]
    for written in (count for passage in shown(evidence) for count in counts_in(passage)):
        near = [count for count in said if count.thing == written.thing and _close(count, written)]
        if near:
            yield _compared(written, near)


def _close(one: Count, other: Count) -> bool:
    return one.start_s < other.end_s + SAME_TIME_S and other.start_s < one.end_s + SAME_TIME_S


def _compared(written: Count, said: Iterable[Count]) -> Finding:
    """They agree if the number is said at all: counting down, one says others, too."""
    listed = list(said)
    same = [count for count in listed if count.number == written.number]
    told = same or listed
    return crossed(
        "number_said_and_written",
        AGREES if same else CONTRADICTS,
        (written.start_s, written.end_s),
        claim=written.words,
        counterpart=", ".join(dict.fromkeys(count.words for count in told)),
        evidence=[piece.finding for count in (written, *told) for piece in count.pieces],
    )


CHECKS = (Check(reads=(("text_overlay", "speech_transcription"),), find=number_said_and_written),)
