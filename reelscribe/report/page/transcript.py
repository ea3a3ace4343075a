"""What is said, word by word, with pauses and emphasis in place, for the page to light up as it plays."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from reelscribe.report.found import Found
from reelscribe.report.page.known import Known
from services.common.time import span_s

UNSURE_PROBABILITY = 0.5
"""A word the recogniser was less sure of is marked: more likely wrong than right by its own count."""

TURN = "speaker_turn"
"""Label of who speaks when."""

NEAR_S = 0.05
"""Clocks of two analyzers may differ by so much."""

SAME_WORD_S = 0.5
"""So near is the end of the word that a pause names: the one is measured in the sound, the other recognised."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    """A word, or the silence after it. Times are None for a word without its own."""

    text: str
    start_s: float | None = None
    end_s: float | None = None
    unsure: bool = False
    emphasized: bool = False
    pause_s: float | None = None
    """Length of the silence, if this is one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Utterance:
    """What somebody says in one go."""

    start_s: float
    end_s: float
    speaker_id: int | None
    language_code: str
    spoken: tuple[Spoken, ...]


def transcript(known: Known) -> tuple[Utterance, ...]:
    """All that is said, in order of time."""
    return tuple(
        Utterance(
            start_s=found.start_s,
            end_s=found.end_s,
            speaker_id=_speaker(found, known),
            language_code=found.finding.text.language_code,
            spoken=tuple(_with_pauses(_words(found, known), known.of("pause"))),
        )
        for found in known.speech
    )


def _speaker(found: Found, known: Known) -> int | None:
    """As the finding says it; else whose turns it shares most time with."""
    who = found.finding.subject
    if who.HasField("speaker_id"):
        return int(who.speaker_id)
    shared_s: dict[int, float] = {}
    for turn in known.of(""):
        if turn.label == TURN and turn.touches(found.start_s, found.end_s):
            common_s = min(turn.end_s, found.end_s) - max(turn.start_s, found.start_s)
            speaker = int(turn.finding.subject.speaker_id)
            shared_s[speaker] = shared_s.get(speaker, 0.0) + common_s
    return max(shared_s, key=lambda speaker: shared_s[speaker], default=None)


def _words(found: Found, known: Known) -> list[Spoken]:
    words = found.finding.text.words
    if not words:
        return [Spoken(text=found.finding.text.content.strip(), start_s=found.start_s, end_s=found.end_s)]
    stressed = [each for each in known.of("emphasis") if each.touches(found.start_s, found.end_s)]
    told = []
    for word in words:
        start_s, end_s = span_s(word.span) if word.HasField("span") else (None, None)
        middle_s = None if start_s is None or end_s is None else (start_s + end_s) / 2
        told.append(
            Spoken(
                text=word.content,
                start_s=start_s,
                end_s=end_s,
                unsure=word.HasField("probability") and word.probability < UNSURE_PROBABILITY,
                emphasized=middle_s is not None and any(each.start_s <= middle_s < each.end_s for each in stressed),
            )
        )
    return told


def _with_pauses(words: Sequence[Spoken], pauses: Sequence[Found]) -> Iterator[Spoken]:
    """Each pause after the word it begins at the end of."""
    for word in words:
        yield word
        for pause in pauses:
            near_s = SAME_WORD_S if pause.finding.pause.word_before == word.text.strip() else NEAR_S
            if word.end_s is not None and abs(pause.start_s - word.end_s) <= near_s:
                yield Spoken(text="", start_s=pause.start_s, end_s=pause.end_s, pause_s=pause.length_s)
