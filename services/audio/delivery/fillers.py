"""Hesitations and phrases that only fill a gap, in German and English, as far as the transcript has them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from services.audio.percepts.spoken_words import SpokenWord

HESITATIONS: dict[str, re.Pattern[str]] = {
    # äh, ähm, öh, öhm, ehm, hm, hmm, mhm, with any letter drawn out: ääähm.
    "de": re.compile(r"(?:[äöe]+h+m*|[äö]+m+|h+m+|m+h+m+|e+h+m+|u+h+m+)"),
    # uh, um, uhm, er, erm, eh, ah, hm, mm; "er" and "ah" only where they are drawn out, as both are words as well.
    "en": re.compile(r"(?:u+h+m*|u+mm*|e+r+m+|e+rr+|e+h+|h+m+|mm+|a+h+m+)"),
}
"""Whole words, in lower case. Whisper was trained on edited text: it leaves out most of what is said of these."""

DISCOURSE: dict[str, tuple[tuple[str, ...], ...]] = {
    "de": (
        ("also",),
        ("halt",),
        ("quasi",),
        ("sozusagen",),
        ("na", "ja"),
        ("weißt", "du"),
        ("ich", "mein"),
        ("ich", "meine"),
        ("sag", "ich", "mal"),
        ("sagen", "wir", "mal"),
    ),
    "en": (("you", "know"), ("i", "mean"), ("like",), ("kind", "of"), ("sort", "of"), ("let's", "say")),
}
"""Counted only where they are set off on both sides by a comma, the end of a sentence or a pause: "also, ich" is one,
"das ist also gut" is not; ", like," is one, "I like" is not."""

SET_OFF = (",", ";", ":", ".", "!", "?", "…", "-", "–", "—")

SHORT_PAUSE_S = 0.15
"""Sets a phrase off where no comma was written: longer than the closure of a plosive."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SpokenFiller:
    """One of them."""

    content: str
    start_s: float
    end_s: float
    hesitation: bool
    """A sound, no phrase."""


def fillers(words: Sequence[SpokenWord], language_code: str) -> list[SpokenFiller]:
    """Those among the words of one utterance, in order; none in other languages."""
    language = language_code.partition("-")[0]
    if language not in HESITATIONS:
        return []
    plain = [_plain(word.content) for word in words]
    found, at = [], 0
    while at < len(words):
        hesitates = bool(HESITATIONS[language].fullmatch(plain[at]))
        length = 1 if hesitates else _phrase_length(words, plain, at, DISCOURSE[language])
        if length:
            said = words[at : at + length]
            content = " ".join(plain[at : at + length])
            found.append(
                SpokenFiller(content=content, start_s=said[0].start_s, end_s=said[-1].end_s, hesitation=hesitates)
            )
        at += max(1, length)
    return found


def _phrase_length(
    words: Sequence[SpokenWord], plain: Sequence[str], at: int, phrases: Sequence[tuple[str, ...]]
) -> int:
    """Words of the phrase that stands at `at`, set off on both sides; 0 for none."""
    for phrase in phrases:
        end = at + len(phrase)
        if tuple(plain[at:end]) == phrase and _set_off(words, at) and _set_off(words, end):
            return len(phrase)
    return 0


def _set_off(words: Sequence[SpokenWord], at: int) -> bool:
    """Whether something parts the word at `at` from the one before; the ends of an utterance do."""
    if at in (0, len(words)):
        return True
    before, after = words[at - 1], words[at]
    return before.content.endswith(SET_OFF) or after.start_s - before.end_s >= SHORT_PAUSE_S


def _plain(content: str) -> str:
    return re.sub(r"[^\w']", "", content.lower().replace("’", "'"))
