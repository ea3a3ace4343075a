"""Every hard cut at its exact frame, gradual transitions, the shots between them, and how fast the video is cut."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from statistics import median

from reelscribe.v1.analyzer_pb2 import Method
from reelscribe.v1.finding_pb2 import Finding, Pacing, Shot, Transition, TransitionKind
from services.common.analyzer import Analyzer
from services.common.time import duration, span
from services.common.window import Part, Window
from services.vision.percepts.shot_changes import ChangeKind
from services.vision.percepts.shot_spans import ShotEdge, ShotSpan, ShotSpans
from services.vision.percepts.shots import NEED, ShotChange, Shots

WIRE_KINDS = {
    ChangeKind.HARD_CUT: TransitionKind.TRANSITION_KIND_HARD_CUT,
    ChangeKind.DISSOLVE: TransitionKind.TRANSITION_KIND_DISSOLVE,
    ChangeKind.FADE_OUT: TransitionKind.TRANSITION_KIND_FADE_OUT,
    ChangeKind.FADE_IN: TransitionKind.TRANSITION_KIND_FADE_IN,
    ChangeKind.GRADUAL: TransitionKind.TRANSITION_KIND_GRADUAL,
}

SECONDS_PER_MINUTE = 60.0


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
        spans = ShotSpans(part.start_s)
        lengths_s: list[float] = []
        changes: list[ChangeKind] = []
        for window in windows:
            spans.see(window[NEED], window.end_s)
            for change in window[Shots]:
                if shot := spans.close(change):
                    yield _shot(shot)
                    lengths_s.append(shot.length_s)
                yield _transition(change)
                changes.append(change.kind)
        if shot := spans.finish():
            yield _shot(shot)
            lengths_s.append(shot.length_s)
        if lengths_s:
            yield _pacing(part, spans.end, lengths_s, _cut_count(changes))


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


def _shot(shot: ShotSpan) -> Finding:
    return Finding(
        span=span(shot.start.offset_s, shot.end.offset_s),
        label="shot",
        shot=Shot(index=shot.index, start_frame_index=shot.start.frame_index, end_frame_index=shot.end.frame_index),
    )


def _pacing(part: Part, end: ShotEdge, shots_s: Sequence[float], cut_count: int) -> Finding:
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
