"""Whether a description says the same as the one before it, measured on words alone."""

from __future__ import annotations

import itertools
import re
from collections import Counter

REPEATED_FROM = 0.9
"""Similarity from which two texts say the same: one changed word makes a new statement in up to 15 words."""

_WORD = re.compile(r"\w+")


def similarity(left: str, right: str) -> float:
    """Share of words and word pairs that two texts have in common, [0, 1]; case and punctuation do not count.

    With n words and one of them changed it is (2n - 4) / (2n - 1): 0.67 for 5 words, 0.90 for 15.

    >>> round(similarity("A woman raises a cup.", "a woman lowers a cup"), 2)
    0.67
    """
    left_grams, right_grams = _grams(left), _grams(right)
    total = left_grams.total() + right_grams.total()
    return 2 * (left_grams & right_grams).total() / total if total else 1.0


def repeats(text: str, before: str) -> bool:
    """The text says the same as the one before it."""
    return similarity(text, before) >= REPEATED_FROM


def _grams(text: str) -> Counter[tuple[str, ...]]:
    words = _WORD.findall(text.casefold())
    return Counter([(word,) for word in words] + list(itertools.pairwise(words)))
