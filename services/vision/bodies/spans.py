"""Labels frame by frame in, spans without flicker out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from services.vision.bodies.stretches import Stretch

LEAST_S = 0.5
"""What lasts shorter is flicker: three frames at 5 Hz hold."""

TOLERANCE_S = 1e-6
"""Times closer than this are one."""

Label = str | None
"""None: unknown, or nothing to tell."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A label over a half-open span of a stretch."""

    label: str
    start_s: float
    end_s: float
    rows: slice
    """Its frames in the stretch."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Run:
    label: Label
    first: int
    last: int


def held(stretch: Stretch, labels: Sequence[Label], least_s: float = LEAST_S) -> list[Held]:
    """Spans of equal labels.

    What lies between two runs of one label becomes theirs if it is shorter than `least_s` and than they are. A run that
    stays shorter than `least_s` is left out, unless the body was seen no longer than that at all.
    """
    enough_s = min(least_s, _length_s(stretch, 0, len(stretch) - 1)) - TOLERANCE_S
    smooth = _joined(stretch, labels, enough_s)
    return [
        Held(
            label=run.label,
            start_s=float(stretch.pts_s[run.first]),
            end_s=float(stretch.end_s[run.last]),
            rows=slice(run.first, run.last + 1),
        )
        for run in _runs(smooth)
        if run.label is not None and _length_s(stretch, run.first, run.last) >= enough_s
    ]


def _runs(labels: Sequence[Label]) -> list[_Run]:
    runs = []
    first = 0
    for label, members in groupby(labels):
        count = len(list(members))
        runs.append(_Run(label=label, first=first, last=first + count - 1))
        first += count
    return runs


def _joined(stretch: Stretch, labels: Sequence[Label], enough_s: float) -> list[Label]:
    """The labels without short interruptions; where two labels interrupt each other, the longer runs win."""
    joined = list(labels)
    decided = [False] * len(joined)
    for _, run, later in sorted(_interrupted(stretch, _runs(labels), enough_s), key=lambda each: -each[0]):
        rows = range(run.first, later.last + 1)
        if all(joined[row] == run.label or not decided[row] for row in rows):
            for row in rows:
                joined[row], decided[row] = run.label, True
    return joined


def _interrupted(stretch: Stretch, runs: Sequence[_Run], enough_s: float) -> Iterator[tuple[float, _Run, _Run]]:
    """Runs of one label with less than `enough_s`, and less than they last, between them; and how long they last."""
    for position, run in enumerate(runs):
        for later in runs[position + 1 :]:
            between_s = float(stretch.pts_s[later.first] - stretch.end_s[run.last])
            if between_s >= enough_s:
                break
            around_s = _length_s(stretch, run.first, run.last) + _length_s(stretch, later.first, later.last)
            if later.label == run.label is not None and between_s < around_s:
                yield around_s, run, later


def _length_s(stretch: Stretch, first: int, last: int) -> float:
    return float(stretch.end_s[last] - stretch.pts_s[first])
