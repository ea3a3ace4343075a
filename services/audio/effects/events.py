"""Single sounds out of a tagger's looks: stretches of classes that are heard together are one sound."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from services.audio.sound_stretches import Stretch, StretchFinder

SAME_SHARE = 0.5
"""Stretches that share this much of the shorter are of one sound: a "dog" and its "bark"."""


SAME_MOMENT_S = 0.1
"""Onsets nearer than this are one: levels are compared over as long."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TaggedSound:
    """A sound as the tagger heard it: between which looks, and which classes, the surest first."""

    first_look: int
    last_look: int
    classes: tuple[tuple[int, float], ...]
    """(class, highest score)."""

    @property
    def columns(self) -> list[int]:
        """The classes alone."""
        return [index for index, _ in self.classes]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedSound:
    """A sound with its times, seconds from the part's beginning."""

    start_s: float
    end_s: float
    classes: tuple[tuple[int, float], ...]


def begun_together(sounds: Sequence[PlacedSound]) -> list[PlacedSound]:
    """In order of time, those that begin at the same moment made one: two names for it, or one name twice."""
    merged: list[PlacedSound] = []
    for sound in sorted(sounds, key=lambda each: each.start_s):
        if merged and sound.start_s - merged[-1].start_s <= SAME_MOMENT_S:
            before = merged.pop()
            highest = dict(before.classes)
            for index, score in sound.classes:
                highest[index] = max(score, highest.get(index, 0.0))
            sound = PlacedSound(
                start_s=before.start_s, end_s=max(before.end_s, sound.end_s), classes=_surest_first(highest)
            )
        merged.append(sound)
    return merged


def tagged_sounds(
    scores: npt.NDArray[np.float32], *, threshold: float, members: Mapping[int, frozenset[int]]
) -> list[TaggedSound]:
    """Sounds in the order of their beginning, from (looks, classes) scores.

    `members`: gathering class -> classes it gathers; the first is left out where one of the others is heard.
    """
    finder = StretchFinder(threshold=threshold)
    stretches = sorted([*finder.push(scores), *finder.finish()], key=lambda each: (each.first_frame, -max(each.scores)))
    groups: list[list[Stretch]] = []
    for stretch in stretches:
        group = next((group for group in reversed(groups) if _shared(group[0], stretch) >= SAME_SHARE), None)
        if group is None:
            groups.append([stretch])
        else:
            group.append(stretch)
    return [_sound(group, members) for group in groups]


def _shared(one: Stretch, other: Stretch) -> float:
    overlap = min(one.end_frame, other.end_frame) - max(one.first_frame, other.first_frame)
    return overlap / min(len(one.scores), len(other.scores))


def _sound(group: Sequence[Stretch], members: Mapping[int, frozenset[int]]) -> TaggedSound:
    heard = {stretch.class_index for stretch in group}
    told = [each for each in group if members.get(each.class_index, frozenset()).isdisjoint(heard)]
    highest: dict[int, float] = {}
    for stretch in told:
        highest[stretch.class_index] = max(max(stretch.scores), highest.get(stretch.class_index, 0.0))
    return TaggedSound(
        first_look=min(stretch.first_frame for stretch in told),
        last_look=max(stretch.end_frame for stretch in told) - 1,
        classes=_surest_first(highest),
    )


def _surest_first(highest: Mapping[int, float]) -> tuple[tuple[int, float], ...]:
    return tuple(sorted(highest.items(), key=lambda item: -item[1]))
