"""How right an answer is: edit distances, and matches of changes of shot."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from bench.common.mixed import Change


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Counts that F1 is made of."""

    right: int
    wrong: int
    missed: int

    def __add__(self, other: Found) -> Found:
        return Found(right=self.right + other.right, wrong=self.wrong + other.wrong, missed=self.missed + other.missed)

    @property
    def f1(self) -> float:
        """[0, 1]; 1 where there was nothing to find and nothing was found."""
        total = 2 * self.right + self.wrong + self.missed
        return 2 * self.right / total if total else 1.0

    def __str__(self) -> str:
        return f"F1 {self.f1:.3f} ({self.right} right, {self.wrong} wrong, {self.missed} missed)"


def edit_distance(wanted: Sequence[str], got: Sequence[str]) -> int:
    """Insertions, deletions and substitutions that lead from one to the other."""
    row = list(range(len(got) + 1))
    for position, item in enumerate(wanted, 1):
        diagonal, row[0] = row[0], position
        for column, other in enumerate(got, 1):
            best = min(row[column] + 1, row[column - 1] + 1, diagonal + (item != other))
            diagonal, row[column] = row[column], best
    return row[-1]


def words(text: str) -> list[str]:
    """Lower-case words without marks; a hyphen parts words.

    >>> words("Der T-Rex, war's.")
    ['der', 't', 'rex', 'wars']
    """
    plain = unicodedata.normalize("NFC", text).lower().replace("-", " ")
    return re.sub(r"[^\w\s]", "", plain).split()


def word_errors(reference: str, read: str) -> tuple[int, int]:
    """Errors, and words of the reference."""
    wanted = words(reference)
    return edit_distance(wanted, words(read)), len(wanted)


def character_error(reference: str, read: str) -> float:
    """Edit distance over the reference's length: case and umlauts count, lines and repeated blanks do not."""
    wanted, got = (" ".join(unicodedata.normalize("NFC", text).split()) for text in (reference, read))
    return edit_distance(wanted, got) / max(1, len(wanted))


def matched(truth: Sequence[Change], spans: Sequence[tuple[int, int]], *, slack_frames: int) -> Found:
    """Half-open spans of frames that were reported, against changes that are there; each counts once.

    A report is right if it overlaps a change, widened by the slack, that no report before it has taken. A second
    report inside the same gradual change (its fade out and its fade in) is neither right nor wrong.
    """
    open_, right, wrong = list(truth), 0, 0
    for first, after in sorted(spans):
        near = [each for each in truth if first < each.after + slack_frames and after > each.first - slack_frames]
        fresh = [each for each in near if each in open_]
        if fresh:
            open_.remove(fresh[0])
            right += 1
        elif not any(not each.hard for each in near):
            wrong += 1
    return Found(right=right, wrong=wrong, missed=len(open_))
