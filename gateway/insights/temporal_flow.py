"""How a video is built: its pace over time, its phases, and the moments at which much comes together."""

from __future__ import annotations

from collections.abc import Iterator

from gateway.evidence import Evidence, ids, overlapping
from gateway.flow.grid import STEP_S, Grid, mean
from gateway.flow.moments import TOGETHER_S, Event, events_in, moments
from gateway.flow.pace import Pace, pace_of
from gateway.flow.phases import Marks, Phase, phases
from gateway.insight import Insight
from reelscribe.v1.finding_pb2 import Finding
from reelscribe.v1.story_pb2 import KeyMoment, PacingComponent, PacingCurve, StoryPhase
from services.common.time import duration, span, span_s

NOTHING_HAPPENS = 0.01
"""A curve that never rises above so little of its scale tells of no pace: there are no phases then."""


class TemporalFlow(Insight):
    """Hook, build-up, climax and ending, the pacing curve they are read from, and key moments with their reasons.

    Labels: `pacing_curve`, one for the whole video: the mean of what was measured of cuts, motion, speech, text and
    loudness, each [0, 1] against a fixed scale; `hook`, the first 3 s by definition; `climax`, the densest stretch
    after it, if one stands out; `build_up` and `wind_down`, what lies before and after a climax; `body`, the middle of
    a video in which none stands out ("even_pace") or that is too short for one; `ending`, from the last call to
    action, the last cut or the last word on, whichever comes first in the last quarter; `key_moment`, where things of
    at least two kinds happen within half a second.

    Phases follow one another without a gap. One that nothing shows is left out: a short or even video has fewer.
    Only what was looked at from beginning to end goes into the curve; its components are named there.
    """

    name = "temporal_flow"
    reads = (
        ("cut_analysis",),
        ("camera_analysis",),
        ("body_pose",),
        ("speech_transcription",),
        ("text_overlay",),
        ("audio_analysis",),
    )
    also_reads = ("visual_effects", "audio_environment", "sound_effects", "speech_flow", "comment_cta_detection")

    def find(self, evidence: Evidence) -> Iterator[Finding]:
        pace = pace_of(evidence)
        if pace is not None and max(pace.values) > NOTHING_HAPPENS:
            yield _curve(pace, evidence)
            values, count = pace.values, len(pace.components)
            for phase in phases(values, count, evidence.duration_s, _marks(evidence)):
                yield _phase(phase, values, pace, evidence)
        for group in moments(events_in(evidence)):
            yield _moment(group, evidence)


def _marks(evidence: Evidence) -> Marks:
    def last(findings: list[Finding], end: int = 0) -> float | None:
        return max((span_s(finding.span)[end] for finding in findings), default=None)

    return Marks(
        call_s=last(evidence.of("call_to_action")),
        last_cut_s=last(evidence.of("transition")),
        speech_over_s=last(evidence.said(), end=1),
    )


def _curve(pace: Pace, evidence: Evidence) -> Finding:
    return Finding(
        span=span(0.0, evidence.duration_s),
        label="pacing_curve",
        pacing_curve=PacingCurve(
            step_duration=duration(STEP_S),
            values=pace.values,
            components=[PacingComponent(name=name, values=values) for name, values in pace.components.items()],
        ),
        evidence_ids=ids(pace.evidence),
    )


def _phase(phase: Phase, values: list[float], pace: Pace, evidence: Evidence) -> Finding:
    steps = Grid(duration_s=evidence.duration_s).between(phase.start_s, phase.end_s)
    shown = overlapping([*pace.evidence, *evidence.of("call_to_action")], phase.start_s, phase.end_s)
    return Finding(
        span=span(phase.start_s, phase.end_s),
        label=phase.label,
        phase=StoryPhase(mean_pace=mean([values[index] for index in steps]), reasons=phase.reasons),
        # A phase in which nothing was found rests on the curve as a whole: on all that was found elsewhere.
        evidence_ids=ids(shown or pace.evidence),
    )


def _moment(group: list[Event], evidence: Evidence) -> Finding:
    start_s = group[0].at_s
    return Finding(
        span=span(start_s, min(max(evidence.duration_s, start_s), start_s + TOGETHER_S)),
        label="key_moment",
        key_moment=KeyMoment(reasons=sorted({event.reason for event in group})),
        evidence_ids=ids(event.finding for event in group),
    )
