"""A conversation: segments whose voices are numbered each for itself, made turns of speakers of the whole."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from services.audio.percepts.speech_spans import SpeechSpan, speech_s
from services.audio.speakers.clusters import LONG_S, HeardVoice, speakers_of
from services.audio.speakers.segments import VOICE_COUNT, Segment
from services.audio.speakers.turns import Turn, turns_of

SAME_MOMENTS_SHARE = 0.5
"""Of what a voice without a print says, said in the same moments by a speaker of a neighbouring segment: it is him."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HeardSegment:
    """A segment and the prints of its voices."""

    segment: Segment
    prints: tuple[HeardVoice | None, ...]
    """One for each of its voices; None for one that is silent, or hardly ever heard alone."""


@dataclass(frozen=True, slots=True)
class _Local:
    """A voice of one segment."""

    segment: int
    voice: int


def turns_in(heard: Sequence[HeardSegment], speech: Sequence[SpeechSpan]) -> list[Turn]:
    """The turns of a part, from all its segments in order and where the voice detector heard speech."""
    printed = {
        _Local(index, voice): item
        for index, segment in enumerate(heard)
        for voice, item in enumerate(segment.prints)
        if item is not None
    }
    numbers = zip(printed, speakers_of(list(printed.values())), strict=True)
    speakers = {local: number for local, number in numbers if number is not None}
    for local in _unprinted(heard):
        speaker = _covered_by_another(local, heard, speakers)
        if speaker is not None:
            speakers[local] = speaker
    pieces = (
        (speaker, piece)
        for local, speaker in speakers.items()
        for piece in heard[local.segment].segment.own_spans(local.voice)
    )
    return turns_of(pieces, speech)


def _unprinted(heard: Sequence[HeardSegment]) -> Iterator[_Local]:
    for index, item in enumerate(heard):
        for voice in range(VOICE_COUNT):
            if item.prints[voice] is None and item.segment.active[:, voice].any():
                yield _Local(index, voice)


def _covered_by_another(local: _Local, heard: Sequence[HeardSegment], speakers: dict[_Local, int]) -> int | None:
    """Whose a voice is that others always talk over: a neighbouring segment's that speaks in the same moments.

    Where there is none, it is a speaker of its own if it says enough: two voices at a time are two speakers. None for
    what is too short to tell.
    """
    segment = heard[local.segment].segment
    mine = list(segment.spans(segment.active[:, local.voice]))
    here = {speakers[other] for other in speakers if other.segment == local.segment}
    shared_s: dict[int, float] = {}
    for other, speaker in speakers.items():
        if abs(other.segment - local.segment) == 1 and speaker not in here:
            theirs = heard[other.segment].segment
            both_s = _shared_s(mine, list(theirs.spans(theirs.active[:, other.voice])))
            shared_s[speaker] = shared_s.get(speaker, 0.0) + both_s
    best = max(shared_s, key=lambda speaker: shared_s[speaker], default=None)
    if best is not None and shared_s[best] >= SAME_MOMENTS_SHARE * speech_s(mine):
        return best
    return max(speakers.values(), default=-1) + 1 if speech_s(mine) >= LONG_S else None


def _shared_s(one: Sequence[SpeechSpan], other: Sequence[SpeechSpan]) -> float:
    return sum(
        max(0.0, min(left.end_s, right.end_s) - max(left.start_s, right.start_s)) for left in one for right in other
    )
