"""The words that ask a viewer for something, in German and English.

An imperative counts where it can be one: "follow me" asks for something, "the dog would follow me" does not (see
`clauses`). What nobody says in another sense ("link in bio") counts anywhere. The patterns themselves are in `german`
and `english`. A text is read twice, line by line and with its lines as one, since captions break anywhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from gateway.calls.clauses import BEGINS, places
from gateway.calls.english import ENGLISH
from gateway.calls.folding import folded, tolerant
from gateway.calls.german import GERMAN

GAP = r"[^.!?\n]"

SMALL = (
    r"(?:(?:gerne?|mal|doch|bitte|jetzt|unbedingt|einfach|auch|schon|gleich|direkt|noch|schnell|ruhig|kurz|am besten) )"
    r"{0,4}"
)
"""German words that stand between an imperative and its object."""

END = (
    r"(?=\s*(?:$|\n|[^\w\s'\"@#&%$€/?,:;()\[\]-]|"
    r"(?:and|or|if|so|because|now|please|before|guys|und|oder|wenn|bitte|damit|jetzt)\b))"
)
"""What was asked for ends there: with the text or line, with a mark or an emoji, or because something else begins."""

NAMED_WORD = (
    ("de", r"(kommentiere?t?(?: mit)?|schreibt?|tippt?):? [\"']?(\w{2,})"),
    ("en", r"(comment|type|write|drop|say):? [\"']?(\w{2,})"),
)
"""A comment of one given word is asked for, if that word stands in capitals and the verb does not, or something is
promised for it: "comment GUIDE", "COMMENT PLAN AND I'LL SEND IT"."""

PROMISED = re.compile(r"[\"']? (?:for|to get|and (?:i|we|you)|if|below|fue?r|und (?:ich|du|wir|ihr)|wenn)\b")

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Pattern:
    """One way to ask: where it counts ("" is anywhere), and its words."""

    action: str
    language_code: str
    place: str
    words: re.Pattern[str]


def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(tolerant(pattern.replace("<G>", GAP).replace("<P>", SMALL)).replace("<E>", END))


def _pattern(action: str, language_code: str, text: str) -> Pattern:
    place = text[:3] if text[:3] in ("<S>", "<V>", "<A>") else ""
    return Pattern(action=action, language_code=language_code, place=place, words=_compiled(text.removeprefix(place)))


PATTERNS = tuple(
    _pattern(action, language_code, text)
    for language_code, actions in (("de", GERMAN), ("en", ENGLISH))
    for action, texts in actions.items()
    for text in texts
)
AND = r"\s*(?:,\s*(?:and |und )?|\band\b|\bund\b|&|\+|/|•|\||\n)\s*"
ROWS = tuple(
    (
        language_code,
        verbs,
        _compiled(rf"(?:{'|'.join(verbs)})(?:(?:{AND}|\s)(?:{'|'.join(verbs)}))*{AND}(?:{'|'.join(verbs)})\b"),
    )
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
    yield from _matches_in(text, plain)
    if "\n" in plain:
        yield from _matches_in(text, plain.replace("\n", " "))


def _matches_in(text: str, plain: str) -> Iterator[Call]:
    at = places(plain)
    for pattern in PATTERNS:
        for match in _at(pattern.words, plain, at.get(pattern.place)):
            yield _call(pattern.action, pattern.language_code, plain, *match.span())
    yield from _rows(plain, at)
    for language_code, words in CAPITALS:
        for match in _at(words, plain, at[BEGINS]):
            verb, word = text[slice(*match.span(1))], text[slice(*match.span(2))]
            if word.isupper() and word.isalpha() and (not verb.isupper() or PROMISED.match(plain, match.end())):
                yield _call("comment", language_code, plain, *match.span())


def _at(words: re.Pattern[str], plain: str, where: Sequence[int] | None) -> Iterator[re.Match[str]]:
    """Matches at the given places, or anywhere."""
    if where is None:
        yield from words.finditer(plain)
        return
    for start in where:
        if (match := words.match(plain, start)) is not None:
            yield match


def _rows(plain: str, at: Mapping[str, Sequence[int]]) -> Iterator[Call]:
    for language_code, verbs, row in ROWS:
        for match in _at(row, plain, at[BEGINS]):
            for verb, action in verbs.items():
                if re.search(tolerant(rf"\b{verb}\b"), match.group()):
                    yield _call(action, language_code, plain, *match.span())


def _call(action: str, language_code: str, plain: str, start: int, end: int) -> Call:
    """Without the marks and blanks around it."""
    while start < end and not plain[start].isalnum():
        start += 1
    while end > start and not plain[end - 1].isalnum():
        end -= 1
    return Call(action=action, language_code=language_code, start=start, end=end)
