"""Turns: who speaks from when to when, from voices that are known to be one speaker's."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from services.audio.percepts.speech_spans import SpeechSpan, joined

PAUSE_WITHIN_S = 0.3
"""A shorter silence does not end a turn: the rule of NIST's Rich Transcription evaluations."""

SHORTEST_TURN_S = 0.2
"""About a syllable; what is shorter is a flicker between two answers of the network."""

VOICE_EDGE_S = 0.2
"""How far a turn may reach out of what the voice detector takes for speech: the two differ by as much at soft edges."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """One speaker's, half-open, seconds of the video. Turns of two speakers may overlap, those of one never do."""

    start_s: float
    end_s: float
    speaker: int
    """From 1, in order of appearance."""


def turns_of(pieces: Iterable[tuple[int, SpeechSpan]], speech: Sequence[SpeechSpan]) -> list[Turn]:
    """Pieces (a speaker's number, when) as turns in order of time; only where `speech` says that somebody speaks."""
    widened = joined(
        SpeechSpan(start_s=span.start_s - VOICE_EDGE_S, end_s=span.end_s + VOICE_EDGE_S) for span in speech
    )
    by_speaker: dict[int, list[SpeechSpan]] = {}
    for number, span in pieces:
        by_speaker.setdefault(number, []).append(span)
    found = [
        (turn, number)
        for number, spans in by_speaker.items()
        for turn in joined(sorted(_within(spans, widened), key=lambda span: span.start_s), PAUSE_WITHIN_S)
        if turn.end_s - turn.start_s >= SHORTEST_TURN_S
    ]
    found.sort(key=lambda item: (item[0].start_s, item[0].end_s))
    speakers = {number: place for place, number in enumerate(dict.fromkeys(number for _, number in found), 1)}
    return [Turn(start_s=turn.start_s, end_s=turn.end_s, speaker=speakers[number]) for turn, number in found]


def _within(spans: Iterable[SpeechSpan], allowed: Sequence[SpeechSpan]) -> list[SpeechSpan]:
    return [
        SpeechSpan(start_s=max(span.start_s, home.start_s), end_s=min(span.end_s, home.end_s))
        for span in spans
        for home in allowed
        if span.start_s < home.end_s and span.end_s > home.start_s
    ]
