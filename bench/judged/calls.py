"""comment_cta_detection on sentences that were not looked at while its patterns were written."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from bench.common import asking, captions
from bench.common.captions import Caption
from bench.common.scores import Found
from bench.judged.case import Judgement, Material
from gateway.calls.patterns import calls_in
from gateway.calls.replies import reply_on_screen, reply_said

NAME = "comment_cta_detection"
READS: tuple[str, ...] = ()
LANGUAGES = {"de": "German", "en": "English"}

KEYWORDS = {
    "follow": ("follow", "folg"), "like": ("like", "daumen", "thumbs up"), "share": ("share", "teil"),
    "save": ("save", "speicher"), "comment": ("comment", "kommentar"), "link": ("link",),
    "subscribe": ("subscribe", "abo"), "buy": ("buy", "shop", "order", "kauf", "bestell", "code"),
    "tag_friend": ("tag ", "markier"), "notify": ("bell", "glocke", "notif"), "message": ("dm", "nachricht"),
    "watch_next": ("watch", "schau"), "duet": ("duet", "stitch"), "sign_up": ("sign up", "meld"),
    "download": ("download", "runter"),
}  # fmt: skip
"""What a list of keywords would look for: the standalone road, since no tool is made for this."""

REPLY_WORDS = ("reply", "replying", "antwort", "comment", "kommentar", "asked", "gefragt")
"""The same for answers to comments."""

SETS = {
    "strangers' wording": "written after public how-to pages before their author read a pattern, then widened by the "
    "same author",
    "the patterns' author's wording": "by the author of the first patterns",
}


async def judge(material: Material) -> list[Judgement]:
    """Precision and recall of sentences, by set and language; then of answers to comments."""
    found = [
        _judged(name, sentences, code)
        for name, sentences in zip(SETS, (captions.held_out(), _first()), strict=True)
        for code in LANGUAGES
    ]
    return [*found, _replies(captions.held_out())]


def _first() -> list[Caption]:
    """The first set's held-out sentences, which ask for one thing each."""
    both = (*asking.held_out(asking.ASKING), *asking.held_out(asking.NOT_ASKING))
    return [
        Caption(language_code=each.language_code, label=each.action or captions.NONE, content=each.content)
        for each in both
    ]


def _judged(name: str, sentences: Sequence[Caption], language_code: str) -> Judgement:
    of_language = [each for each in sentences if each.language_code == language_code]
    ours = _found(of_language, lambda text: {call.action for call in calls_in(text)})
    alone = _found(of_language, _by_keywords)
    calls = sum(bool(each.actions) for each in of_language)
    return Judgement(
        analyzer=NAME,
        measure=f"calls to action in {LANGUAGES[language_code]}, {name}",
        ours=_told(ours),
        ours_value=ours.f1,
        standalone=_told(alone),
        standalone_value=alone.f1,
        tool="a list of keywords",
        clips=f"{calls} held-out sentences that ask and {len(of_language) - calls} that do not, {SETS[name]}",
    )


def _replies(sentences: Sequence[Caption]) -> Judgement:
    ours = _replies_found(sentences, lambda text: bool(reply_on_screen(text) or reply_said(text)))
    alone = _replies_found(sentences, lambda text: any(word in text.casefold() for word in REPLY_WORDS))
    replies = sum(each.label == captions.REPLY for each in sentences)
    return Judgement(
        analyzer=NAME,
        measure="answers to comments",
        ours=_told(ours),
        ours_value=ours.f1,
        standalone=_told(alone),
        standalone_value=alone.f1,
        tool="a list of keywords",
        clips=f"{replies} held-out sentences that answer a comment and {len(sentences) - replies} that do not",
    )


def _found(sentences: Iterable[Caption], actions: Callable[[str], set[str]]) -> Found:
    told = [(actions(each.content), each.actions) for each in sentences]
    return Found(
        right=sum(len(found & asked) for found, asked in told),
        wrong=sum(len(found - asked) for found, asked in told),
        missed=sum(len(asked - found) for found, asked in told),
    )


def _replies_found(sentences: Iterable[Caption], answers: Callable[[str], bool]) -> Found:
    told = [(answers(each.content), each.label == captions.REPLY) for each in sentences]
    return Found(
        right=sum(found and asked for found, asked in told),
        wrong=sum(found and not asked for found, asked in told),
        missed=sum(asked and not found for found, asked in told),
    )


def _by_keywords(text: str) -> set[str]:
    plain = text.casefold()
    return {action for action, words in KEYWORDS.items() if any(word in plain for word in words)}


def _told(found: Found) -> str:
    recall = found.right / (found.right + found.missed)
    precision = found.right / (found.right + found.wrong) if found.right else 0.0
    return f"precision {precision:.2f}, recall {recall:.2f}"
