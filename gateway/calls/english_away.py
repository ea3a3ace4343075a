"""How English sends a viewer elsewhere, to a link, a shop, a friend, another video; written as in `english`."""

from __future__ import annotations

PART = r"part (?:\d+|[ivx]+|one|two|three|four|five|six)\b"
"""Of a series."""

PLACE = (
    r"(?:bio|description(?: box)?|profile|comments?|caption|first comment|pinned comment|show ?notes|box below|"
    r"stor(?:y|ies))\b"
)
"""Where platforms let a link stand."""

THINGS = (
    r"(?:app|guide|pdf|template|checklist|e-?book|work ?(?:sheet|book)|planner|presets?|game|cheat ?sheet|freebie|"
    r"pattern|printable|plan)\b"
)
"""What is given away for a download."""

ENGLISH_AWAY = {
    "link": (
        r"\bl ?i ?n ?k\s*(?:is |'?s )?i ?n\s*(?:my |the |our )?b ?i ?o\b",
        rf"\blink(?:s|ed)?\b<G>{{0,35}}\b(?:in|on|at|to) (?:(?:my|the|our|this|video) ){{0,2}}{PLACE}",
        r"\blink(?:s|ed)?(?: (?:is|are|it|them|everything|all))? (?:right |down |just )?(?:below|above|up top|"
        r"pinned)\b",
        r"<V>(?:click|tap|hit|use|visit|check(?: out)?|press|grab|follow)\b<G>{0,20}\b(?:the|this|my|our|that) links?\b"
        r"(?! (?:between|of|fence))",
        r"<S>swipe up(?: (?:to|for)\b|<E>)",
        r"<V>(?:head|go|hop|jump|check|visit|see|look|run)\b<G>{0,20}\b(?:my|our|the) bio\b",
        r"<S>(?:check|visit|see|shop)\b<G>{0,20}\b(?:bio|profile) link\b",
        r"<V>(?:visit|check out|go to|head (?:over )?to)\b<G>{0,25}"
        r"(?:\b\w+ ?(?:\.|dot) ?(?:com|de|org|net|io|shop)\b|\b(?:my|our) (?:website|site|blog)\b)",
    ),
    "buy": (
        r"<V>(?:shop|buy|order|book|pre-?order|purchase) (?:it |yours? |this |them )?(?:\w+ )?(?:now|today|here|"
        r"online|tonight)\b",
        r"<S>shop (?:the|my|our|this|these|all|at|with|via|link)\b",
        r"<S>(?:buy|order|book|pre-?order|purchase) (?:it|yours|one|this|them|your|the (?:book|set|look|kit)|before|"
        r"via|through|at)\b",
        r"<V>(?:get|grab|snag|claim|order|secure|reserve|buy|cop) (?:yours|your (?:\w+ )?(?:copy|copies|tickets?|"
        r"spots?|"
        r"seats?|own|set|pair|box|order|hands on)|(?:one|them|it) (?:now|today|while|before))\b",
        r"<S>(?:pick|grab|snap) (?:one|yours|it|them) up\b",
        r"\b(?:use|with|enter|apply|type) (?:my |our |the |this )?(?:\w+ )?(?:code|coupon) [\"']?(?!editor|in |that|"
        r"and)\w+",
        r"\bcode\b<G>{0,25}\b(?:off|discount|at checkout|to save|saves you)\b",
        r"<V>(?:get|save|take|enjoy) (?:\w+ )?(?:\d+|\w+)(?: ?%| percent) off\b",
        r"<V>add (?:it |this )?to (?:your )?(?:cart|basket)\b",
        r"\b(?:while|before) (?:stocks?|suppl(?:y|ies)|they|it) (?:lasts?|sells? out|(?:is|are) gone)\b",
    ),
    "tag_friend": (
        r"<V>tag (?:a|an old|someone|somebody|anyone|that|your|two|three|\d+|everyone|whoever)\b(?! (?:line|team|"
        r"sale))",
        r"<V>(?:tag|mention|@) ?the (?:friends?|person|people|one|mate|colleague|girl|guy)\b",
        r"<V>mention (?:a|your|someone|that)(?: \w+)? ?(?:friends?|person|mate|bestie|who|partner)\b",
        r"<V>@ (?:a|your|someone|that) ",
    ),
    "message": (
        r"<V>(?:dm|pm|message|inbox|whatsapp) (?:me|us)\b",
        r"<S>(?:text|e-?mail|write|call) (?:me|us) (?:if|for|at|the word|with|your)\b",
        r"<V>(?:send|drop|shoot|write) (?:me|us) (?:a |an |your )?(?:quick |private |direct )?"
        r"(?:dms?|pm|messages?|text|e-?mail|line|note|the word)\b",
        r"<V>(?:slide|hop|jump|come)\b<G>{0,10}\b(?:in|into|to) (?:my|our|the) (?:dms?|inbox)\b",
        r"<V>(?:send|drop|hit)\b<G>{0,25}\b(?:in|via|by|through) (?:my |our |a )?(?:dms?|inbox)\b",
        r"\b(?:my|our) (?:dms?|inbox) (?:are|is) (?:always )?open\b",
        r"<S>(?:dm|reach out|hit me up) (?:me|us|for|to (?:me|us|book|order)|if|via)\b",
    ),
    "watch_next": (
        rf"<V>(?:watch|see|catch|check out|check|find|go to|head to|view|stream)\b<G>{{0,20}}\b{PART}",
        r"<V>(?:watch|see|catch|check out|check|go watch|head (?:over )?to|view|stream)\b<G>{0,12}\b(?:the|my|our|"
        r"this|that) "
        r"(?:full|whole|entire|rest|next|other|previous|first|last|latest|newest|new|long)(?: \w+)? "
        r"?(?:video|vlog|episode|tour|story|part|version|playlist|film|tutorial|series)?\b",
        r"<V>(?:watch|keep watching|stay|stick around|wait)\b<G>{0,12}\b(?:till|til|until|to|for) "
        r"the (?:very )?(?:end|last (?:second|one|bit)|result|reveal|ending)\b",
        rf"\b{PART}(?: is|'s|:)?(?: already| now)? (?:up|out|live|online|posted|on (?:my|the|our)|in (?:my|"
        r"the) (?:profile|playlist))\b",
        r"<S>(?:go|go and) watch\b",
        r"<V>(?:go|go and) watch\b",
        r"<V>stay tuned\b",
        r"<S>(?:wait for it|keep watching|stick around|don'?t (?:skip|scroll|swipe|click off|look away))\b",
        r"<V>(?:click|tap)(?: on)? (?:this|that|the)(?: next| other)? video\b",
        r"<V>(?:check out|visit|head (?:over )?to|go to|have a look at) (?:my|our|the|this) (?:\w+ )?(?:channel|page|"
        r"profile|playlist)\b"
        r"(?! link)",
    ),
    "duet": (
        r"<V>(?:duet|remix) (?:this|me|with|it|my)\b",
        r"<V>stitch (?:this|me|it|my)(?: (?:and|video|with|if|to (?:show|tell))\b|<E>)",
        r"<V>use (?:this|my|our) (?:sound|audio|filter|template|effect|hashtag)\b",
    ),
    "sign_up": (
        r"<V>sign (?:up|yourself up)\b(?! sheet)",
        r"<V>(?:register|enrol+|rsvp|book your (?:spot|place|seat))(?: (?:now|here|today|for (?:the|my|our|free)|"
        r"below|via|at|before|"
        r"through)\b|<E>)",
        r"<V>apply (?:now|here|today|via)\b",
        r"<V>join (?:my|our|us\b|the (?:\w+ )?(?:waitlist|wait list|newsletter|community|club|group|discord|"
        r"challenge|course|"
        r"list|live|webinar|server|channel|telegram|family|membership|patreon))",
        r"<V>(?:get on|hop on) (?:the|my|our) (?:\w+ )?list\b",
    ),
    "download": (
        r"<V>(?:download|install) (?:it|now|here|free|for free|today|below|via|from)\b",
        rf"<V>(?:download|install) (?:the|my|our|this|your) (?:[\w-]+ ){{0,3}}?{THINGS}",
        rf"<V>(?:get|grab) (?:the|my|our|your|this) (?:[\w-]+ ){{0,2}}?{THINGS}",
        r"<V>download (?:the|my|our|this|your) free\b",
    ),
}  # fmt: skip
