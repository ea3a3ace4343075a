"""How English asks a viewer for something: action -> patterns for folded text.

A pattern's first mark says where it counts: "<S>" where a clause begins, "<V>" at any word that may be an imperative,
"<A>" after "don't forget to" and the like, without one anywhere (see `clauses`). Further in, "<G>" is a letter within
a sentence, and "<E>" sees that what was asked for ends there ("share!", but not "share the flat").
"""

from __future__ import annotations

from gateway.calls.english_away import ENGLISH_AWAY

HIT = r"(?:hit|smash|press|tap|click|push|punch|destroy)\b(?: on)?"
"""Before a button."""

POST = (
    r"(?:whole |full |little |quick |new |awesome |cool )?(?:videos?|posts?|clips?|reels?|tutorials?|tips?|recipes?|"
    r"guide|list|one|tiktok|shorts?|thread|content|carousel|checklist|vlog|episode)\b"
)
"""What a creator calls the thing that is watched."""

THIS = rf"(?:this|these|it|that|(?:this|the|my|our|that|these) {POST})"
"""It, named so that no dough or file is meant."""

SOMEBODY = (
    r"(?:(?:a|an|the|your|that|two|three|\d+)(?: \w+)? (?:friends?|person|people|one|mates?|besties?|budd(?:y|ies)|"
    r"partners?|colleagues?|group ?chats?|crew|mum|mom|dad|sister|brother|boss|coach|family|club|team|girls|boys|"
    r"husband|wife|boyfriend|girlfriend)|your (?:best|favou?rite) \w+|your \w+|someone|somebody|anyone|anybody|"
    r"everyone|everybody|whoever|all (?:of )?your|my friends)\b"
)
"""Whom a video is sent to."""

GIVE = r"(?:leave|drop|give|show|throw|toss)\b<G>{0,30}\b(?:a|an|some|your|those) (?:big |huge |quick |cheeky )?"
"""Before what a viewer leaves with a video."""

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
        r"<V>send (?:your|a) (?:friends?|mum|mom|bestie|sister|partner) this\b",
        r"<V>pass (?:this|it)(?: \w+)? on\b",
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
        r"<V>save (?:this|these)(?: (?:for|so|to|before|if|now|and|or|somewhere|right|in case|because|one)\b|<E>)",
        r"<S>save (?:it|that|them|the (?:video|post|reel))(?: (?:for (?:later|your|the next|when)|so|before|if|"
        r"now)\b|<E>)",
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
        r"<V>(?:let (?:me|us)|tell|write|put|drop|leave|post|share|sound|vote|guess|answer|ask|type|say|pop|shout|"
        r"give|add|name|"
        r"comment|chime|join|argue|roast|correct|send|list|rate|hit|discuss)\b<G>{0,60}\b(?:in|down in|to) "
        r"(?:the |my |our |those )?comments?\b",
        r"<V>(?:let (?:me|us)|tell|write|put|drop|leave|type|post|share|vote|answer|comment|guess|pop|say|"
        r"add)\b<G>{0,50}"
        r"(?:\b(?:below|underneath|down here)\b(?! (?:zero|freezing|the|a|an|your|that|it|\d))|👇|⬇)",
        r"<V>let (?:me|us) know (?:what you|your|which|how you|who you|where you|if you(?:'d|'ve| want| would| tr\w+| "
        r"agree| like| have))\b",
        r"<S>tell (?:me|us) (?:your (?:favou?rite|opinion|guess|thoughts|answer|story)|what you think|which (?:one|"
        r"of))\b",
        r"(?<!\bthe )(?<!\ba )(?<!\bis )(?<!\ber )(?<!\bmy )(?<!\bno )(?<!\bt )\bcomment (?:down |right )?below\b",
        r"<S>comment (?:down|below|your|if|with|which|what|where|how|a|an|one|the (?:word|number|emoji)|[\"'\d])",
        r"<V>comment (?:your|if you|with your|which one)\b",
        r"<S>comment \w+ (?:for|to get|and (?:i|we|you)|if|below|to)\b",
        r"<S>comment<E>",
        r"<V>(?:leave|drop|write|post)\b<G>{0,20}\b(?:a|your|me|us|some|in) comments?\b",
        r"<V>(?:drop|leave|comment|put|type|send) (?:(?:a|an|some|your|me|me a|us a) )?"
        r"[^\w\s.,!?;:'\"()\-\u2013\u2014\u2026@#&/]",
        r"<V>(?:type|write|comment|drop) [\"']?(?:yes|no|me|a \w+|one|[1-9])[\"']? (?:if|below|in|when)\b",
        r"<V>(?:drop|leave) (?:it|them|yours|your \w+|a \w+) (?:down |right )?below\b",
        r"\byour (?:thoughts|questions|answers?|guess(?:es)?|ideas?|opinions?|stor(?:y|ies)|insights?|feedback|"
        r"experiences?|takes?|picks?|tips)\b<G>{0,20}\b(?:in the comments?|below)\b",
        r"\b(?:love|like|happy|keen|excited) to (?:hear|read|see|know)\b<G>{0,50}\bin the comments?\b",
        r"\bsee you in the comments?\b",
        r"<A>comment(?: (?:below|your|and|on this|down|if)\b|<E>)",
    ),
    **ENGLISH_AWAY,
}  # fmt: skip
