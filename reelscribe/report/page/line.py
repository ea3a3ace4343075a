"""A sentence of a section, and where in the video it can be checked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from reelscribe.report.found import Found
from reelscribe.report.page.words import Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One sentence. `at_s`: the moment it speaks of; None where that is all of the video."""

    text: str
    at_s: float | None = None
    tone: str = ""
    """Quiet for what limits the others: "quiet"."""


def counted_labels(found: Iterable[Found], words: Words, *, most: int = 8) -> str:
    """ "2 × clock, laptop and person", the most frequent first."""
    counts: dict[str, int] = {}
    for each in found:
        counts[each.label] = counts.get(each.label, 0) + 1
    ordered = sorted(counts.items(), key=lambda item: -item[1])
    return words.listed([counted(words.label(name), count) for name, count in ordered], most=most)


def counted(name: str, count: int) -> str:
    """ "clock", "2 × clock"."""
    return name if count == 1 else f"{count} × {name}"


def lengths(found: Sequence[Found], words: Words, *, most: int = 6) -> str:
    """ "static 20.1 s, pan left 2.00 s", the longest first."""
    total: dict[str, float] = {}
    for each in found:
        total[each.label] = total.get(each.label, 0.0) + each.length_s
    ordered = sorted(total.items(), key=lambda item: -item[1])
    return words.listed([f"{words.label(name)} {words.length(length_s)}" for name, length_s in ordered], most=most)


def excerpt(text: str, most: int = 240) -> str:
    """In one line, cut at a word's end."""
    whole = " ".join(text.split())
    if len(whole) <= most:
        return whole
    return f"{whole[:most].rsplit(' ', 1)[0]} …"
