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
        r"\b(?:reply|replying|replied|respond|responding|response|answer|"
        rf"answering) to (?P<author>{NAME})(?:'s?)?(?: comment)?",
        r"(?:^|\n)(?P<author>@[\w.]+) (?:hat kommentiert|kommentierte|fragt|schreibt|commented|asks|asked|wrote)\b:?",
    )
)
"""How TikTok heads the sticker of a comment, in both languages, and how people write it themselves."""

YOU_ALL = r"(?:so |a lot of |lots of |many of |some of |one of |a few of |loads of )*(?:you|yall|y'all)(?: guys| all)?"
ANYBODY = rf"(?:someone|somebody|people|everyone|everybody|{YOU_ALL})"
SAYS = r"(?:asked|asking|asks?|said|says|wrote|commented|wanted|told|pointed out|mentioned|noticed|suggested|claimed)"
FRAGT = (
    r"(?:gefragt|fragt|fragte|fragten|geschrieben|schrieb|meinte|meint|wissen|gewunscht|kommentiert|kam|stand|steht|"
    r"behauptet|behauptete|frage)"
)

SAID = tuple(
    re.compile(tolerant(pattern.replace("<G>", "[^.!?]")))
    for pattern in (
        rf"\bin (?:den|euren|meinen|deinen) kommentaren?\b<G>{{0,40}}\b{FRAGT}\b",
        r"\b(?:wollten|wollte|wolltet|haben|habt|hat|hast)\b<G>{0,25}\bin (?:den|meinen) kommentaren\b<G>{0,20}"
        r"\b(?:wissen|gefragt|geschrieben|behauptet)\b",
        r"\bunter (?:meinem|dem|diesem)(?: \w+)? (?:video|reel|post)\b<G>{0,30}\b(?:kommentar\w*|frage|gefragt|"
        r"geschrieben|schrieb\w*|fragte\w*)\b",
        r"\b(?:jemand|viele|einer|eine|einige|manche|ihr|du)\b<G>{0,20}\b(?:hat|haben|habt|hast)\b<G>{0,30}\b"
        r"(?:kommentiert|unter (?:meinem|dem) (?:letzten )?video)\b",
        r"\b(?:ihr (?:habt|wolltet)|(?:viele|einige|manche|so viele) (?:von euch )?(?:haben|wollten))\b<G>{0,30}"
        r"\b(?:gefragt|gewunscht|gebeten|wissen)\b",
        r"\b(?:antwort|reaktion|bezug)\b<G>{0,8}\bauf (?:den|einen|deinen|euren|diesen|eure|deine) kommentare?\b",
        r"\b(?:beantworte?n?|lesen?|reagieren?)\b<G>{0,20}\b(?:auf )?(?:eure|deinen|einen|euren|die|"
        r"diesen)(?: \w+)? kommentare?\b",
        r"\bzu (?:deinem|eurem|diesem|dem) kommentar\b(?: von\b)?",
        r"\bauf (?:vielfachen|euren|deinen|mehrfachen|eure|allgemeinen) wunsch\b",
        rf"\b{ANYBODY}\b<G>{{0,30}}\b{SAYS}\b<G>{{0,40}}\bcomments?\b",
        rf"\bin (?:the|my|your) comments?\b<G>{{0,30}}\b{SAYS}\b",
        r"\b(?:someone|somebody|one of you|many of you|you)(?: guys| all)? (?:just )?commented\b",
        r"\b(?:you (?:guys|all)|(?:so many|many|a lot|lots) of you)(?: have| keep| kept)* (?:asked|asking|requested|"
        r"wanted)\b",
        r"\b(?:this|that|one|your) comment\b<G>{0,15}\b(?:said|says|asks|asked|told|wanted)\b",
        r"\b(?:reply|replying|respond|responding|react|reacting|response|answer|answering)(?: to)? "
        r"(?:a|this|your|that|some|all your|all the|more|my)(?: \w+)? comments?\b",
        r"\bgetting (?:this|the same|that|these) questions?\b",
    )
)
"""How it is told that a comment is answered; "<G>" is a letter within a sentence."""

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
