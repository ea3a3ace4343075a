"""One thing that a second's line says, and in which order a line says things."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from reelscribe.report.found import Found
from reelscribe.report.page.words import Words

Item = TypeVar("Item")

RANKS = (
    "cut", "shot", "scale", "camera", "composition", "scene", "setting", "colours", "effect",
    "seen", "moved", "does", "gone", "described", "said", "stressed", "text", "heard", "music", "story", "also",
)  # fmt: skip
"""What is told first within a second: how it is filmed, what is in it, what is said, written and heard."""


UNTOLD = frozenset(
    {"pose", "gaze", "pacing", "pacing_curve", "quality", "speech_rate", "pitch", "rhythm", "clipping", "stereo",
     "signal_to_noise", "filler"}
)  # fmt: skip
"""Shapes that are numbers about a stretch: they do not help to film it again, or are told by others in words
(a filler is among the words that are said)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """Something that begins in a second."""

    second: int
    rank: str
    """One of RANKS."""
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """What a maker of lines is given."""

    items: Sequence[Found]
    """All findings, in order of time."""
    words: Words
    length_s: float
    """Of the video."""


Maker = Callable[[Telling], Iterable[Told]]


def second_of(position_s: float) -> int:
    """The line it belongs to. What starts before the first frame (sound may) is told in the first.

    >>> second_of(5.967), second_of(6.0), second_of(-0.02)
    (5, 6, 0)
    """
    return max(0, math.floor(position_s + 1e-6))


def by_second(items: Iterable[Item], at_s: Callable[[Item], float]) -> Mapping[int, list[Item]]:
    """Those of one second together, in the order given."""
    groups: dict[int, list[Item]] = {}
    for item in items:
        groups.setdefault(second_of(at_s(item)), []).append(item)
    return groups


def start_of(one: Found) -> float:
    """For `by_second`."""
    return one.start_s


def one_each(telling: Telling, shape: str, rank: str, say: Callable[[Found], str]) -> Iterable[Told]:
    """Every finding of a shape where it begins; of those that say the same in one second, one."""
    for second, group in by_second((one for one in telling.items if one.shape == shape), start_of).items():
        for text in dict.fromkeys(map(say, group)):
            if text:
                yield Told(second=second, rank=rank, text=text)
