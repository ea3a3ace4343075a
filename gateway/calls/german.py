"""How German asks a viewer for something: action -> patterns for folded text.

The marks are those of `english`, and "<P>" takes up to three small words ("gerne mal", "doch bitte"). "für" is "fur"
in folded text; `fue?r` takes the spelling without umlauts too. What holds for every verb and for everything that can
be left with a video stands in frames: "vergesst nicht zu liken", "Liken nicht vergessen", "lass ein Like da".
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

FORGET = r"\b(?:vergiss|vergesst|vergessen sie|denkt?)\b(?: \w+){0,2}? (?:nicht|daran|dran)\b,?"
"""Before "zu liken" and the like."""

DROP = r"<V>(?:lasse?|lasst|lassen sie|hinterlasst?|gib|gebt|schenkt?|spendiert?|gonnt?)\b"
"""Before what is left with a video."""

GLAD = r"\b(?:freue?n?|freut|lieb|toll|nett|mega|klasse|schon|super|cool|dankbar|hilf\w*)\b"
"""Before what would please who speaks."""

POST = r"(?:videos?|beitrage?|beitrag|posts?|clip|reel|rezept|tutorial|tipps?|tiktok|liste|foto|bild|story|short|anleitung|ubung\w*)\b"

THIS = rf"(?:(?:das|den|dieses|diesen|diese|die|mein|meinen|unser|unseren|es)(?: (?:ganze |kleine |neue )?{POST})|es|das hier|dies)"
"""A thing that is watched, named so that no dough or file is meant."""

SOMEBODY = (
    r"(?:an |mit )?(?:jemand\w*|dein\w*|eur\w*|allen?|der (?:person|freundin|einen)|dem (?:menschen|freund|kumpel|einen)|"
    r"einer? \w+|einem \w+|den (?:freund|kumpel|menschen)|die person|mama|papa|leute\w*|freund\w*)\b"
)

SOON = r"(?:jetzt|direkt|gleich|unbedingt|gerne?|bitte|kostenlos|am besten|einfach|sofort|fleissig|fleisig|mal|hier|unten|auf)"
"""Before an infinitive that asks: "gerne teilen"."""

SHOWN = r"(?:bio|beschreibung|videobeschreibung|profil|kommentare?n?|kommis|infobox|story|caption|steckbrief)\b"
"""Where platforms let a link stand."""

BOX = r"(?:kommentare?n?|kommi?s?|kommentarspalte|comments?)\b"

NUMBER = r"(?:\d+|eins|zwei|drei|vier|funf)\b"

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
        r"<V>folgt (?:mir|uns) (?:gerne?|fue?r|wenn|damit|doch|mal|jetzt|unbedingt|bitte|auch|hier|auf (?:insta|tiktok|youtube))\b",
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
        r"<V>dru(?:e)?cke?t? (?:<P>)?(?:auf )?(?:das|den) (?:like\b|like-?button|herz(?:chen)?\b|daumen (?:hoch|nach oben))",
    ),
    "share": (
        rf"<V>teile?t? (?:<P>)?{THIS}(?! (?:in (?!eure|deine)|durch|auf))",
        rf"<V>teile?t? (?:<P>)?(?:das|dies) (?:<P>)?(?:{SOMEBODY}|in (?:eur|dein|der story)|damit|wenn|weiter|bitte|unbedingt)",
        r"<V>teilt?e? (?:gerne?|bitte|unbedingt|mit (?:jemand|dein|eur))",
        rf"<V>(?:schicke?t?|sende?t?|zeige?t?|empfehle?t?) (?:<P>)?(?:{THIS}|das|dies) (?:<P>)?{SOMEBODY}",
        rf"<V>leite?t? (?:<P>)?(?:{THIS}|das)<G>{{0,50}}\bweiter\b",
        rf"<V>(?:schickt?|sagt?) (?:<P>)?(?:es|das|{THIS}) (?:<P>)?weiter\b",
        rf"\b{SOON} (?:weiterleiten|weitersagen|weiterschicken|reposten)\b",
    ),
    "save": (
        r"<V>speicher(?:e|t)?'? ?(?:s )?(?:<P>)?(?:dir|euch)'?s?\b",
        rf"\bspeicher(?:e|t|st|n)? (?:du |ihr |sie )?(?:dir |euch |sich )?(?:<P>)?(?:am besten |gleich |jetzt )?{THIS}",
        rf"<V>speicher(?:e|t)? (?:<P>)?(?:das|es|dies) (?:<P>)?(?:ab|fue?r|damit|falls|wenn)\b",
        r"<S>(?:ab)?speichern (?:und|fue?r (?:spater|spaeter)|damit|lohnt)\b",
        r"\bfue?r spaeter (?:ab)?speichern\b",
        rf"\b(?:das|dieses|den|diesen) {POST}<G>{{0,20}}\b(?:ab)?speicher(?:n|st|t)\b",
        rf"\bindem du (?:es|das) abspeicherst\b",
        rf"<V>merke?t? (?:dir|euch) (?:<P>)?{THIS}",
        r"<V>mache?t? (?:<P>)?(?:dir |euch )?(?:<P>)?(?:\w+ )?(?:screenshot|lesezeichen)\b",
        rf"<V>(?:screenshotte?t?|pinne?t?) (?:<P>)?(?:dir |euch )?{THIS}",
    ),
    "comment": (
        rf"<V>(?:schreibe?t?|sage?t?|erzahle?t?|erzaehle?t?|lasse?t?|verrate?t?|verratet|stelle?t?|postet?|packt?|"
        rf"hau(?:t|e)?|nenne?t?|stimmt?|teilt?|fragt?|diskutiert?|ratet?|beantwortet?|tippt?|kommentiert?|antwortet?|zeigt?|ab|"
        rf"schreiben sie|gerne?|bitte|rein|damit|einfach|alles)(?:'?s)?\b<G>{{0,60}}\bin (?:die|den|meinen|meine) {BOX}"
        r"(?! (?:geschrieben|gepackt|gepostet|geschaut|gefragt|war))",
        rf"\b(?:eure?|deine?|ihre?)\b<G>{{0,40}}\b(?:in|ab in) die {BOX}",
        r"<V>(?:schreibe?t?|sage?t?|verrate?t?|verratet|erzahle?t?|nenne?t?)(?:'?s)?\b<G>{0,40}"
        r"\b(?:mir|uns|eure?n?|deine?n?|sie|es|mal)\b<G>{0,30}(?:\b(?:unten|drunter|darunter|hier rein)\b|👇)(?! (?:links|rechts|auf))",
        r"<V>(?:schreibe?t?|tippe?t?|poste?t?)(?:'?s)?\b<G>{0,25}\b(?:drunter|darunter|unter (?:dieses|das|dem|diesem) (?:video|post|reel))\b",
        r"<S>kommentiere?n?t? (?!wurde|wird|hat|von|haben|worden|der\b|die\b|das spiel)\w",
        r"<V>kommentiere?n?t? (?:mal|gerne?|unten|mit|doch|einfach|wenn|fleissig)\b",
        r"<V>lasst? (?:<P>)?(?:mich|uns|es mich) (?:<P>)?wissen\b",
        r"<V>(?:stellt?|schreibt?) (?:<P>)?(?:mir|uns) (?:<P>)?(?:eure?|deine?) (?:fragen?|meinung|antwort|ideen?)\b",
    ),
    "link": (
        r"\bl ?i ?n ?k\s*i ?n\s*b ?i ?o\b",
        rf"\blinks? (?:<G>{{0,30}})\b(?:in|im|unter|auf|uber|ueber) "
        rf"(?:(?:der|dem|den|die|meine[rmn]?|unsere[rmn]?|erste[nrm]?|angepinnte[nrm]?|oben in|diesem) ){{0,2}}"
        rf"(?:{SHOWN}|video\b)",
        r"\blink (?:ist |steht |findest du |findet ihr |gibt'?s |gibt es |liegt )?(?:<P>)?(?:oben|unten|hier|angepinnt|drunter)\b",
        r"\bverlinkt\b<G>{0,15}\b(?:in (?:der|meiner)|im|unten|oben|unterm)\b",
        rf"\b(?:unten|oben|hier|alles|in (?:der|meiner) {SHOWN}|im profil)\b<G>{{0,25}}\bverlinkt\b",
        r"<V>(?:klicke?t?|tippe?t?|geht?|checkt?|schaut?|nutzt?|druckt?)\b<G>{0,25}\b(?:auf|uber|ueber|zum|in)? ?"
        r"(?:den|dem|meinen|diesen) link\b",
        r"\b(?:ueber|uber|unter) (?:den|dem|meinen) link(?: unten| oben| hier| in\b)",
        r"\bauf den link (?:klicken|tippen|drucken)\b",
        r"\bden link (?:dazu |zum \w+ |zur \w+ )?(?:findet|findest|gibt'?s|gibt|hab|pack)\b",
        r"<V>(?:schaut?|guckt?|geht?|klickt?|checkt?)\b<G>{0,15}\b(?:in|auf) (?:meine|meiner|die|der|unsere|unserer) "
        r"(?:bio|website|webseite|homepage)\b",
    ),
    "subscribe": (
        r"<S>abon+ier(?:e|t|en sie)\b",
        r"<V>abon+ier(?:e|t|en sie) (?:jetzt|(?:den|meinen|unseren|diesen)(?: \w+)? kanal|mich|uns|gerne?|doch|auch|hier)\b",
        r"<S>abon+ieren(?: und\b|<E>)",
        r"\babo kostenlos\b",
    ),
    "notify": (
        r"<V>(?:aktiviere?t?|druckt?|drueckt?|druecke|drucke|klicke?t?|tippt?)\b<G>{0,25}"
        r"\b(?:glocke|glockchen|benachrichtigung\w*|push\w*)\b(?!<G>{0,15}\b(?:aus|kaputt|leise)\b)",
        r"<V>(?:schalte?t?|mache?t?|stelle?t?|haut?)\b<G>{0,25}\b(?:glocke|glockchen|benachrichtigung\w*|push\w*)"
        r"<G>{0,15}\b(?:an|ein|rein)\b",
        r"\b(?:glocke|glockchen|benachrichtigung\w*)(?: \w+)? (?:an|aktivieren|einschalten|anschalten|anmachen|drucken|druecken)<E>",
        r"\b(?:glocke|glockchen|benachrichtigung\w*)<G>{0,12}\bnicht vergessen\b",
    ),
    "buy": (
        r"\b(?:jetzt|gleich|hier|direkt|online) (?:hier |direkt |online |gleich |noch |schnell )?"
        r"(?:vorbestellen|kaufen|bestellen|shoppen|sichern|zugreifen|zuschlagen|buchen)(?: (?:und|bei|im|mit|solange|bevor)\b|<E>)",
        r"<S>(?:kaufen|bestellen|shoppen) (?:konn?t|kannst|konnen)\b",
        r"<V>(?:sichere?t?|schnappe?t?|kaufe?t?|bestelle?t?|bestellt|shoppe?t?|gonne?t?) (?:es |ihn |sie )?(?:<P>)?(?:dir|euch)\b",
        r"<S>(?:sichern|kaufen|bestellen) sie (?:sich|jetzt|noch|ihr)",
        r"<V>(?:holt?|hole|bestelle?t?|kaufe?t?) (?:dir |euch )?(?:<P>)?(?:jetzt|noch heute|gleich|dein (?:ticket|exemplar|set)|"
        r"deine (?:karte|box)|eure? (?:tickets?|karten|exemplar|sets?)|eins|welche)\b",
        r"\b(?:mit|nutze?t?|verwendet?|uber|eingeben) (?:dem |meinem |unserem |den |meinen )?(?:rabatt|gutschein|promo)code\b",
        r"\b(?:rabatt|gutschein|promo)?code\b<G>{0,35}\b(?:spar\w*|prozent|rabatt|bekomm\w*|erhael\w*|erhal\w*|gibt)\b",
        r"\b(?:mit|nutze?t?) (?:dem |meinem )?code \w+\b(?= (?:bekomm|spar|gibt|gib|kriegt|habt|hast|sind))",
        r"<V>(?:schaut?|guckt?|kommt|komm|stobert?)\b<G>{0,20}\b\w*(?:shop|store|laden)\b(?:<G>{0,10}\b(?:vorbei|rein|um|an)\b)?",
        r"<V>(?:schlagt?|greift?) (?:<P>)?(?:schnell )?zu\b",
    ),
    "tag_friend": (
        r"<V>(?:markiere?t?|verlinke?t?|tagge?t?|erwahne?t?|markieren sie) (?:<P>)?(?:hier |unten |drunter )?"
        r"(?:(?:dein\w*|eur\w*|eine?n?) (?:\w+ )?(?!stelle|punkt|loch|kante|linie|strich)\w+|jemand\w*|wen|leute|freunde|"
        r"die person|den (?:freund|menschen|kumpel|typ|der)|den,? der|die,? die|diejenige\w*|alle,? die|uns|mich)\b",
    ),
    "message": (
        r"<V>(?:schreibe?t?|schicke?t?|sende?t?|schreiben sie)(?:'?s)? (?:<P>)?(?:mir|uns)\b<G>{0,25}"
        r"\b(?:dm|pn|\w*nachricht|whatsapp|e-?mail|mail|privat)\b",
        r"\b(?:per|via|als) (?:dm|pn|direktnachricht|privatnachricht|whatsapp|nachricht)\b<G>{0,12}\b(?:melden|schreiben|anfragen|fragen)\b",
        r"<V>(?:meldet?|schreibt?|fragt?|melde|frage) (?:<P>)?(?:dich |euch |mich |mir |uns )?(?:<P>)?(?:per|via|in den) (?:dms?|pn|direktnachricht|nachricht|whatsapp)\b",
        r"<V>melde?t? (?:dich|euch) (?:<P>)?bei (?:mir|uns)\b",
        r"<S>(?:dm|pn) (?:mir|an (?:mich|uns)|fue?r|genugt|genuegt|me)\b",
        r"\bmeine dms sind (?:immer )?offen\b",
    ),
    "watch_next": (
        rf"<V>(?:schaue?t?|sehe?t?|sieh|guckt?|klickt?|checkt?)\b<G>{{0,30}}\bteil {NUMBER}",
        r"<V>(?:schaue?t?|sehe?t?|seht|sieh|guckt?|klickt?|klicke|checkt?)\b<G>{0,30}\b(?:meine?|das|die|den|dieses|unsere?|auf|ins)\b"
        r"<G>{0,12}\b(?:letzte|nachste|naechste|ganze|neue|neueste|vorige|andere|erste|zweite|volle)\w* (?:video|folge|teil|vlog|reel|tour|story)\b",
        r"<V>(?:bleibt?|schaue?t?|guckt?|seht|sieh)\b<G>{0,25}\bbis (?:zum|ans|zur letzten) (?:bitteren )?(?:schluss|schlus|ende|sekunde)\b(?! der)",
        r"<V>bleibt? (?:<P>)?(?:gespannt|dran(?: (?:bis|denn|weil|fur teil|wenn|es lohnt)\b|<E>))",
        rf"\bteil {NUMBER}(?: ist| gibt'?s| gibt es| findet ihr| findest du| jetzt| kommt| seht ihr)?<G>{{0,15}}"
        r"\b(?:online|auf (?:meinem|unserem) (?:profil|kanal)|hier oben|verlinkt)\b",
        r"\b(?:video|teil|folge|rest|tour)\b<G>{0,20}\b(?:findet ihr|findest du|seht ihr|siehst du|gibt'?s|gibt es)<G>{0,20}"
        r"\b(?:auf (?:meinem|unserem) (?:profil|kanal)|auf (?:youtube|insta\w*|tiktok))\b",
        r"<V>(?:schaue?t?|guckt?)\b<G>{0,25}\b(?:kanal|profil|youtube|playlist)\b<G>{0,12}\b(?:vorbei|rein|an)\b",
        r"\b(?:kanal|profil|youtube|online|playlist)\b<G>{0,15}\bschaue?t?\b<G>{0,20}\b(?:vorbei|rein)\b",
        r"<V>(?:nicht (?:weiterscrollen|wegwischen|skippen)|scrolle?t? nicht weiter)\b",
        r"<V>(?:klickt?|tippt?)\b<G>{0,15}\bauf (?:dieses|das) (?:video|nachste)\b",
    ),
    "duet": (
        r"<V>(?:mache?t?|dreht?|nehmt?)\b<G>{0,15}\bduett?e?\b(?: (?:mit|hierzu|dazu|damit|draus|zu)\b|<E>)",
        r"<V>(?:stitche?t?|duettiere?t?) (?:<P>)?(?:das|dieses|diesen|mich|mein|es)\b",
        r"<V>(?:nutze?t?|verwende?t?|benutze?t?|nehmt|nimm) (?:<P>)?(?:diesen|den|meinen|das|dieses|diese) (?:sound|ton|audio|filter|vorlage|hashtag)\b",
    ),
    "sign_up": (
        r"<V>(?:melde?t?|registriere?t?) (?:<P>)?(?:dich|euch)\b<G>{0,45}\b(?:an(?! der| die| den)|newsletter|kurs|webinar|liste)\b",
        r"<V>(?:melden|registrieren|tragen) sie sich\b",
        r"\b(?:jetzt|hier|gleich|unten|kostenlos|noch heute|direkt) (?:\w+ )?(?:anmelden|registrieren|eintragen|mitmachen|beitreten|bewerben)\b<E>",
        r"\bjetzt\b<G>{0,40}\b(?:anmelden|registrieren|eintragen|beitreten|bewerben)\b<E>",
        r"<V>tragt? (?:<P>)?(?:dich|euch)\b<G>{0,45}\bein\b",
        r"<V>registriere?t? (?:dich|euch)\b",
        r"<V>(?:holt?|abon+iere?t?|sichere?t?)\b<G>{0,20}\bnewsletter\b",
        r"<V>(?:komm|kommt|tritt|tretet|werde|werdet)\b<G>{0,20}\b(?:discord|community|whatsapp-?gruppe|telegram\w*|mitglied|club|warteliste)\b",
        r"<V>bewirb dich\b|<V>bewerbt euch\b",
    ),
    "download": (
        r"<V>lade?t? (?:<P>)?(?:dir |euch )?<G>{0,40}\b(?:he)?runter\b",
        r"<V>laden sie\b<G>{0,40}\bherunter\b",
        r"\b(?:jetzt|hier|kostenlos|gratis|app|gleich|direkt) (?:\w+ )?(?:herunterladen|runterladen|downloaden|installieren)\b",
        r"<V>(?:downloade?t?|installiere?t?) (?:<P>)?(?:dir|euch|die app|unsere?|meine?)\b",
        r"<V>(?:holt?|hole|sichere?t?) (?:dir|euch)\b<G>{0,35}\b(?:download|app|pdf|vorlage|freebie|e-?book|checkliste|guide)\b",
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
        yield rf"\bwenn (?:ihr|du)\b<G>{{0,40}}\b{second_person}\b<G>{{0,15}}\b(?:wue?rde|waere|ware)\b<G>{{0,25}}{GLAD}"
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


GERMAN = _all(ALONE)
