"""How German asks a viewer for something: action -> patterns for folded text.

The marks are those of `english`, and "<P>" takes up to three small words ("gerne mal", "doch bitte"). "für" is "fur"
in folded text; `fue?r` takes the spelling without umlauts too. What holds for every verb and for everything that can
be left with a video stands in frames: "vergesst nicht zu liken", "Liken nicht vergessen", "lass ein Like da".
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from gateway.calls.german_away import GERMAN_AWAY

FORGET = r"\b(?:vergiss|vergesst|vergessen sie|denkt?)\b(?: \w+){0,2}? (?:nicht|daran|dran)\b,?"
"""Before "zu liken" and the like."""

DROP = r"<V>(?:lasse?|lasst|lassen sie|hinterlasst?|gib|gebt|schenkt?|spendiert?|gonnt?)\b"
"""Before what is left with a video."""

GLAD = r"\b(?:freue?n?|freut|lieb|toll|nett|mega|klasse|schon|super|cool|dankbar|hilf\w*)\b"
"""Before what would please who speaks."""

POST = (
    r"(?:videos?|beitrage?|beitrag|posts?|clip|reel|rezept|tutorial|tipps?|tiktok|liste|foto|bild|story|short|"
    r"anleitung|ubung\w*)\b"
)
"""What a creator calls the thing that is watched."""

THIS = (
    r"(?:(?:das|den|dieses|diesen|diese|die|mein|meinen|unser|unseren|es)"
    rf"(?: (?:ganze |kleine |neue )?{POST})|es|das hier|dies)"
)
"""A thing that is watched, named so that no dough or file is meant."""

SOMEBODY = (
    r"(?:an |mit )?(?:jemand\w*|dein\w*|eur\w*|allen?|der (?:person|freundin|einen)|"
    r"dem (?:menschen|freund|kumpel|einen)|einer? \w+|einem \w+|den (?:freund|kumpel|menschen)|die person|"
    r"mama|papa|leute\w*|freund\w*)\b"
)
"""Whom a video is sent to."""

SOON = (
    r"(?:jetzt|direkt|gleich|unbedingt|gerne?|bitte|kostenlos|am besten|einfach|sofort|fleissig|fleisig|mal|hier|"
    r"unten|auf)"
)
"""Before an infinitive that asks: "gerne teilen"."""

BOX = r"(?:kommentare?n?|kommi?s?|kommentarspalte|comments?)\b"
"""Where comments stand."""

VERBS = {
    "follow": ("folgen", "folgs?t"),
    "like": ("liken", "lik(?:s|es|e)?[td]"),
    "share": ("teilen", "teils?t"),
    "save": ("(?:ab)?speichern", "(?:ab)?speicher(?:s?t)"),
    "comment": ("kommentieren", "kommentiers?t"),
    "subscribe": ("abon+ieren", "abon+iers?t"),
}
"""Infinitive, and what follows "wenn ihr" or "wenn du"."""

BUTTON = r"<V>(?:druckt?|drueckt?|druecke|drucke|klicke?t?|tippt?|haut?)\b"
"""Before what is pressed: "klickt auf abonnieren"."""

NOT_GOOD_LUCK = r"(?! (?:drucken|halten)\b)"
"""Thumbs are pressed for luck."""

THINGS = {
    "follow": r"follows?\b",
    "like": r"(?:likes?|herz(?:chen)?|daumen(?: hoch| nach oben)?|doppeltipp)\b",
    "comment": r"(?:kommentare?|kommis?|feedback)\b",
    "subscribe": r"abo(?:s|nnements?)?\b",
}
"""What a viewer can leave with a video."""

ALONE = {
    "follow": (
        r"<S>folge? (?:mir|uns)\b",
        r"<V>folge? (?:mir|uns)\b(?! (?:in|aus|durch|bis)\b)",
        r"<S>folgt (?:mir|uns|gerne?)\b",
        r"<V>folgt (?:mir|uns) (?:gerne?|fue?r|wenn|damit|doch|mal|jetzt|unbedingt|bitte|auch|hier|auf (?:insta|"
        r"tiktok|youtube))\b",
        r"<V>folge?t? (?:gerne? )?fue?r (?:mehr|weitere|noch|teil|taglich\w*|taeglich\w*)\b",
        r"<V>folgen sie (?:mir|uns|unser)",
        r"<V>folge?t? (?:<P>)?(?:@\w|(?:diesem|meinem|unserem|dem) (?:kanal|account|profil)|meiner seite)",
        r"\bfue?r (?:mehr|weitere|teil \d+|noch mehr)\b<G>{0,30}\bfolgen\b",
        r"<S>folge?t? (?!de[mnr]\b)(?:[\w.]+ ){1,3}fue?r (?:mehr|weitere|neue|noch|taglich\w*|taeglich\w*)\b",
        r"<S>folgen (?:\+ |fue?r (?:mehr|weitere|teil)|und)\b",
        r"\b(?:mir|uns) (?:<P>)?(?:zu )?folgen\b<E>",
        r"\bnoch nicht (?:folgs?t|followed)\b",
    ),
    "like": (
        r"<S>daumen (?:hoch|nach oben)(?: (?:wenn|fue?r|und|da|falls)\b|<E>)",
        rf"<S>lik(?:e|ed|et|t|en) (?:<P>)?{THIS}",
        r"<S>liked?n? (?:wenn|falls|fue?r)\b",
        r"<S>doppel[- ]?(?:t(?:ipp|ap)\w*|klick\w*)\b",
        r"<V>(?:tippt?|klickt?) (?:<P>)?(?:doppelt|zweimal)\b",
        r"<V>dru(?:e)?cke?t? (?:<P>)?(?:auf )?(?:das|den) (?:like\b|like-?button|herz(?:chen)?\b|daumen (?:hoch|"
        r"nach oben))",
    ),
    "share": (
        rf"<V>teile?t? (?:<P>)?{THIS}(?! (?:in (?!eure|deine)|durch|auf))",
        rf"<V>teile?t? (?:<P>)?(?:das|dies) (?:<P>)?(?:{SOMEBODY}|in (?:eur|dein|der story)|damit|wenn|weiter|bitte|"
        r"unbedingt)",
        r"<V>teilt?e? (?:gerne?|bitte|unbedingt|mit (?:jemand|dein|eur))",
        rf"<V>(?:schicke?t?|sende?t?|zeige?t?|empfehle?t?) (?:<P>)?(?:{THIS}|das|dies) (?:<P>)?{SOMEBODY}",
        rf"<V>leite?t? (?:<P>)?(?:{THIS}|das)<G>{{0,50}}\bweiter\b",
        rf"<V>(?:schickt?|sagt?) (?:<P>)?(?:es|das|{THIS}) (?:<P>)?weiter\b",
        rf"\b{SOON} (?:weiterleiten|weitersagen|weiterschicken|reposten)\b",
    ),
    "save": (
        r"<V>speicher(?:e|t)?'? ?(?:s )?(?:<P>)?(?:dir|euch)'?s?\b",
        rf"\bspeicher(?:e|t|st|n)? (?:du |ihr |sie )?(?:dir |euch |sich )?(?:<P>)?(?:am besten |gleich |jetzt )?{THIS}",
        r"<V>speicher(?:e|t)? (?:<P>)?(?:das|es|dies) (?:<P>)?(?:ab|fue?r|damit|falls|wenn)\b",
        r"<S>(?:ab)?speichern (?:und|fue?r (?:spater|spaeter)|damit|lohnt)\b",
        r"\bfue?r spaeter (?:ab)?speichern\b",
        rf"\b(?:das|dieses|den|diesen) {POST}<G>{{0,20}}\b(?:ab)?speicher(?:n|st|t)\b",
        r"\bindem du (?:es|das) abspeicherst\b",
        rf"<V>merke?t? (?:dir|euch) (?:<P>)?{THIS}",
        r"<V>mache?t? (?:<P>)?(?:dir |euch )?(?:<P>)?(?:\w+ )?(?:screenshot|lesezeichen)\b",
        rf"<V>(?:screenshotte?t?|pinne?t?) (?:<P>)?(?:dir |euch )?{THIS}",
    ),
    "comment": (
        rf"<V>(?:schreibe?t?|sage?t?|erzahle?t?|erzaehle?t?|lasse?t?|verrate?t?|verratet|stelle?t?|postet?|packt?|"
        r"hau(?:t|e)?|nenne?t?|stimmt?|teilt?|fragt?|diskutiert?|ratet?|beantwortet?|tippt?|kommentiert?|antwortet?|"
        r"zeigt?|ab|"
        rf"schreiben sie|gerne?|bitte|rein|damit|einfach|alles)(?:'?s)?\b<G>{{0,60}}\bin (?:die|den|meinen|meine) {BOX}"
        r"(?! (?:geschrieben|gepackt|gepostet|geschaut|gefragt|war))",
        rf"\b(?:eure?|deine?|ihre?)\b<G>{{0,40}}\b(?:in|ab in) die {BOX}",
        r"<V>(?:schreibe?t?|sage?t?|verrate?t?|verratet|erzahle?t?|nenne?t?)(?:'?s)?\b<G>{0,40}"
        r"\b(?:mir|uns|eure?n?|deine?n?|sie|es|mal)\b<G>{0,30}(?:\b(?:unten|drunter|darunter|hier rein)\b|"
        r"👇)(?! (?:links|rechts|auf))",
        r"<V>(?:schreibe?t?|tippe?t?|poste?t?)(?:'?s)?\b<G>{0,25}\b(?:drunter|darunter|unter (?:dieses|das|dem|"
        r"diesem) (?:video|post|reel))\b",
        r"<S>kommentiere?n?t? (?!wurde|wird|hat|von|haben|worden|der\b|die\b|das spiel)\w",
        r"<V>kommentiere?n?t? (?:mal|gerne?|unten|mit|doch|einfach|wenn|fleissig)\b",
        r"<V>lasst? (?:<P>)?(?:mich|uns|es mich) (?:<P>)?wissen\b",
        r"<V>(?:stellt?|schreibt?) (?:<P>)?(?:mir|uns) (?:<P>)?(?:eure?|deine?) (?:fragen?|meinung|antwort|ideen?)\b",
    ),
    "subscribe": (
        r"<S>abon+ier(?:e|t|en sie)\b",
        r"<V>abon+ier(?:e|t|en sie) (?:jetzt|(?:den|meinen|unseren|diesen)(?: \w+)? kanal|mich|uns|gerne?|doch|auch|"
        r"hier)\b",
        r"<S>abon+ieren(?: und\b|<E>)",
        r"\babo kostenlos\b",
    ),
    "notify": (
        r"<V>(?:aktiviere?t?|druckt?|drueckt?|druecke|drucke|klicke?t?|tippt?)\b<G>{0,25}"
        r"\b(?:glocke|glockchen|benachrichtigung\w*|push\w*)\b(?!<G>{0,15}\b(?:aus|kaputt|leise)\b)",
        r"<V>(?:schalte?t?|mache?t?|stelle?t?|haut?)\b<G>{0,25}\b(?:glocke|glockchen|benachrichtigung\w*|push\w*)"
        r"<G>{0,15}\b(?:an|ein|rein)\b",
        r"\b(?:glocke|glockchen|benachrichtigung\w*)(?: \w+)? (?:an|aktivieren|einschalten|anschalten|anmachen|"
        r"drucken|druecken)<E>",
        r"\b(?:glocke|glockchen|benachrichtigung\w*)<G>{0,12}\bnicht vergessen\b",
    ),
}  # fmt: skip
"""What one action alone is asked for with."""


def _framed(action: str) -> Iterator[str]:
    if action in VERBS:
        infinitive, second_person = VERBS[action]
        yield rf"{FORGET}<G>{{0,50}}\bzu {infinitive}\b"
        yield rf"\b{infinitive}\b(?: und \w+)? (?:bitte )?nicht vergessen\b"
        yield rf"<V>{SOON} (?:{SOON} )?{infinitive}\b(?:<E>| (?:damit|wenn|falls|fue?r (?:mehr|spater|spaeter))\b)"
        yield rf"{GLAD}<G>{{0,25}}\bwenn (?:ihr|du|sie)\b<G>{{0,40}}\b{second_person}\b"
        yield rf"\bwenn (?:ihr|du)\b<G>{{0,40}}\b{second_person}\b<G>{{0,15}}\b(?:wue?rde|wae?re)\b<G>{{0,25}}{GLAD}"
        yield rf"{BUTTON}<G>{{0,20}}\b{infinitive}\b"
    if action in THINGS:
        thing = THINGS[action]
        yield rf"{DROP}<G>{{0,40}}\b{thing}{NOT_GOOD_LUCK}"
        yield rf"{BUTTON}<G>{{0,15}}\b{thing}-? ?(?:button|knopf)\b"
        yield rf"\b{thing}<G>{{0,25}}\b(?:dalassen|da lassen|hinterlassen|nicht vergessen|reinhauen|verteilen)\b"
        yield rf"{GLAD}<G>{{0,20}}\bue?ber<G>{{0,30}}\b{thing}"
        yield rf"\bue?ber (?:ein|einen|jede[sn]|euer|dein|eure|deine|viele)\b<G>{{0,20}}\b{thing}<G>{{0,30}}{GLAD}"


def _all(actions: Mapping[str, Sequence[str]]) -> dict[str, tuple[str, ...]]:
    return {action: (*patterns, *_framed(action)) for action, patterns in actions.items()}


GERMAN = {**_all(ALONE), **GERMAN_AWAY}
