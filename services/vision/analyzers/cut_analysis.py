"""Every hard cut at its exact frame, gradual transitions, the shots between them, and how fast the video is cut."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from reelscribe.v1.analyzer_pb2 import Method
from reelscribe.v1.finding_pb2 import Finding, Pacing, Shot, Transition, TransitionKind
from services.common.analyzer import Analyzer
from services.common.time import duration, span
from services.common.window import Part, Window
from services.vision.percepts.shot_changes import ChangeKind
from services.vision.percepts.shots import NEED, ShotChange, Shots

WIRE_KINDS = {
    ChangeKind.HARD_CUT: TransitionKind.TRANSITION_KIND_HARD_CUT,
    ChangeKind.DISSOLVE: TransitionKind.TRANSITION_KIND_DISSOLVE,
    ChangeKind.FADE_OUT: TransitionKind.TRANSITION_KIND_FADE_OUT,
    ChangeKind.FADE_IN: TransitionKind.TRANSITION_KIND_FADE_IN,
    ChangeKind.GRADUAL: TransitionKind.TRANSITION_KIND_GRADUAL,
}

SECONDS_PER_MINUTE = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Edge:
    """Where a shot begins or ends: a frame, and when it is displayed."""

    frame_index: int
    offset_s: float


class CutAnalysis(Analyzer):
    """Hard cuts, gradual transitions, shots and pacing.

    Labels: `hard_cut`, `dissolve`, `fade_out`, `fade_in`, `gradual` (a transition of another kind), `shot`, and one
    `pacing` at the end. A shot runs from one transition to the next; the frames of a gradual one belong to no shot.
    A flash of up to three frames, after which the same picture goes on, is no cut. `confidence` of a transition is
    the shot detector's probability.
    """

    name = "cut_analysis"
    method = Method.METHOD_MODEL
    needs = NEED
    uses = (Shots,)

    def analyze(self, part: Part, windows: Iterator[Window]) -> Iterator[Finding]:
        shots: list[float] = []
        start: _Edge | None = None
        end = _Edge(frame_index=0, offset_s=part.start_s)
        changes: list[ChangeKind] = []
        for window in windows:
            batch = window[NEED]
            if len(batch):
                end = _Edge(frame_index=int(batch.index[-1]) + 1, offset_s=window.end_s)
                start = start or _Edge(frame_index=int(batch.index[0]), offset_s=float(batch.pts_s[0]))
            for change in window[Shots]:
                if start is not None and change.frame_index > start.frame_index:
                    before = _Edge(frame_index=change.frame_index, offset_s=change.start_s)
                    yield _shot(len(shots), start, before)
                    shots.append(before.offset_s - start.offset_s)
                yield _transition(change)
                changes.append(change.kind)
                start = _first_edge_after(change)
        if start is not None and end.frame_index > start.frame_index:
            yield _shot(len(shots), start, end)
            shots.append(end.offset_s - start.offset_s)
        if shots:
            yield _pacing(part, end, shots, _cut_count(changes))


def _first_edge_after(change: ShotChange) -> _Edge:
    """Where the new shot begins: with the cut's own frame, or after the last mixed one."""
    if change.kind is ChangeKind.HARD_CUT:
        return _Edge(frame_index=change.frame_index, offset_s=change.start_s)
    return _Edge(frame_index=change.end_frame_index, offset_s=change.end_s)


def _cut_count(changes: Sequence[ChangeKind]) -> int:
    """Changes of shot: a fade out and the fade in after it are one."""
    through_black = [one is ChangeKind.FADE_OUT and other is ChangeKind.FADE_IN for one, other in pairwise(changes)]
    return len(changes) - sum(through_black)


def _transition(change: ShotChange) -> Finding:
    return Finding(
        span=span(change.start_s, change.end_s),
        label=change.kind.value,
        confidence=change.probability,
        transition=Transition(
            kind=WIRE_KINDS[change.kind],
            frame_index=change.frame_index,
            detector_probability=change.probability,
            frame_difference=change.frame_difference,
        ),
    )


def _shot(index: int, start: _Edge, end: _Edge) -> Finding:
    return Finding(
        span=span(start.offset_s, end.offset_s),
        label="shot",
        shot=Shot(index=index, start_frame_index=start.frame_index, end_frame_index=end.frame_index),
    )


def _pacing(part: Part, end: _Edge, shots_s: Sequence[float], cut_count: int) -> Finding:
    length_s = end.offset_s - part.start_s
    return Finding(
        span=span(part.start_s, end.offset_s),
        label="pacing",
        pacing=Pacing(
            cuts_per_minute=cut_count * SECONDS_PER_MINUTE / length_s if length_s > 0 else 0.0,
            median_shot_duration=duration(median(shots_s)),
            shortest_shot_duration=duration(min(shots_s)),
            longest_shot_duration=duration(max(shots_s)),
        ),
    )
