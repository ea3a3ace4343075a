"""How English asks a viewer for something: action -> patterns for folded text.

A pattern's first mark says where it counts: "<S>" where a clause begins, "<V>" at any word that may be an imperative,
"<A>" after "don't forget to" and the like, without one anywhere (see `clauses`). Further in, "<G>" is a letter within
a sentence, and "<E>" sees that what was asked for ends there ("share!", but not "share the flat").
"""

from __future__ import annotations

HIT = r"(?:hit|smash|press|tap|click|push|punch|destroy)\b(?: on)?"
"""Before a button."""

POST = (
    r"(?:whole |full |little |quick |new |awesome |cool )?(?:videos?|posts?|clips?|reels?|tutorials?|tips?|recipes?|"
    r"guide|list|one|tiktok|shorts?|thread|content|carousel|checklist|vlog|episode)\b"
)
"""What a creator calls the thing that is watched."""

THIS = rf"(?:this|these|it|that|(?:this|the|my|our|that|these) {POST})"

SOMEBODY = (
    r"(?:(?:a|an|the|your|that|two|three|\d+)(?: \w+)? (?:friends?|person|people|one|mates?|besties?|budd(?:y|ies)|"
    r"partners?|colleagues?|group ?chats?|crew|mum|mom|dad|sister|brother|boss|coach|family|club|team|girls|boys|"
    r"husband|wife|boyfriend|girlfriend)|your (?:best|favou?rite) \w+|your \w+|someone|somebody|anyone|anybody|"
    r"everyone|everybody|whoever|all (?:of )?your|my friends)\b"
)
"""Whom a video is sent to."""

GIVE = r"(?:leave|drop|give|show|throw|toss)\b<G>{0,30}\b(?:a|an|some|your|those) (?:big |huge |quick |cheeky )?"
"""Before what a viewer leaves with a video."""

PART = r"part (?:\d+|[ivx]+|one|two|three|four|five|six)\b"

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

NOT_THINGS = r"(?! (?:the(?! (?:journey|page|account|channel))|a|an|his|her|their|its|your|every|each|all)\b)"
"""What is followed, shared or saved in ordinary talk comes with an article."""

