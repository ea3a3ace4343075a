"""How much of one text is found in another, word by word and in order."""

from __future__ import annotations

import re
from difflib import SequenceMatcher

from gateway.calls.folding import folded


def words_of(text: str) -> list[str]:
    """Words as they are compared: without case, marks over letters and punctuation.

    >>> words_of("Für DICH: T-Rex!")
    ['fur', 'dich', 't', 'rex']
    """
    return re.findall(r"[^\W_]+", folded(text))


def found_in(words: list[str], others: list[str]) -> float:
    """Share of the words that the others hold, in the same order, [0, 1]; 0 of none."""
    if not words:
        return 0.0
    matcher = SequenceMatcher(None, words, others, autojunk=False)
    return sum(block.size for block in matcher.get_matching_blocks()) / len(words)
