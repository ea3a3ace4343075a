"""The video in stretches of five seconds: what is said, written, seen, heard and described in each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from reelscribe.report.described import PARTS, content_of, parts_of
from reelscribe.report.found import Found
from reelscribe.report.outputs import Keyframe
from reelscribe.report.page.known import Known
from reelscribe.report.page.line import counted_labels, excerpt
from reelscribe.report.page.told_story import said_within
from reelscribe.report.page.words import Words

STEP_S = 5.0
"""What the readers of the replaced system's reports know as a scene."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Five:
    """One stretch. `facts`: (what kind of evidence, in words)."""

    start_s: float
    end_s: float
    keyframe: int | None
    facts: tuple[tuple[str, str], ...]


def fives(known: Known, keyframes: Sequence[Keyframe], words: Words) -> tuple[Five, ...]:
    """All stretches; the last may be shorter."""
    count = int(-(-known.duration_s // STEP_S)) or 1
    told = []
    for number in range(count):
        start_s, end_s = number * STEP_S, min((number + 1) * STEP_S, max(known.duration_s, STEP_S * number))
        facts = tuple((key, text) for key, text in _facts(known, start_s, end_s, words) if text)
        told.append(Five(start_s=start_s, end_s=end_s, keyframe=_keyframe(keyframes, start_s, end_s), facts=facts))
    return tuple(told)


def _facts(known: Known, start_s: float, end_s: float, words: Words) -> Iterator[tuple[str, str]]:
    yield from _described(known.within(start_s, end_s, "description"))
    yield "said", said_within(known, start_s, end_s)
    texts = dict.fromkeys(
        " ".join(found.finding.text.content.split()) for found in known.written if found.touches(start_s, end_s)
    )
    yield "written", words.listed([words.quoted(text) for text in texts])
    yield "seen", counted_labels(known.within(start_s, end_s, "track", "box"), words)
    yield "heard", _labels(known.within(start_s, end_s, "scores", "sound_span", "sound_event"), words)
    yield "camera", _labels(known.within(start_s, end_s, "camera"), words)
    cuts = [found for found in known.of("transition") if start_s <= found.start_s < end_s]
    yield "cuts", words.listed([f"{words.label(found.label)} {words.at(found.start_s, 2)}" for found in cuts])


def _described(found: Sequence[Found]) -> Iterator[tuple[str, str]]:
    """What happens, then who, where and what is done; the same words once."""
    told = [each.finding.description for each in found]
    yield "described", excerpt(" ".join(dict.fromkeys(map(content_of, told))), 600)
    for part in PARTS:
        words_of = dict.fromkeys(dict(parts_of(each)).get(part, "") for each in told)
        yield part, excerpt("; ".join(word for word in words_of if word), 300)


def _labels(found: Sequence[Found], words: Words) -> str:
    return words.listed([words.label(label) for label in dict.fromkeys(each.label for each in found)])


def _keyframe(keyframes: Sequence[Keyframe], start_s: float, end_s: float) -> int | None:
    """A picture from within the stretch, else that of the shot which fills most of it."""
    inside = [each for each in keyframes if start_s <= each.at_s < end_s]
    if inside:
        return inside[0].number
    shared = [(min(end_s, each.end_s) - max(start_s, each.start_s), each.number) for each in keyframes]
    best = max(shared, default=(0.0, 0))
    return best[1] if best[0] > 0 else None
