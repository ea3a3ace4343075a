"""What the viewer is asked to do, and whose comment is answered: said, written, or both."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from gateway.calls.passages import Passage, Piece, shown, spoken
from gateway.calls.patterns import calls_in
from gateway.calls.replies import Reply, reply_on_screen, reply_said
from gateway.evidence import Evidence, ids
from gateway.insight import Insight
from reelscribe.v1.finding_pb2 import Box, Finding
from reelscribe.v1.story_pb2 import CallChannel, CallToAction, CommentReply
from services.common.time import span

SPEECH, SCREEN = CallChannel.CALL_CHANNEL_SPEECH, CallChannel.CALL_CHANNEL_SCREEN
BOTH = CallChannel.CALL_CHANNEL_BOTH

SAME_CALL_S = 3.0
"""A call that is repeated within so much time, said or written, is one call: as long as a viewer takes to hear and
read it once."""

BELOW_SHARE = 0.08
"""A comment stands below the heading of its sticker, less than this share of the frame's height away."""


class CommentCtaDetection(Insight):
    """Calls to action (follow, like, share, save ...) and answers to comments, in speech and on screen, de and en.

    Labels: `call_to_action`, one for each thing asked for; `comment_reply`, where somebody's comment is shown or
    answered. Patterns over the words of the transcript and of texts laid over the picture; signs that were filmed do
    not count. The same call, said and written within 3 s, is one finding on both channels. Speech and captions are
    read across words and lines; the spelling of recognisers (lost umlauts, "lN BlO") is taken.
    """

    name = "comment_cta_detection"
    reads = (("speech_transcription",), ("text_overlay",))

    def find(self, evidence: Evidence) -> Iterator[Finding]:
        met = [
            *(call for passage in spoken(evidence) for call in _calls(passage, SPEECH)),
            *(call for passage in shown(evidence) for call in _calls(passage, SCREEN)),
        ]
        yield from (_call_finding(call) for call in joined(met))
        written = evidence.written()
        for text in written:
            if (reply := reply_on_screen(text.text.content)) is not None:
                yield _shown_reply(text, reply, written)
        for passage in spoken(evidence):
            if (reply := reply_said(passage.content)) is not None:
                yield _reply_finding(reply, passage, passage.within(reply.start, reply.end))


@dataclass(frozen=True, slots=True, kw_only=True)
class Met:
    """A call where it was met."""

    action: str
    language_code: str
    channel: int
    phrase: str
    start_s: float
    end_s: float
    findings: tuple[Finding, ...]


def _calls(passage: Passage, channel: int) -> Iterator[Met]:
    for call in calls_in(passage.content):
        pieces = passage.within(call.start, call.end)
        yield Met(
            action=call.action,
            language_code=call.language_code,
            channel=channel,
            phrase=" ".join(passage.content[call.start : call.end].split()),
            start_s=min(piece.start_s for piece in pieces),
            end_s=max(piece.end_s for piece in pieces),
            findings=tuple(piece.finding for piece in pieces),
        )


def joined(calls: Iterable[Met]) -> list[Met]:
    """Calls for one action that are close together as one; its words are those met first."""
    done: list[Met] = []
    for call in sorted(calls, key=lambda call: (call.start_s, call.channel, call.phrase)):
        near = [one for one in done if one.action == call.action and call.start_s - one.end_s <= SAME_CALL_S]
        if not near:
            done.append(call)
            continue
        one = near[-1]
        done[done.index(one)] = replace(
            one,
            channel=one.channel if one.channel == call.channel else BOTH,
            end_s=max(one.end_s, call.end_s),
            findings=(*one.findings, *call.findings),
        )
    return done


def _call_finding(call: Met) -> Finding:
    return Finding(
        span=span(call.start_s, call.end_s),
        label="call_to_action",
        call_to_action=CallToAction(
            action=call.action,
            channel=CallChannel.Name(call.channel),
            phrase=call.phrase,
            language_code=call.language_code,
        ),
        evidence_ids=ids(call.findings),
    )


def _shown_reply(text: Finding, reply: Reply, written: Iterable[Finding]) -> Finding:
    below = None if reply.content else _below(text, written)
    content = reply.content if below is None else " ".join(below.text.content.split())
    finding = Finding(
        label="comment_reply",
        comment_reply=CommentReply(
            author=reply.author, content=content, phrase=text.text.content[reply.start : reply.end]
        ),
        evidence_ids=ids([text] if below is None else [text, below]),
    )
    finding.span.CopyFrom(text.span)
    return finding


def _below(heading: Finding, written: Iterable[Finding]) -> Finding | None:
    """The text that stands right below it at the same time."""
    under = [
        text
        for text in written
        if text is not heading
        and text.span.start_offset.ToNanoseconds() < heading.span.end_offset.ToNanoseconds()
        and heading.span.start_offset.ToNanoseconds() < text.span.end_offset.ToNanoseconds()
        and _is_below(heading.text.box, text.text.box)
    ]
    return min(under, key=lambda text: text.text.box.top, default=None)


def _is_below(heading: Box, text: Box) -> bool:
    beside = min(heading.right, text.right) > max(heading.left, text.left)
    middle = (heading.top + heading.bottom) / 2
    return beside and text.top > middle and text.top - heading.bottom < BELOW_SHARE


def _reply_finding(reply: Reply, passage: Passage, pieces: list[Piece]) -> Finding:
    return Finding(
        span=span(min(piece.start_s for piece in pieces), max(piece.end_s for piece in pieces)),
        label="comment_reply",
        comment_reply=CommentReply(
            author=reply.author, content=reply.content, phrase=passage.content[reply.start : reply.end]
        ),
        evidence_ids=ids(piece.finding for piece in pieces),
    )
