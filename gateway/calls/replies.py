"""The words that show that a comment is answered, and what of it can be read."""

from __future__ import annotations

import re
from dataclasses import dataclass

from gateway.calls.folding import folded, tolerant

NAME = r"@?[\w.]+"

ON_SCREEN = tuple(
    re.compile(tolerant(pattern))
    for pattern in (
        rf"\b(?:als )?antwort (?:auf|an) (?:den |einen )?(?:kommentar (?:von|von) )?(?P<author>{NAME})",
        rf"\b(?:reply|replying|replied) to (?P<author>{NAME})(?:'s?)?(?: comment)?",
        r"(?:^|\n)(?P<author>@[\w.]+) (?:hat kommentiert|kommentierte|fragt|schreibt|commented|asks|asked|wrote)\b:?",
    )
)
"""How TikTok heads the sticker of a comment, in both languages, and how people write it themselves."""

SAID = tuple(
    re.compile(tolerant(pattern))
    for pattern in (
        r"\b(?:in (?:den|euren|meinen) kommentaren?)\b[^.!?]{0,30}\b(?:gefragt|geschrieben|gewunscht)\b",
        r"\b(?:jemand|viele|einer|eine|ihr)\b[^.!?]{0,20}\b(?:hat|haben|habt)\b[^.!?]{0,30}\b"
        r"(?:kommentiert|unter (?:meinem|dem) (?:letzten )?video)\b",
        r"\b(?:als )?antwort auf (?:den|einen|deinen|euren) kommentar\b",
        r"\b(?:someone|somebody|one of you|many of you|you guys|a lot of you)\b[^.!?]{0,30}\b(?:commented|asked)\b"
        r"[^.!?]{0,40}\bcomments?\b",
        r"\b(?:someone|somebody|one of you|many of you) commented\b",
        r"\brepl(?:y|ying) to (?:a|this|your|that) comment\b",
    )
)

COMMENT = re.compile(tolerant("[kc]omment"))

_NO_NAMES = (
    "den die das dem der einen eine ein alle viele euch dich mich deine eure meine fragen frage the a an your you this "
    "that my everyone all me us it"
)
WORDS_THAT_ARE_NO_NAME = frozenset(_NO_NAMES.split())
"""What may follow "Antwort auf" in a sentence that heads no sticker ("Antwort auf alle Fragen")."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """A comment that is answered, as half-open places of the words that say so."""

    author: str
    content: str
    start: int
    end: int


def reply_on_screen(text: str) -> Reply | None:
    """What a text on screen says of a comment; what stands below its heading is the comment's own.

    >>> reply_on_screen("Antwort auf @anna.k\\nUnd wie lange im Ofen?")
    Reply(author='@anna.k', content='Und wie lange im Ofen?', start=0, end=19)
    """
    plain = folded(text)
    for pattern in ON_SCREEN:
        match = pattern.search(plain)
        if match is None:
            continue
        author = text[match.start("author") : match.end("author")].rstrip(".")
        if author.casefold() in WORDS_THAT_ARE_NO_NAME or not _is_name(author, text[match.end("author") :], match):
            continue
        rest = text[match.end() :].lstrip(": ").strip()
        return Reply(author=author, content=" ".join(rest.split()), start=match.start(), end=match.end())
    return None


def reply_said(text: str) -> Reply | None:
    """Somebody tells that a comment is answered. Whose, a listener seldom learns."""
    plain = folded(text)
    matches = [match for pattern in SAID if (match := pattern.search(plain))]
    if not matches:
        return None
    first = min(matches, key=lambda match: match.start())
    return Reply(author="", content="", start=first.start(), end=first.end())


def _is_name(author: str, rest: str, match: re.Match[str]) -> bool:
    """A name is marked with "@", owns the comment, is said to be its author's, or ends a line of its own."""
    if author.startswith("@") or COMMENT.search(match.group()):
        return True
    heads = match.start() == 0 or match.string[match.start() - 1] == "\n"
    return heads and (not rest.strip() or rest.startswith(("\n", ":")))
