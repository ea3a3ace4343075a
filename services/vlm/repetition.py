"""Whether a description says what an earlier one said, or the same words over and over: measured on words alone."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from dataclasses import dataclass, field

REPEATED_FROM = 0.9
"""Similarity from which two texts say the same: one changed word makes a new statement in up to 15 words."""

LOOP_COUNT = 3
"""A group of words written this often in a row is a loop: people say "very, very" and "no, no, no", but three times the
same group of two or more words, or four times the same word, is a model that cannot stop."""

MAX_LOOP_WORDS = 32
"""Longest group looked for: about two sentences."""

_WORD = re.compile(r"\w+")


@dataclass(slots=True)
class Earlier:
    """The texts of a part so far, in order, and when their segments begin."""

    _told: list[tuple[float, Counter[tuple[str, ...]]]] = field(default_factory=list)

    def add(self, start_s: float, text: str) -> None:
        """Remember what was said of the segment that begins at `start_s`."""
        self._told.append((start_s, _grams(text)))

    def same_as(self, text: str) -> float | None:
        """Start of the latest earlier segment whose text says the same; None if none does."""
        grams = _grams(text)
        for start_s, earlier in reversed(self._told):
            if _shared(grams, earlier) >= REPEATED_FROM:
                return start_s
        return None


def similarity(left: str, right: str) -> float:
    """Share of words and word pairs that two texts have in common, [0, 1]; case and punctuation do not count.

    With n words and one of them changed it is (2n - 4) / (2n - 1): 0.67 for 5 words, 0.90 for 15.

    >>> round(similarity("A woman raises a cup.", "a woman lowers a cup"), 2)
    0.67
    """
    return _shared(_grams(left), _grams(right))


def repeats(text: str, before: str) -> bool:
    """The text says the same as the one before it."""
    return similarity(text, before) >= REPEATED_FROM


def without_loop(text: str) -> str:
    """The text up to the first end of the group of words it goes on to repeat; the text itself where it has no loop.

    The last round may be unfinished: that is how a loop looks that was stopped at a limit of tokens.

    >>> without_loop("He walks. A car stops. A car stops. A car stops. A car")
    'He walks. A car stops.'
    """
    words = list(_WORD.finditer(text))
    plain = [word[0].casefold() for word in words]
    for size in range(1, min(MAX_LOOP_WORDS, len(plain) // LOOP_COUNT) + 1):
        start = _loop_start(plain, size)
        if start is not None:
            kept_end = words[start + size - 1].end()
            stop = re.match(r"[^\w\s]*", text[kept_end:])
            return text[: kept_end + (stop.end() if stop else 0)]
    return text


def _loop_start(words: list[str], size: int) -> int | None:
    """Where the text starts to be one group of `size` words again and again to its end, if it is that often enough."""
    start = len(words) - size
    while start > 0 and words[start - 1] == words[start - 1 + size]:
        start -= 1
    needed = size * LOOP_COUNT if size > 1 else LOOP_COUNT + 1
    return start if start >= 0 and len(words) - start >= needed else None


def _shared(left: Counter[tuple[str, ...]], right: Counter[tuple[str, ...]]) -> float:
    total = left.total() + right.total()
    return 2 * (left & right).total() / total if total else 1.0


def _grams(text: str) -> Counter[tuple[str, ...]]:
    words = _WORD.findall(text.casefold())
    return Counter([(word,) for word in words] + list(itertools.pairwise(words)))
