"""The words that ask a viewer for something, in German and English.

An imperative counts where a clause begins: "follow me" asks for something, "the dog would follow me" does not. What
nobody says in another sense ("link in bio") counts anywhere. Patterns are written for folded text (see `folding`):
"für" is "fur", and `fue?r` takes the spelling without umlauts too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from gateway.calls.folding import folded, tolerant

PARTICLES = (
    "and|so|please|now|just|also|then|but|or|guys|to|sure you|go ahead and|you can|"
    "und|also|dann|bitte|gerne?|jetzt|doch|aber|oder|nun|einfach|am besten|hey|leute|mal"
)
"""Words after which an imperative still stands at the beginning of its clause ("make sure to follow us")."""

NOT_ASKED = r"(?<!\bhave to )(?<!\bwant to )(?<!\btried to )(?<!\btry to )(?<!\bhad to )(?<!\bused to )(?<!\bgoing to )"
"""Where "to" does not hand on a request."""

START = rf"(?:(?:^|[.!?,;:…–—\n\"-])\s*(?:(?:{PARTICLES})\s+){{0,3}}|\b(?:{PARTICLES})\s+){NOT_ASKED}"
GAP = r"[^.!?\n]"

FORGET = r"\b(?:vergiss|vergesst|vergessen sie)\b(?: bitte| auch)? nicht\b,?"
DROP = r"\b(?:lass|lasst|lassen sie|hinterlasst?|gib|gebt|schenkt?)\b"
HIT = r"\b(?:hit|smash|press|tap|click)\b"
POST = r"(?:video|beitrag|post|clip|reel|rezept|tutorial|tipps?)"

GERMAN = {
    "follow": (
        r"(?<!\bich )(?<!\bwir )\bfolge? (?:mir|uns)\b",
        r"<S>folgt (?:mir|uns|gerne?)\b",
        r"\bfolgen sie (?:mir|uns|unser)",
        r"<S>folge?t?n? (?:@|(?:diesem|meinem|unserem) (?:kanal|account|profil))",
        rf"{DROP}<G>{{0,30}}\bfollow\b",
        r"\bfue?r (?:mehr|teil \d+)\b<G>{0,30}\bfolgen\b",
        rf"{FORGET}<G>{{0,30}}\bzu folgen\b",
        r"\bfolgen nicht vergessen\b",
    ),
    "like": (
        rf"{DROP}<G>{{0,40}}\b(?:likes?|herz(?:chen)?|daumen)\b<G>{{0,20}}\bda\b",
        rf"{DROP}<G>{{0,30}}\b(?:like|daumen (?:hoch|nach oben))\b",
        r"<S>daumen (?:hoch|nach oben)\b",
        rf"{FORGET}<G>{{0,40}}\bzu liken\b",
        r"\bliken nicht vergessen\b",
        rf"<S>lik(?:e|ed|et|t) (?:das|dieses|den|diesen|mein|unser)(?:en)? {POST}\b",
        r"<S>liken?,? (?:und|&) (?:teilen|abon+ieren|folgen)\b",
        r"\bfreue?n? (?:mich|uns) ue?ber (?:jede[sn]|euer|dein|ein) (?:like|herz|daumen)\b",
    ),
    "share": (
        r"<S>teile?t? (?:das|dieses|den|diesen|es|mein)\b<G>{0,40}\b(?:mit|in (?:eurer|deiner) story)\b",
        r"<S>(?:schicke?t?|sendet?) (?:das|dieses|es)\b<G>{0,20}\b(?:jemandem|an|dein\w*|eur\w*)\b",
        r"<S>leitet? (?:das|dieses|es)\b<G>{0,50}\bweiter\b",
        rf"{FORGET}<G>{{0,40}}\bzu teilen\b",
        r"\bteilen nicht vergessen\b",
    ),
    "save": (
        rf"\bspeicher(?:e|t|st)? (?:du |ihr )?(?:dir |euch )?(?:am besten |gleich |jetzt )?"
        rf"(?:das|dieses|den|diesen|die|dieses|mein)(?:en)? {POST}\b",
        r"\bspeicher(?:e|t|'?s)? (?:dir|euch) (?:das|es|den|dieses|diesen|gleich|ab)\b",
        r"\b(?:ab)?speichern nicht vergessen\b",
        rf"{FORGET}<G>{{0,40}}\b(?:abzuspeichern|zu speichern)\b",
        r"\bfue?r spaeter (?:ab)?speichern\b",
        rf"\b(?:das|dieses|den|diesen) {POST}\b<G>{{0,20}}\babspeicher(?:n|st|t)\b",
    ),
    "comment": (
        r"(?<!\ber )(?<!\bsie )(?<!\bjemand )\b(?:schreibe?t?|sagt?|erzaehlt?|erzahle?t?|lasst?|verratet?|stellt?|"
        r"postet?|packt?)\b<G>{0,60}\bin (?:die|den) kommentar(?:e|en)?\b",
        r"<S>kommentier(?:e|t)? (?!wurde|wird|hat|von|haben|worden)\w",
        r"(?<!\ber )(?<!\bsie )\b(?:hinterlasst?|lasst?|schreibt?)\b<G>{0,30}\bkommentar\b",
        r"\bab (?:damit )?in die kommentare\b",
        r"<S>(?:markiere?t?|verlinke?t?) (?:deine?n?|eine?n?|jemand|eure?n?)\b",
    ),
    "link": (
        r"\blink (?:ist |steht |findest du |findet ihr |gibt'?s |gibt es )?(?:jetzt |wie immer |auch )?"
        r"(?:in|im|unter) (?:der |meiner |unserer |meinem |unserem |dem |den )?"
        r"(?:bio|beschreibung|profil|kommentaren|video|story|infobox)\b",
        r"<S>(?:klicke?t?|tippe?t?|geht?|checkt?|schaut?)\b<G>{0,20}\b(?:auf|ueber|uber|zum)? ?(?:den |dem |meinen )?link\b",
        r"\b(?:ueber|uber|unter) (?:den|dem|meinen) link(?: unten| oben| hier| in\b)",
        r"\bden link (?:findet|findest|gibt'?s|gibt|hab)\b",
        r"\blink unten\b",
    ),
    "subscribe": (
        r"<S>abon+i?er(?:e|t|en sie) (?:jetzt|den|meinen|unseren|diesen|mich|uns|gerne?|doch|auch|hier)\b",
        rf"{DROP}<G>{{0,30}}\babo\b",
        r"<S>abon+ieren\b\s*(?:[!.]|$|\n)",
        r"\b(?:abon+ieren|abo) nicht vergessen\b",
        rf"{FORGET}<G>{{0,40}}\bzu abon+ieren\b",
        r"\b(?:aktiviere?t?|drueckt?|druckt?) (?:auch )?die glocke\b",
    ),
    "buy": (
        r"\bjetzt (?:hier |direkt |online |gleich )?(?:kaufen|bestellen|shoppen|sichern|zugreifen|zuschlagen|buchen)"
        r"\s*(?:[!.\n]|$|und\b|bei\b|im\b|mit\b)",
        r"<S>(?:sichere?t?|schnappe?t?) (?:dir|euch)\b",
        r"<S>(?:holt?|kaufe?t?|bestelle?t?) (?:dir |euch |es )?(?:jetzt|noch heute|gleich|dein\w*|eure\w*)\b",
        r"\b(?:rabatt|gutschein)?code\b<G>{0,30}\b(?:spar\w*|prozent|rabatt|bekomm\w*|erhael\w*|erhal\w*)\b",
    ),
}

ENGLISH = {
    "follow": (
        r"<S>follow (?:me|us|@|for (?:more|part|daily|tips)|along for|this (?:page|account)|"
        r"(?:my|our|the) (?:page|account|channel|profile))",
        rf"{HIT}<G>{{0,15}}\bfollow\b",
        r"\b(?:forget|sure|remember) to (?:like and |subscribe and )?follow(?! the\b| a\b| his\b| her\b| their\b)",
        r"<S>follow\s*(?:[!.]|$|\n|and (?:like|share|save|subscribe))",
    ),
    "like": (
        rf"<S>like (?:this|the|my) (?:{POST})\b",
        r"<S>like,? (?:and|&|,) ?(?:share|subscribe|follow|comment|save)\b",
        rf"{HIT}<G>{{0,15}}\blike\b",
        r"<S>(?:leave|drop|give)\b<G>{0,20}\b(?:a|some) (?:big )?(?:likes?|thumbs up|hearts?)\b",
        r"<S>double[ -]?tap (?:if|this|to|for)\b",
        r"<S>tap twice\b",
        r"\b(?:forget|sure|remember) to like\b",
    ),
    "share": (
        r"<S>(?:share|send) (?:this|it|that|the (?:video|post))\b<G>{0,20}\b(?:with|to) "
        r"(?:a|your|someone|somebody|anyone|everyone|that|the (?:friend|person))\b",
        rf"<S>share this(?: {POST})?\s*(?:[!.]|$|\n|if)",
        r"<S>(?:share|send) (?:with|to) (?:someone|somebody|anyone|a friend|your friends|\w+ friends)\b",
        r"\b(?:like|comment|save|tag|follow),? (?:and|&) share\b",
        r"\b(?:forget|sure|remember) to share\b",
    ),
    "save": (
        rf"<S>save (?:this|the|my) (?:{POST}|recipe|one|guide)\b",
        r"<S>save (?:(?:this|it|these) )?(?:for|so|to|before|if|now)\b",
        r"<S>bookmark (?:this|it)\b",
    ),
    "comment": (
        r"\b(?:let (?:me|us) know|tell (?:me|us))\b<G>{0,50}\b(?:in the comments?|(?:down )?below)\b",
        r"<S>comment (?:down |right )?(?:below|your|if you|with your|which|what)\b",
        r"<S>(?:leave|drop|write|post)\b<G>{0,20}\bcomments?\b",
        r"<S>comment \w+ (?:for|to get|and (?:i|we|you))\b",
        r"<S>comment (?:the (?:word|number|emoji)|[\"']?\d)",
        r"\b(?:share|drop|put|write|tell|post)\b<G>{0,40}\bin (?:the |my )?comments?(?: section)?\b",
        r"<S>(?:drop|leave) (?:it|them|yours|your \w+|a \w+) (?:down |right )?below\b",
        r"<S>tag (?:a|your|someone|somebody|that)\b",
        r"\bsound off in the comments\b",
    ),
    "link": (
        r"\blink ?(?:is |'?s )?in ?(?:my |the |our )?(?:bio|description|profile|comments|caption)\b",
        r"<S>(?:click|tap|hit|follow|use|visit|check(?: out)?)\b<G>{0,8}\b(?:the|this|my|our) link\b",
        r"<S>swipe up(?: to\b| for\b|\s*(?:[!.]|$|\n))",
        r"\blink (?:is )?(?:down )?below\b",
        r"\blinks?\b<G>{0,30}\bin (?:my |our |the )?bio\b",
        r"\blinks?\b<G>{0,20}\bin (?:the )?(?:pinned )?comments?\b",
        r"<S>(?:check|visit|see|shop)\b<G>{0,20}\b(?:bio|profile) link\b",
    ),
    "subscribe": (
        r"<S>subscribe\b(?! to (?:that|this|the) (?:theory|idea|view|notion|belief))",
        rf"{HIT}<G>{{0,20}}\b(?:subscribe|bell icon|notification bell)\b",
        rf"{HIT} (?:the|that) bell\b",
        r"\b(?:like|follow|comment|share),? (?:and|&) subscribe\b",
    ),
    "buy": (
        r"<S>(?:shop|buy|order|book) (?:it )?(?:now|today|yours|here|online)\b",
        r"<S>(?:get|grab) (?:yours|your (?:copy|tickets?|own))\b",
        r"<S>use (?:my |our |the )?(?:discount |promo )?code \w+",
        r"<S>add (?:it |this )?to (?:your )?cart\b",
    ),
}

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
