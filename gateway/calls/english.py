"""How English asks a viewer for something: action -> patterns for folded text.

"<S>" stands for the beginning of a clause, "<G>" for a letter within a sentence (see `patterns`).
An imperative counts at the beginning of its clause only,
unless nobody would say it in another sense.
"""

from __future__ import annotations

HIT = r"\b(?:hit|smash|press|tap|click)\b"
"""Before a button."""

POST = r"(?:video|post|clip|reel|tutorial|tips?)"

ENGLISH = {
    "follow": (
        r"<S>follow (?:me|us|@|for (?:more|part|daily|tips)|along for|this (?:page|account)|"
        r"(?:my|our|the) (?:page|account|channel|profile))",
        r"\bfollow (?:me |us |along |my page )?for (?:more|part)\b",
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
        r"<S>(?:like|comment|save|tag|follow),? (?:and|&) share\b",
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
        r"\bsubscribe to (?:my|our|the|this) channel\b",
        r"<S>subscribe\b(?! to (?:that|this|the) (?:theory|idea|view|notion|belief))",
        rf"{HIT}<G>{{0,20}}\b(?:subscribe|bell icon|notification bell)\b",
        rf"{HIT} (?:the|that) bell\b",
        r"<S>(?:like|follow|comment|share),? (?:and|&) subscribe\b",
    ),
    "buy": (
        r"<S>(?:shop|buy|order|book) (?:it )?(?:now|today|yours|here|online)\b",
        r"<S>(?:get|grab) (?:yours|your (?:copy|tickets?|own))\b",
        r"<S>use (?:my |our |the )?(?:discount |promo )?code \w+",
        r"<S>add (?:it |this )?to (?:your )?cart\b",
    ),
}
