"""Text as patterns read it: without case, marks over letters, or the mistakes that recognisers make."""

from __future__ import annotations

import re
import unicodedata

ALIKE = {"i": "[il1|]", "l": "[il1|]", "o": "[o0]"}
"""Letters that text recognisers take for one another in the sans-serif capitals of captions."""

SINGLE = {"ß": "s", "’": "'", "‘": "'", "`": "'", "“": '"', "”": '"', "„": '"', "\t": " ", "\u00a0": " "}
"""One character for one, so that places in the folded text are places in the text."""


def folded(text: str) -> str:
    """The text in lower case with plain letters, character by character: as long as it was.

    >>> folded("FÜR später"), len(folded("Straße")) == len("Straße")
    ('fur spater', True)
    """
    return "".join(_folded(character) for character in text)


def _folded(character: str) -> str:
    plain = SINGLE.get(character) or unicodedata.normalize("NFD", character)[0].lower()
    return plain if len(plain) == 1 else character


def tolerant(pattern: str) -> str:
    """The regular expression, taking letters that look alike for each other; escapes and classes are left alone.

    >>> tolerant(r"link\\b")
    '[il1|][il1|]nk\\\\b'
    """
    parts = re.split(r"(\\.|\[[^\]]*\]|\(\?P<\w+>|\(\?[a-z]*[:!=<]+|\{[\d,]+\})", pattern)
    return "".join(
        part if number % 2 else "".join(ALIKE.get(character, character) for character in part)
        for number, part in enumerate(parts)
    )
