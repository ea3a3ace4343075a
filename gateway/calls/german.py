"""How German asks a viewer for something: action -> patterns for folded text.

"<S>" stands for the beginning of a clause, "<G>" for a letter within a sentence (see `patterns`).
"für" is "fur" there; `fue?r` takes the spelling without
umlauts too.
"""

from __future__ import annotations

FORGET = r"\b(?:vergiss|vergesst|vergessen sie)\b(?: bitte| auch)? nicht\b,?"
"""Before "zu liken" and the like."""

DROP = r"\b(?:lass|lasst|lassen sie|hinterlasst?|gib|gebt|schenkt?)\b"
"""Before what is left with a video."""

POST = r"(?:video|beitrag|post|clip|reel|rezept|tutorial|tipps?)"

GERMAN = {
    "follow": (
        r"(?<!\bich )(?<!\bwir )\bfolge? (?:mir|uns)\b",
        r"<S>folgt (?:mir|uns|gerne?)\b",
        r"\bfolgt (?:mir|uns) (?:gerne? )?fue?r (?:mehr|weitere|teil)\b",
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
        r"\b(?:like|daumen|herz)\b<G>{0,25}\bdalassen\b",
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
        rf"{FORGET}<G>{{0,40}}\bzu kommentieren\b",
        r"<S>(?:markiere?t?|verlinke?t?) (?:deine?n?|eine?n?|jemand|eure?n?)\b",
    ),
    "link": (
        r"\blink (?:ist |steht |findest du |findet ihr |gibt'?s |gibt es )?(?:jetzt |wie immer |auch )?"
        r"(?:in|im|unter) (?:der |meiner |unserer |meinem |unserem |dem |den )?"
        r"(?:bio|beschreibung|profil|kommentaren|video|story|infobox)\b",
        r"<S>(?:klicke?t?|tippe?t?|geht?|checkt?|schaut?)\b<G>{0,20}\b"
        r"(?:auf|ueber|uber|zum)? ?(?:den |dem |meinen )?link\b",
        r"\b(?:ueber|uber|unter) (?:den|dem|meinen) link(?: unten| oben| hier| in\b)",
        r"\bden link (?:findet|findest|gibt'?s|gibt|hab)\b",
        r"\blink unten\b",
    ),
    "subscribe": (
        r"<S>abon+i?er(?:e|t|en sie) (?:jetzt|den|meinen|unseren|diesen|mich|uns|gerne?|doch|auch|hier)\b",
        rf"{DROP}<G>{{0,30}}\babo\b",
        r"<S>abon+ieren\b\s*(?:[!.]|$|\n)",
        r"\b(?:abon+ieren|abo) nicht vergessen\b",
        r"\babo\b<G>{0,25}\bdalassen\b",
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
