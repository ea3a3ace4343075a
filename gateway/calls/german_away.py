"""How German sends a viewer elsewhere, to a link, a shop, a friend, another video; written as in `german`."""

from __future__ import annotations

SHOWN = r"(?:bio|beschreibung|videobeschreibung|profil|kommentare?n?|kommis|infobox|story|caption|steckbrief)\b"
"""Where platforms let a link stand."""

NUMBER = r"(?:\d+|eins|zwei|drei|vier|funf)\b"
"""Of a part."""

GERMAN_AWAY = {
    "link": (
        r"\bl ?i ?n ?k\s*i ?n\s*b ?i ?o\b",
        rf"\blinks? (?:<G>{{0,30}})\b(?:in|im|unter|auf|uber|ueber) "
        rf"(?:(?:der|dem|den|die|meine[rmn]?|unsere[rmn]?|erste[nrm]?|angepinnte[nrm]?|oben in|diesem) ){{0,2}}"
        rf"(?:{SHOWN}|video\b)",
        r"\blink (?:ist |steht |findest du |findet ihr |gibt'?s |gibt es |liegt )?(?:<P>)?(?:oben|unten|hier|"
        r"angepinnt|drunter)\b",
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
    "buy": (
        r"\b(?:jetzt|gleich|hier|direkt|online) (?:hier |direkt |online |gleich |noch |schnell )?"
        r"(?:vorbestellen|kaufen|bestellen|shoppen|sichern|zugreifen|zuschlagen|buchen)(?: (?:und|bei|im|mit|solange|"
        r"bevor)\b|<E>)",
        r"<S>(?:kaufen|bestellen|shoppen) (?:konn?t|kannst|konnen)\b",
        r"<V>(?:sichere?t?|schnappe?t?|kaufe?t?|bestelle?t?|bestellt|shoppe?t?|gonne?t?) (?:es |ihn |"
        r"sie )?(?:<P>)?(?:dir|euch)\b",
        r"<S>(?:sichern|kaufen|bestellen) sie (?:sich|jetzt|noch|ihr)",
        r"<V>(?:holt?|hole|bestelle?t?|kaufe?t?) (?:dir |euch )?(?:<P>)?(?:jetzt|noch heute|gleich|dein (?:ticket|"
        r"exemplar|set)|"
        r"deine (?:karte|box)|eure? (?:tickets?|karten|exemplar|sets?)|eins|welche)\b",
        r"\b(?:mit|nutze?t?|verwendet?|uber|eingeben) (?:dem |meinem |unserem |den |meinen )?(?:rabatt|gutschein|"
        r"promo)code\b",
        r"\b(?:rabatt|gutschein|promo)?code\b<G>{0,35}\b(?:spar\w*|prozent|rabatt|bekomm\w*|erhael\w*|erhal\w*|gibt)\b",
        r"\b(?:mit|nutze?t?) (?:dem |meinem )?code \w+\b(?= (?:bekomm|spar|gibt|gib|kriegt|habt|hast|sind))",
        r"<V>(?:schaut?|guckt?|kommt|komm|stobert?)\b<G>{0,20}\b\w*(?:shop|store|laden)\b(?:<G>{0,10}\b(?:vorbei|"
        r"rein|um|an)\b)?",
        r"<V>(?:schlagt?|greift?) (?:<P>)?(?:schnell )?zu\b",
    ),
    "tag_friend": (
        r"<V>(?:markiere?t?|verlinke?t?|tagge?t?|erwahne?t?|markieren sie) (?:<P>)?(?:hier |unten |drunter )?"
        r"(?:(?:dein\w*|eur\w*|eine?n?) (?:\w+ )?(?!stelle|punkt|loch|kante|linie|strich)\w+|jemand\w*|wen|leute|"
        r"freunde|"
        r"die person|den (?:freund|menschen|kumpel|typ|der)|den,? der|die,? die|diejenige\w*|alle,? die|uns|mich)\b",
    ),
    "message": (
        r"<V>(?:schreibe?t?|schicke?t?|sende?t?|schreiben sie)(?:'?s)? (?:<P>)?(?:mir|uns)\b<G>{0,25}"
        r"\b(?:dm|pn|\w*nachricht|whatsapp|e-?mail|mail|privat)\b",
        r"\b(?:per|via|als) (?:dm|pn|direktnachricht|privatnachricht|whatsapp|nachricht)\b<G>{0,12}\b(?:melden|"
        r"schreiben|anfragen|fragen)\b",
        r"<V>(?:meldet?|schreibt?|fragt?|melde|frage) (?:<P>)?(?:dich |euch |mich |mir |uns )?(?:<P>)?(?:per|via|"
        r"in den) (?:dms?|pn|direktnachricht|nachricht|whatsapp)\b",
        r"<V>melde?t? (?:dich|euch) (?:<P>)?bei (?:mir|uns)\b",
        r"<S>(?:dm|pn) (?:mir|an (?:mich|uns)|fue?r|genugt|genuegt|me)\b",
        r"\bmeine dms sind (?:immer )?offen\b",
    ),
    "watch_next": (
        rf"<V>(?:schaue?t?|sehe?t?|sieh|guckt?|klickt?|checkt?)\b<G>{{0,30}}\bteil {NUMBER}",
        r"<V>(?:schaue?t?|sehe?t?|seht|sieh|guckt?|klickt?|klicke|checkt?)\b<G>{0,30}\b(?:meine?|das|die|den|dieses|"
        r"unsere?|auf|ins)\b"
        r"<G>{0,12}\b(?:letzte|nachste|naechste|ganze|neue|neueste|vorige|andere|erste|zweite|volle)\w* (?:video|"
        r"folge|teil|vlog|reel|tour|story)\b",
        r"<V>(?:bleibt?|schaue?t?|guckt?|seht|sieh)\b<G>{0,25}\bbis (?:zum|ans|zur letzten) (?:bitteren )?(?:schluss|"
        r"schlus|ende|sekunde)\b(?! der)",
        r"<V>bleibt? (?:<P>)?(?:gespannt|dran(?: (?:bis|denn|weil|fur teil|wenn|es lohnt)\b|<E>))",
        rf"\bteil {NUMBER}(?: ist| gibt'?s| gibt es| findet ihr| findest du| jetzt| kommt| seht ihr)?<G>{{0,15}}"
        r"\b(?:online|auf (?:meinem|unserem) (?:profil|kanal)|hier oben|verlinkt)\b",
        r"\b(?:video|teil|folge|rest|tour)\b<G>{0,20}\b(?:findet ihr|findest du|seht ihr|siehst du|gibt'?s|"
        r"gibt es)<G>{0,20}"
        r"\b(?:auf (?:meinem|unserem) (?:profil|kanal)|auf (?:youtube|insta\w*|tiktok))\b",
        r"<V>(?:schaue?t?|guckt?)\b<G>{0,25}\b(?:kanal|profil|youtube|playlist)\b<G>{0,12}\b(?:vorbei|rein|an)\b",
        r"\b(?:kanal|profil|youtube|online|playlist)\b<G>{0,15}\bschaue?t?\b<G>{0,20}\b(?:vorbei|rein)\b",
        r"<V>(?:nicht (?:weiterscrollen|wegwischen|skippen)|scrolle?t? nicht weiter)\b",
        r"<V>(?:klickt?|tippt?)\b<G>{0,15}\bauf (?:dieses|das) (?:video|nachste)\b",
    ),
    "duet": (
        r"<V>(?:mache?t?|dreht?|nehmt?)\b<G>{0,15}\bduett?e?\b(?: (?:mit|hierzu|dazu|damit|draus|zu)\b|<E>)",
        r"<V>(?:stitche?t?|duettiere?t?) (?:<P>)?(?:das|dieses|diesen|mich|mein|es)\b",
        r"<V>(?:nutze?t?|verwende?t?|benutze?t?|nehmt|nimm) (?:<P>)?(?:diesen|den|meinen|das|dieses|diese) (?:sound|"
        r"ton|audio|filter|vorlage|hashtag)\b",
    ),
    "sign_up": (
        r"<V>(?:melde?t?|registriere?t?) (?:<P>)?(?:dich|euch)\b<G>{0,45}\b(?:an(?! der| die| den)|newsletter|kurs|"
        r"webinar|liste)\b",
        r"<V>(?:melden|registrieren|tragen) sie sich\b",
        r"\b(?:jetzt|hier|gleich|unten|kostenlos|noch heute|direkt) (?:\w+ )?(?:anmelden|registrieren|eintragen|"
        r"mitmachen|beitreten|bewerben)\b<E>",
        r"\bjetzt\b<G>{0,40}\b(?:anmelden|registrieren|eintragen|beitreten|bewerben)\b<E>",
        r"<V>tragt? (?:<P>)?(?:dich|euch)\b<G>{0,45}\bein\b",
        r"<V>registriere?t? (?:dich|euch)\b",
        r"<V>(?:holt?|abon+iere?t?|sichere?t?)\b<G>{0,20}\bnewsletter\b",
        r"<V>(?:komm|kommt|tritt|tretet|werde|werdet)\b<G>{0,20}\b(?:discord|community|whatsapp-?gruppe|telegram\w*|"
        r"mitglied|club|warteliste)\b",
        r"<V>(?:bewirb dich|bewerbt euch)\b",
    ),
    "download": (
        r"<V>lade?t? (?:<P>)?(?:dir |euch )?<G>{0,40}\b(?:he)?runter\b",
        r"<V>laden sie\b<G>{0,40}\bherunter\b",
        r"\b(?:jetzt|hier|kostenlos|gratis|app|gleich|direkt) (?:\w+ )?(?:herunterladen|runterladen|downloaden|"
        r"installieren)\b",
        r"<V>(?:downloade?t?|installiere?t?) (?:<P>)?(?:dir|euch|die app|unsere?|meine?)\b",
        r"<V>(?:holt?|hole|sichere?t?) (?:dir|euch)\b<G>{0,35}\b(?:download|app|pdf|vorlage|freebie|e-?book|"
        r"checkliste|guide)\b",
    ),
}  # fmt: skip
