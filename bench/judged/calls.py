"""comment_cta_detection on sentences that were not looked at while its patterns were written."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from bench.common.asking import ASKING, NOT_ASKING, Sentence, held_out
from bench.common.scores import Found
from bench.judged.case import Judgement, Material
from gateway.calls.patterns import calls_in

NAME = "comment_cta_detection"
READS: tuple[str, ...] = ()
LANGUAGES = {"de": "German", "en": "English"}

KEYWORDS = {
    "follow": ("follow", "folg"), "like": ("like", "daumen", "thumbs up"), "share": ("share", "teil"),
    "save": ("save", "speicher"), "comment": ("comment", "kommentar"), "link": ("link",),
    "subscribe": ("subscribe", "abo"), "buy": ("buy", "shop", "order", "kauf", "bestell", "code"),
}  # fmt: skip
"""What a list of keywords would look for: the standalone road, since no tool is made for this."""


async def judge(material: Material) -> list[Judgement]:
    """Precision and recall of sentences, by language."""
    return [_judged(code, language) for code, language in LANGUAGES.items()]


def _judged(language_code: str, language: str) -> Judgement:
    asking = [each for each in held_out(ASKING) if each.language_code == language_code]
    ordinary = [each for each in held_out(NOT_ASKING) if each.language_code == language_code]
    ours = _found(asking, ordinary, lambda text: {call.action for call in calls_in(text)})
    alone = _found(asking, ordinary, _by_keywords)
    return Judgement(
        analyzer=NAME,
        measure=f"calls to action in {language} sentences",
        ours=_told(ours),
        ours_value=ours.f1,
        standalone=_told(alone),
        standalone_value=alone.f1,
        tool="a list of keywords",
        clips=f"{len(asking)} sentences that ask and {len(ordinary)} that do not, by the same author as the patterns",
    )


def _found(asking: Sequence[Sentence], ordinary: Sequence[Sentence], actions: Callable[[str], set[str]]) -> Found:
    right = sum(each.action in actions(each.content) for each in asking)
    wrong = sum(bool(actions(each.content)) for each in ordinary)
    return Found(right=right, wrong=wrong, missed=len(asking) - right)


def _by_keywords(text: str) -> set[str]:
    plain = text.casefold()
    return {action for action, words in KEYWORDS.items() if any(word in plain for word in words)}


def _told(found: Found) -> str:
    recall = found.right / (found.right + found.missed)
    precision = found.right / (found.right + found.wrong) if found.right else 0.0
    return f"precision {precision:.2f}, recall {recall:.2f}"