ENGLISH = {
    "follow": (
        r"<S>follow (?:me|us|@\w+|along|(?:this|my|our|the) (?:page|account|channel|profile|journey|series))\b"
        r"(?! (?:into|inside|home|around|down|up|out|through|everywhere|back))",
        r"<S>follow (?:for|if|so|because|to (?:see|get|learn|find|stay|never))\b",
        r"<S>follow<E>",
        r"<V>follow (?:(?:me|us|along|my page|our page|@\w+) )?(?:for (?:more|part|daily|weekly|tips)|"
        r"(?:on|over on) (?:insta|tiktok|youtube))",
        r"<V>follow (?:me|us) (?:if|because|so|to (?:see|get|learn|find|stay|never))\b",
        r"<S>follow (?:my|our) (?:friend|sister|brother|wife|husband|insta\w*|tiktok|socials?|other)\b",
        rf"<V>{HIT}<G>{{0,15}}\bfollow\b",
        rf"<V>{GIVE}(?:like and (?:a )?)?follow\b",
        rf"<A>follow(?:ed)?\b{NOT_THINGS}",
        r"\bconsider (?:following|a follow)\b",
        r"\b(?:not|n't|never) follow(?:ing)? (?:me|us|yet|this)\b",
        r"\b(?:a|your) follow (?:would|really|helps?|means?|goes)\b",
        r"\bappreciate (?:a|the|your) follow\b",
    ),
    "like": (
        rf"<S>like (?:this|my|our) {POST}",
        r"<S>like the (?:video|post|reel)\b",
        r"<S>like (?:if|when you|for (?:part|more|another))\b",
        rf"<V>{HIT}<G>{{0,15}}\b(?:likes?|thumbs? ?up|heart)\b",
        rf"<V>{GIVE}(?:likes?|thumbs? ?up|hearts?|double tap)\b",
        r"<S>thumbs up (?:if|for|and)\b",
        r"<V>double[ -]?tap\b",
        r"<S>tap twice\b",
        r"<A>like(?:d)?(?: (?:this|the|my|it|and|before|so|if)\b|<E>)",
        r"\b(?:a|every|your) like (?:would|really|helps?|means?|goes)\b",
        r"\bconsider liking\b",
    ),
    "share": (
        rf"<V>(?:share|send|forward|show|repost) {THIS}<G>{{0,25}}?\b(?:to|with) {SOMEBODY}",
        rf"<V>(?:share|repost|post) {THIS} (?:to|on|in|with) (?:your|my|the) (?:stor|feed|friends|group)",
        rf"<V>send (?:your|a) (?:friends?|mum|mom|bestie|sister|partner) this\b",
        rf"<V>pass (?:this|it)(?: \w+)? on\b",
        rf"<V>pass (?:this|it) (?:along|to {SOMEBODY})",
        rf"<S>share {THIS}<E>",
        rf"<S>(?:share|repost)(?: {THIS})? (?:if|so|because|to (?:help|spread|save)|around|widely|far)\b",
        rf"<S>(?:share|send) (?:with|to) {SOMEBODY}",
        r"<S>(?:share|repost)<E>",
        r"\b(?:please|pls) (?:share|repost|retweet)\b(?! (?:your|the|a|an)\b)",
        rf"<A>(?:share|repost|send)(?: {THIS}|<E>)",
        r"\bconsider sharing\b",
    ),
    "save": (
        rf"<V>save (?:this|these|my|that) {POST}",
        rf"<V>save (?:this|these)(?: (?:for|so|to|before|if|now|and|or|somewhere|right|in case|because|one)\b|<E>)",
        rf"<S>save (?:it|that|them|the (?:video|post|reel))(?: (?:for (?:later|your|the next|when)|so|before|if|now)\b|<E>)",
        r"<S>save (?:for|so|before|if)\b",
        r"<V>save for (?:later|future)\b",
        r"<S>save<E>",
        rf"<V>{HIT}<G>{{0,12}}\b(?:save|bookmark)\b",
        rf"<V>(?:bookmark|screenshot|screen shot|pin) {THIS}",
        r"<V>(?:take|grab) a screenshot\b",
        rf"<A>(?:save|bookmark|screenshot)(?: (?:this|these|it|the {POST})|<E>)",
    ),
    "subscribe": (
        r"\bsubscribe to (?:my|our|the|this) (?:\w+ )?channel\b",
        r"<S>subscribe\b(?! to (?:that|this|the) (?:theory|idea|view|notion|belief|opinion|school))",
        r"<V>subscribe (?:for|if|so|and|to (?:see|get|never|my|our)|down|below|now|because|with)\b",
        r"<V>subscribe<E>",
        rf"<V>{HIT}<G>{{0,20}}\bsubscribe\b",
        r"<A>subscribed?\b",
        r"\bconsider subscribing\b",
        r"\b(?:not|n't) (?:already |yet )?subscribed\b",
        r"\b(?:a|your) sub(?:scription)? (?:would|really|helps?|means?)\b",
    ),
    "notify": (
        r"<V>(?:turn|switch|put)\b(?: on\b<G>{0,25}\bnotif\w*|<G>{0,25}\bnotif\w* on\b)",
        r"<V>(?:enable|activate|allow)\b<G>{0,20}\bnotif\w*",
        r"<V>(?:hit|smash|tap|click)\b(?: on)?<G>{0,25}\bbell\b(?! pepper)",
        r"<V>(?:ring|press) (?:the|that)(?: little| notification)? bell(?: (?:icon|so|to|and|if)\b|<E>)",
        r"<S>(?:post )?notif\w* on\b",
    ),
    "comment": (
        r"<V>(?:let (?:me|us)|tell|write|put|drop|leave|post|share|sound|vote|guess|answer|ask|type|say|pop|shout|give|add|name|"
        r"comment|chime|join|argue|roast|correct|send|list|rate|hit|discuss)\b<G>{0,60}\b(?:in|down in|to) "
        r"(?:the |my |our |those )?comments?\b",
        r"<V>(?:let (?:me|us)|tell|write|put|drop|leave|type|post|share|vote|answer|comment|guess|pop|say|add)\b<G>{0,50}"
        r"(?:\b(?:below|underneath|down here)\b(?! (?:zero|freezing|the|a|an|your|that|it|\d))|👇|⬇)",
        r"<V>let (?:me|us) know (?:what you|your|which|how you|who you|where you|if you(?:'d|'ve| want| would| tr\w+| "
        r"agree| like| have))\b",
        r"<S>tell (?:me|us) (?:your (?:favou?rite|opinion|guess|thoughts|answer|story)|what you think|which (?:one|of))\b",
        r"(?<!\bthe )(?<!\ba )(?<!\bis )(?<!\ber )(?<!\bmy )(?<!\bno )(?<!\bt )\bcomment (?:down |right )?below\b",
        r"<S>comment (?:down|below|your|if|with|which|what|where|how|a|an|one|the (?:word|number|emoji)|[\"'\d])",
        r"<V>comment (?:your|if you|with your|which one)\b",
        r"<S>comment \w+ (?:for|to get|and (?:i|we|you)|if|below|to)\b",
        r"<S>comment<E>",
        r"<V>(?:leave|drop|write|post)\b<G>{0,20}\b(?:a|your|me|us|some|in) comments?\b",
        r"<V>(?:drop|leave|comment|put|type|send) (?:(?:a|an|some|your|me|me a|us a) )?[^\w\s.,!?;:'\"()\-–—…@#&/]",
        r"<V>(?:type|write|comment|drop) [\"']?(?:yes|no|me|a \w+|one|[1-9])[\"']? (?:if|below|in|when)\b",
        r"<V>(?:drop|leave) (?:it|them|yours|your \w+|a \w+) (?:down |right )?below\b",
        r"\byour (?:thoughts|questions|answers?|guess(?:es)?|ideas?|opinions?|stor(?:y|ies)|insights?|feedback|experiences?|takes?|picks?|tips)\b<G>{0,20}\b(?:in the comments?|below)\b",
        r"\b(?:love|like|happy|keen|excited) to (?:hear|read|see|know)\b<G>{0,50}\bin the comments?\b",
        r"\bsee you in the comments?\b",
        r"<A>comment(?: (?:below|your|and|on this|down|if)\b|<E>)",
    ),
    "link": (
        r"\bl ?i ?n ?k\s*(?:is |'?s )?i ?n\s*(?:my |the |our )?b ?i ?o\b",
        rf"\blink(?:s|ed)?\b<G>{{0,35}}\b(?:in|on|at|to) (?:(?:my|the|our|this|video) ){{0,2}}{PLACE}",
        r"\blink(?:s|ed)?(?: (?:is|are|it|them|everything|all))? (?:right |down |just )?(?:below|above|up top|pinned)\b",
        r"<V>(?:click|tap|hit|use|visit|check(?: out)?|press|grab|follow)\b<G>{0,20}\b(?:the|this|my|our|that) links?\b"
        r"(?! (?:between|of|fence))",
        r"<S>swipe up(?: (?:to|for)\b|<E>)",
        r"<V>(?:head|go|hop|jump|check|visit|see|look|run)\b<G>{0,20}\b(?:my|our|the) bio\b",
        r"<S>(?:check|visit|see|shop)\b<G>{0,20}\b(?:bio|profile) link\b",
        r"<V>(?:visit|check out|go to|head (?:over )?to)\b<G>{0,25}"
        r"(?:\b\w+ ?(?:\.|dot) ?(?:com|de|org|net|io|shop)\b|\b(?:my|our) (?:website|site|blog)\b)",
    ),
    "buy": (
        r"<V>(?:shop|buy|order|book|pre-?order|purchase) (?:it |yours? |this |them )?(?:\w+ )?(?:now|today|here|online|tonight)\b",
        r"<S>shop (?:the|my|our|this|these|all|at|with|via|link)\b",
        r"<S>(?:buy|order|book|pre-?order|purchase) (?:it|yours|one|this|them|your|the (?:book|set|look|kit)|before|via|through|at)\b",
        r"<V>(?:get|grab|snag|claim|order|secure|reserve|buy|cop) (?:yours|your (?:\w+ )?(?:copy|copies|tickets?|spots?|"
        r"seats?|own|set|pair|box|order|hands on)|(?:one|them|it) (?:now|today|while|before))\b",
        r"<S>(?:pick|grab|snap) (?:one|yours|it|them) up\b",
        r"\b(?:use|with|enter|apply|type) (?:my |our |the |this )?(?:\w+ )?(?:code|coupon) [\"']?(?!editor|in |that|and)\w+",
        r"\bcode\b<G>{0,25}\b(?:off|discount|at checkout|to save|saves you)\b",
        r"<V>(?:get|save|take|enjoy) (?:\w+ )?(?:\d+|\w+)(?: ?%| percent) off\b",
        r"<V>add (?:it |this )?to (?:your )?(?:cart|basket)\b",
        r"\b(?:while|before) (?:stocks?|suppl(?:y|ies)|they|it) (?:lasts?|sells? out|(?:is|are) gone)\b",
    ),
    "tag_friend": (
        r"<V>tag (?:a|an old|someone|somebody|anyone|that|your|two|three|\d+|everyone|whoever)\b(?! (?:line|team|sale))",
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
        r"<V>(?:watch|see|catch|check out|check|go watch|head (?:over )?to|view|stream)\b<G>{0,12}\b(?:the|my|our|this|that) "
        r"(?:full|whole|entire|rest|next|other|previous|first|last|latest|newest|new|long)(?: \w+)? "
        r"?(?:video|vlog|episode|tour|story|part|version|playlist|film|tutorial|series)?\b",
        r"<V>(?:watch|keep watching|stay|stick around|wait)\b<G>{0,12}\b(?:till|til|until|to|for) "
        r"the (?:very )?(?:end|last (?:second|one|bit)|result|reveal|ending)\b",
        rf"\b{PART}(?: is|'s|:)?(?: already| now)? (?:up|out|live|online|posted|on (?:my|the|our)|in (?:my|the) (?:profile|playlist))\b",
        r"<S>(?:go|go and) watch\b",
        r"<V>(?:go|go and) watch\b",
        r"<V>stay tuned\b",
        r"<S>(?:wait for it|keep watching|stick around|don'?t (?:skip|scroll|swipe|click off|look away))\b",
        r"<V>(?:click|tap)(?: on)? (?:this|that|the)(?: next| other)? video\b",
        r"<V>(?:check out|visit|head (?:over )?to|go to|have a look at) (?:my|our|the|this) (?:\w+ )?(?:channel|page|profile|playlist)\b"
        r"(?! link)",
    ),
    "duet": (
        r"<V>(?:duet|remix) (?:this|me|with|it|my)\b",
        r"<V>stitch (?:this|me|it|my)(?: (?:and|video|with|if|to (?:show|tell))\b|<E>)",
        r"<V>use (?:this|my|our) (?:sound|audio|filter|template|effect|hashtag)\b",
    ),
    "sign_up": (
        r"<V>sign (?:up|yourself up)\b(?! sheet)",
        r"<V>(?:register|enrol+|rsvp|book your (?:spot|place|seat))(?: (?:now|here|today|for (?:the|my|our|free)|below|via|at|before|"
        r"through)\b|<E>)",
        r"<V>apply (?:now|here|today|via)\b",
        r"<V>join (?:my|our|us\b|the (?:\w+ )?(?:waitlist|wait list|newsletter|community|club|group|discord|challenge|course|"
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
