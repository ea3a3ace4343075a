"""Where in a text somebody may be asked for something: the places at which an imperative can begin.

Captions and transcripts often have no punctuation: "that was the boat follow me for more". So there are three kinds of
places, and a pattern says by its first three characters at which of them it counts; one without such a mark counts
anywhere.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import pairwise

from gateway.calls.folding import tolerant

BEGINS = "<S>"
"""At the beginning of a clause: of the text, after a mark, after "and", "please", "bitte" and the like."""

VERB = "<V>"
"""At any word that does not follow a subject, an auxiliary, a negation or an article ("they", "would", "the")."""

ASKED = "<A>"
"""After words that ask by themselves: "don't forget to", "it would help if you"."""

PARTICLES = (
    "and|so|please|pls|now|just|also|then|but|or|guys|go|go ahead and|you can|let's|today|anyway|okay|ok|quickly|"
    "definitely|"
    "und|also|dann|bitte|gerne?|jetzt|doch|aber|oder|nun|einfach|am besten|hey|leute|mal|unbedingt|deshalb|tschuss|bis"
)
"""Words after which an imperative still stands at the beginning of its clause."""

ASKING = (
    r"(?:(?:forget|remember|sure|free|(?:love|want|like) (?:for )?you|asking you|you'?(?:ll| will| might| may) "
    r"(?:want|need)|you (?:should|need|have|gotta|wanna)|favou?r) (?:to|and)"
    r"|(?:make|be) sure (?:that )?you(?: all)?|sure y'?all"
    r"|(?:love|appreciate|happy|grateful|glad|great|awesome|lot|world|help|helps|cool|nice|amazing)"
    r"(?: me| us)?(?: it)?(?: a lot| so much| out)?(?: if| when) you(?:'d| would| could| can| guys)?)"
)
"""Words that ask by themselves, up to the verb."""

_HOLDING = (
    "i you he she they we who that which to would will can could should did do does not never always people "
    "everyone everybody nobody the a an my your his her their our its no some don't didn't won't can't "
    "couldn't wouldn't doesn't i'll we'll you'll they'll he'll she'll i'd we'd they'd must may might cannot "
    "ich er sie es wir man wer ihr du zu nicht nie niemals dass der die das den dem ein eine einen kein keine "
    "price of for by with from at than von mit bei zum zur im vom ganz sehr jeder "
    "jede jeden ersten wird werden wurde mein meine jemand viele alle niemand muss musste soll sollte kann will"
)
NOT_BEFORE = frozenset(_HOLDING.split())
"""Words that make the next one something else than an imperative."""

_SYMBOL = r"[^\w\s'@#&%$€/]"
"""A mark or an emoji: it ends a clause."""

_BEGINNING = re.compile(
    tolerant(rf"(?:^|\n|{_SYMBOL}|\b(?:{PARTICLES})(?=\s)|\b{ASKING}(?=\s))\s*(?:\b(?:{PARTICLES})\s+)*")
)
_ASKED = re.compile(tolerant(rf"\b{ASKING}\s+(?:(?:please|also|go|go and)\s+)?"))
_WORD = re.compile(r"(?<![\w'@#])@?\w+(?:'\w+)?")


def places(plain: str) -> Mapping[str, Sequence[int]]:
    """Of each kind, the places in a folded text, in order.

    >>> places("they say follow me")["<S>"], places("they say follow me")["<V>"]
    ([0], [0, 9, 16])
    """
    begins = {at for match in _BEGINNING.finditer(plain) for at in _stops(match)}
    words = list(_WORD.finditer(plain))
    free = {words[0].start()} if words else set()
    free.update(word.start() for before, word in pairwise(words) if not _holds(plain, before, word))
    asked = {match.end() for match in _ASKED.finditer(plain)}
    return {BEGINS: sorted(begins), VERB: sorted(free | begins), ASKED: sorted(asked)}


def _stops(match: re.Match[str]) -> list[int]:
    """A clause begins at each of its particles, and after them: "now follow me", "just because"."""
    inside = [match.start() + at.end() for at in re.finditer(r"\s+|^", match.group())]
    return [*inside, match.end()]


def _holds(plain: str, before: re.Match[str], word: re.Match[str]) -> bool:
    """Whether the word belongs to the one before it, in the same clause."""
    return before.group() in NOT_BEFORE and plain[before.end() : word.start()].strip(" ") == ""
