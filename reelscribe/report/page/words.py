"""How the page speaks: phrases, labels and numbers in English or German."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

from reelscribe.report.clock import MINUTE_S, clock
from services.common.errors import InvalidInput

LANGUAGES = ("en", "de")
"""Each has a file of phrases beside this one, with the same keys."""

REPORTS_LANGUAGE = "en"
"""In which analyzers write their reasons."""

BETWEEN_TERMS = (", ", " or ")
TERMS = re.compile("(, | or )")
"""What stands between labels where several are named."""

ABSENT = "no "
"""Before the name of what was looked for and not found."""

PLAIN_REASONS = frozenset(
    {"weights_not_installed", "library_not_installed", "no_audio_stream", "no_video_stream", "not_loaded"}
)
"""Codes that say all: the sentence beside them adds a name that stands in the command that mends it, or nothing."""

WORTH_NAMING = 6
"""Things named in one sentence; the rest are counted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """One language. What it has no word for is shown as it is, blanks for underscores."""

    language: str
    phrases: Mapping[str, str]
    labels: Mapping[str, str]

    def say(self, key: str, /, **facts: object) -> str:
        """The phrase of this key with the facts in it. With `count`, its form for one or for several."""
        if key not in self.phrases:
            key = f"{key}.{'one' if facts.get('count') == 1 else 'other'}"
        return self.phrases[key].format(**{name: self._told(fact) for name, fact in facts.items()})

    def label(self, name: str) -> str:
        """A word of a report's vocabulary: "hard_cut" is "hard cut"."""
        return self.labels.get(name) or name.replace("_", " ")

    def terms(self, text: str) -> str:
        """Labels as a cross check names them, each in this language: "no dog", "bark, bow wow", "face or person"."""
        absent = text.startswith(ABSENT)
        named = "".join(
            piece if piece in BETWEEN_TERMS else self.label(piece.replace(" ", "_"))
            for piece in TERMS.split(text.removeprefix(ABSENT))
        )
        named = named.replace(" or ", f" {self.phrases['or']} ")
        return self.say("absent", name=named) if absent else named

    def reason(self, code: str, message: str) -> str:
        """Why something was not looked at: the reports' own sentence, in German after what its code stands for."""
        known = self.phrases.get(f"reason.{code}") if self.language != REPORTS_LANGUAGE else None
        return f"{known} ({message})" if known and message and code not in PLAIN_REASONS else known or message

    def number(self, value: float, decimals: int = 0) -> str:
        """With the language's decimal mark; a true minus."""
        text = f"{value:,.{decimals}f}".replace("-", "\N{MINUS SIGN}")
        if text.lstrip("\N{MINUS SIGN}").strip("0.") == "":
            text = text.lstrip("\N{MINUS SIGN}")
        return text.translate(str.maketrans(",.", ".,")) if self.language == "de" else text

    def percent(self, share: float) -> str:
        """0.256 is "26 %", with a narrow blank; what is there and less than half a percent is "< 1 %"."""
        if 0 < share < 0.005:
            return "<\N{NARROW NO-BREAK SPACE}1\N{NARROW NO-BREAK SPACE}%"
        return f"{self.number(100 * share)}\N{NARROW NO-BREAK SPACE}%"

    def at(self, position_s: float, decimals: int = 1) -> str:
        """A position: "0:05.9"."""
        text = clock(position_s, decimals)
        return text.replace(".", ",") if self.language == "de" else text

    def within(self, start_s: float, end_s: float) -> str:
        """A stretch: "0:01.2–0:03.4"."""
        return f"{self.at(start_s)}–{self.at(end_s)}"

    def length(self, length_s: float) -> str:
        """A length: "5.97 s" below ten seconds, "24.8 s" above, "2:05 min" from a minute on."""
        if length_s >= MINUTE_S:
            return f"{self.at(length_s, 0)}\N{NARROW NO-BREAK SPACE}min"
        return f"{self.number(length_s, 2 if length_s < 10 else 1)}\N{NARROW NO-BREAK SPACE}s"

    def quoted(self, text: str) -> str:
        """In the language's quotation marks."""
        return f"„{text}“" if self.language == "de" else f"“{text}”"

    def listed(self, items: Sequence[str], *, most: int = WORTH_NAMING) -> str:
        """ "a, b and c", or "a, b and 7 more"."""
        named = list(items[:most])
        if len(items) > most:
            named.append(self.say("more", count=len(items) - most))
        if len(named) < 2:
            return "".join(named)
        return f"{', '.join(named[:-1])} {self.phrases['and']} {named[-1]}"

    def _told(self, fact: object) -> object:
        if isinstance(fact, bool) or not isinstance(fact, float | int):
            return fact
        return self.number(fact, 0 if isinstance(fact, int) else 1)


@lru_cache
def words_of(language: str) -> Words:
    """Raises InvalidInput for a language there is no file for."""
    if language not in LANGUAGES:
        raise InvalidInput(f"a report speaks {' or '.join(LANGUAGES)}, not {language!r}")
    table = tomllib.loads((files(__package__) / f"{language}.toml").read_text(encoding="utf-8"))
    labels = table.pop("labels")
    return Words(language=language, phrases=dict(flat(table)), labels=labels)


def flat(table: Mapping[str, Any], path: str = "") -> list[tuple[str, str]]:
    """{"cuts": {"one": "a cut"}} as [("cuts.one", "a cut")]."""
    told: list[tuple[str, str]] = []
    for key, value in table.items():
        told += flat(value, f"{path}{key}.") if isinstance(value, dict) else [(f"{path}{key}", value)]
    return told
