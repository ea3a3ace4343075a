"""The words that ask a viewer for something, in German and English.

An imperative counts where a clause begins: "follow me" asks for something, "the dog would follow me" does not. What
nobody says in another sense ("link in bio") counts anywhere. The patterns themselves are in `german` and `english`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from gateway.calls.english import ENGLISH
from gateway.calls.folding import folded, tolerant
from gateway.calls.german import GERMAN

PARTICLES = (
    "and|so|please|now|just|also|then|but|or|guys|(?:forget|sure|remember|free|you) to|sure you|go ahead and|you can|"
    "und|also|dann|bitte|gerne?|jetzt|doch|aber|oder|nun|einfach|am besten|hey|leute|mal"
)
"""Words after which an imperative still stands at the beginning of its clause ("make sure to follow us")."""

START = rf"(?:(?:^|[.!?,;:…–—\n\"-])\s*(?:(?:{PARTICLES})\s+){{0,3}}|\b(?:{PARTICLES})\s+)"
GAP = r"[^.!?\n]"


NAMED_WORD = (
    ("de", r"<S>kommentiere?t?:? [\"']?(\w{2,})"),
    ("en", r"<S>comment:? [\"']?(\w{2,})"),
)
"""A comment of one given word is asked for, if that word stands in capitals: "comment GUIDE"."""


LISTED = {
    "de": {
        "liken": "like", "teilen": "share", "kommentieren": "comment", "abonnieren": "subscribe", "folgen": "follow",
        "speichern": "save",
    },
    "en": {
        "like": "like", "comment": "comment", "share": "share", "save": "save", "subscribe": "subscribe",
        "follow": "follow",
    },
}  # fmt: skip
"""Verbs that ask when they stand in a row ("like, comment and subscribe"), though one of them alone may not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One call, as places in the text: half-open."""

    action: str
    language_code: str
    start: int
    end: int


def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(tolerant(pattern.replace("<S>", START).replace("<G>", GAP)))


COMPILED = tuple(
    (language_code, action, _compiled(pattern))
    for language_code, actions in (("de", GERMAN), ("en", ENGLISH))
    for action, patterns in actions.items()
    for pattern in patterns
)
AND = r"\s*(?:,\s*(?:and |und )?|\band\b|\bund\b|&|\+|/|•|\||\n)\s*"
ROWS = tuple(
    (language_code, verbs, _compiled(rf"<S>(?:{'|'.join(verbs)})(?:{AND}(?:{'|'.join(verbs)}))+\b"))
    for language_code, verbs in LISTED.items()
)
CAPITALS = tuple((language_code, _compiled(pattern)) for language_code, pattern in NAMED_WORD)


def calls_in(text: str) -> list[Call]:
    """Calls in a text, in order; of one action those that overlap are one, as long as both."""
    found: list[Call] = []
    for call in sorted(_matches(text), key=lambda call: (call.action, call.start, -call.end)):
        last = found[-1] if found else None
        if last is not None and last.action == call.action and call.start < last.end:
            found[-1] = Call(
                action=last.action,
                language_code=last.language_code,
                start=last.start,
                end=max(last.end, call.end),
            )
        else:
            found.append(call)
    return sorted(found, key=lambda call: (call.start, call.action))


def _matches(text: str) -> Iterator[Call]:
    plain = folded(text)
    for language_code, action, pattern in COMPILED:
        for match in pattern.finditer(plain):
            yield _call(action, language_code, plain, *match.span())
    for language_code, verbs, row in ROWS:
        for match in row.finditer(plain):
            for verb, action in verbs.items():
                if re.search(tolerant(rf"\b{verb}\b"), match.group()):
                    yield _call(action, language_code, plain, *match.span())
    for language_code, pattern in CAPITALS:
        for match in pattern.finditer(plain):
            word = text[match.start(1) : match.end(1)]
            if word.isupper() and word.isalpha():
                yield _call("comment", language_code, plain, *match.span())


def _call(action: str, language_code: str, plain: str, start: int, end: int) -> Call:
    """Without the marks and blanks around it."""
    while start < end and not plain[start].isalnum():
        start += 1
    while end > start and not plain[end - 1].isalnum():
        end -= 1
    return Call(action=action, language_code=language_code, start=start, end=end)
