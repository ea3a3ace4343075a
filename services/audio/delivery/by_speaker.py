"""Whose each word and utterance is, so that it is compared only with more of the same speaker's."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from services.audio.delivery.effort import Delivery, Effort, efforts
from services.audio.delivery.prominence import Prominence, prominent
from services.audio.delivery.spoken import MeasuredWord
from services.audio.percepts.spoken_words import SpokenWord
from services.audio.speakers.turns import Turn

OWN_SHARE = 0.5
"""Of a word, within a speaker's turns, from which he says it. Where that holds for two, both voices were measured at
once, and the word is compared with nobody's."""

Said = TypeVar("Said", MeasuredWord, Delivery)


def speakers_of(words: Sequence[MeasuredWord], turns: Sequence[Turn]) -> list[int | None]:
    """For each word who says it; None where nobody's turn covers it, or two speakers' do.

    Where the turns know one speaker, or none, all words are one's: there is nobody to be told apart from.
    """
    if len({turn.speaker for turn in turns}) < 2:
        return [1] * len(words)
    return [_speaker_of(each.word, turns) for each in words]


def prominent_by_speaker(words: Sequence[MeasuredWord], speakers: Sequence[int | None]) -> list[Prominence]:
    """The words that stand out among their speaker's, in order of time; `speakers` has one for each word."""
    found = [one for group in _groups(words, speakers) for one in prominent(group)]
    return sorted(found, key=lambda one: one.word.word.start_s)


def efforts_by_speaker(
    deliveries: Sequence[Delivery], words: Sequence[MeasuredWord], speakers: Sequence[int | None]
) -> list[Effort]:
    """The utterances that are raised or lowered among their speaker's, in order of time.

    A word's `utterance` is the position of its delivery. One whose words are of several speakers is compared with none.
    """
    saying: list[set[int]] = [set() for _ in deliveries]
    for each, speaker in zip(words, speakers, strict=True):
        if speaker is not None:
            saying[each.utterance].add(speaker)
    whose = [next(iter(those)) if len(those) == 1 else None for those in saying]
    found = [one for group in _groups(deliveries, whose) for one in efforts(group)]
    return sorted(found, key=lambda one: one.delivery.start_s)


def _speaker_of(word: SpokenWord, turns: Sequence[Turn]) -> int | None:
    shared_s: dict[int, float] = {}
    for turn in turns:
        both_s = min(word.end_s, turn.end_s) - max(word.start_s, turn.start_s)
        shared_s[turn.speaker] = shared_s.get(turn.speaker, 0.0) + max(0.0, both_s)
    wanted_s = OWN_SHARE * (word.end_s - word.start_s)
    saying = [speaker for speaker, both_s in shared_s.items() if 0 < both_s >= wanted_s]
    return saying[0] if len(saying) == 1 else None


def _groups(items: Sequence[Said], speakers: Sequence[int | None]) -> list[list[Said]]:
    """What each speaker says; what is nobody's is left out."""
    groups: dict[int, list[Said]] = {}
    for item, speaker in zip(items, speakers, strict=True):
        if speaker is not None:
            groups.setdefault(speaker, []).append(item)
    return list(groups.values())
