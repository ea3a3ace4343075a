"""Two readings of the same words side by side: what one has twice, what it lacks, what it reads otherwise."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """Words."""

    doubled: int = 0
    """Added, and the same as those that stand right before or after them."""
    added: int = 0
    """Others that the first reading does not have."""
    lost: int = 0
    otherwise: int = 0
    """Read as another, or as more or fewer: the larger number."""

    def __add__(self, other: Difference) -> Difference:
        return Difference(
            doubled=self.doubled + other.doubled,
            added=self.added + other.added,
            lost=self.lost + other.lost,
            otherwise=self.otherwise + other.otherwise,
        )


def difference(known: Sequence[str], read: Sequence[str]) -> Difference:
    """Of a reading against the known words, both plain.

    >>> difference("ask not what".split(), "ask not ask not what".split())
    Difference(doubled=2, added=0, lost=0, otherwise=0)
    """
    found = Difference()
    for what, first, last, read_first, read_last in SequenceMatcher(None, known, read, autojunk=False).get_opcodes():
        count, read_count = last - first, read_last - read_first
        if what == "insert":
            same = _repeats(read, read_first, read_last)
            found += Difference(doubled=read_count) if same else Difference(added=read_count)
        elif what == "delete":
            found += Difference(lost=count)
        elif what == "replace":
            found += Difference(otherwise=max(count, read_count))
    return found


def _repeats(read: Sequence[str], first: int, last: int) -> bool:
    piece, count = read[first:last], last - first
    return piece in (read[max(0, first - count) : first], read[last : last + count])
