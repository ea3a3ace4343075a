"""What stands on screen and where, what a model described, and how the story goes."""

from __future__ import annotations

from collections.abc import Iterable

from reelscribe.report.concluded import is_expected
from reelscribe.report.described import content_of, marks_of, parts_of
from reelscribe.report.found import Found, written
from reelscribe.report.page.telling import compared
from reelscribe.report.page.words import Words
from reelscribe.report.retelling.places import place
from reelscribe.report.retelling.told import Telling, Told, one_each, second_of
from reelscribe.v1.story_pb2 import Verdict
from services.common.time import seconds


def story(telling: Telling) -> Iterable[Told]:
    """All of it. Where two modalities agree, or nobody would expect them to, there is nothing to tell."""
    words = telling.words
    for one in written(telling.items):
        yield Told(second=second_of(one.start_s), rank="text", text=_text(one, words))
    yield from one_each(telling, "description", "described", lambda one: _description(one, words))
    yield from one_each(telling, "product", "also", lambda one: _product(one, words))
    yield from one_each(telling, "phase", "story", lambda one: words.say("phase", name=words.label(one.finding.label)))
    yield from one_each(telling, "key_moment", "story", lambda one: _moment(one, words))
    yield from one_each(telling, "call_to_action", "story", lambda one: _call(one, words))
    yield from one_each(telling, "comment_reply", "story", lambda one: _reply(one, words))
    yield from one_each(telling, "cross_check", "story", lambda one: _check(one, words))


def _text(one: Found, words: Words) -> str:
    text = one.finding.text
    where = words.say("text_place", place=place(text.box, words)) if text.HasField("box") else ""
    content = " / ".join(line.strip() for line in text.content.splitlines())
    kind = words.label(one.finding.label)
    return words.say("text", kind=kind, where=where, content=content, until=words.at(one.end_s))


def _description(one: Found, words: Words) -> str:
    """What happens, who, where, what is done. What was said of an earlier moment is not said again."""
    description = one.finding.description
    at = words.at(seconds(description.repeated_offset))
    if description.repeated and description.HasField("repeated_offset"):
        return words.say("described_again", at=at)
    told = [words.say("described_as", content=content_of(description))]
    told += [words.say(f"part.{part}", words=said) for part, said in parts_of(description)]
    told += [f"({words.say(f'described.{mark}', at=at)})" for mark in marks_of(description)]
    return " ".join(told)


def _product(one: Found, words: Words) -> str:
    texts = one.finding.product.texts
    return words.say("product", name=words.label(one.finding.label), texts=" / ".join(texts)) if texts else ""


def _moment(one: Found, words: Words) -> str:
    return words.say("moment", reasons=", ".join(words.label(reason) for reason in one.finding.key_moment.reasons))


def _call(one: Found, words: Words) -> str:
    call = one.finding.call_to_action
    return words.say("call", action=words.label(call.action), phrase=" ".join(call.phrase.split()))


def _reply(one: Found, words: Words) -> str:
    reply = one.finding.comment_reply
    return words.say("reply", author=reply.author, content=" ".join((reply.content or reply.phrase).split()))


def _check(one: Found, words: Words) -> str:
    check = one.finding.cross_check
    if check.verdict == Verdict.VERDICT_AGREES or is_expected(check):
        return ""
    verdict = "contradicts" if check.verdict == Verdict.VERDICT_CONTRADICTS else "unconfirmed"
    claim, counterpart = compared(one.finding, words)
    own = f"check.{check.topic}"
    key = own if verdict == "unconfirmed" and own in words.phrases else f"check.{verdict}"
    return words.say(key, topic=words.label(check.topic), claim=claim, counterpart=counterpart)
