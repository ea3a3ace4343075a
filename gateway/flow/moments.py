"""Moments to remember: where things of different kinds happen at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from gateway.calls.passages import spoken
from gateway.evidence import Evidence
from reelscribe.v1.finding_pb2 import Finding, TextKind
from services.common.time import seconds, span_s

TOGETHER_S = 0.5
"""Events that follow one another within so much time are one moment: about what is taken in at one glance."""

PAUSE_S = 2.0
"""Speech that begins after so long a silence begins anew. Chosen, not fitted: well above pauses between sentences."""

LOUD_LU = 5.0
"""A loudest moment counts if it is so far above the integrated loudness: by so much EBU R 128 s1 lets short pieces rise
above their target for a while."""

SUDDEN_EFFECTS = frozenset({"flash", "freeze_frame", "zoom_punch", "grade_change"})
"""Effects that happen; the others (bars, layouts) merely are."""

NO_EVENTS = frozenset({"speech", "music", "silence", "inside_small_room", "inside_large_room_or_hall"})
"""Sound tags that tell of a state, not of something that happens."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that happens at one time."""

    at_s: float
    reason: str
    finding: Finding


def moments(events: Iterable[Event]) -> list[list[Event]]:
    """Events that lie together and have at least two different reasons, in order."""
    groups: list[list[Event]] = []
    for event in sorted(events, key=lambda event: (event.at_s, event.reason, event.finding.id)):
        if groups and event.at_s - groups[-1][0].at_s < TOGETHER_S:
            groups[-1].append(event)
        else:
            groups.append([event])
    return [group for group in groups if len({event.reason for event in group}) >= 2]


def events_in(evidence: Evidence) -> Iterator[Event]:
    """All that may make a moment."""
    heard = evidence.of("scores", analyzers=["audio_environment"])
    starting: Sequence[tuple[str, Iterable[Finding]]] = (
        ("cut", evidence.of("transition")),
        ("new_text", evidence.written(TextKind.TEXT_KIND_TITLE)),
        ("emphasis", evidence.of("emphasis")),
        ("sound", evidence.of("sound_event")),
        ("sound", (item for item in heard if item.label not in NO_EVENTS)),
        ("effect", (item for item in evidence.of("effect") if item.label in SUDDEN_EFFECTS)),
        ("gesture", evidence.of("gesture")),
        ("call_to_action", evidence.of("call_to_action")),
    )
    for reason, findings in starting:
        for finding in findings:
            at_s = span_s(finding.span)[0]
            # What is there from the first frame on has not happened, it is how the video begins.
            if at_s > TOGETHER_S:
                yield Event(at_s=at_s, reason=reason, finding=finding)
    yield from _speech(evidence)
    yield from _loudest(evidence)


def _speech(evidence: Evidence) -> Iterator[Event]:
    last_s: float | None = None
    for passage in spoken(evidence):
        first, last = passage.pieces[0], passage.pieces[-1]
        if last_s is None or first.start_s - last_s >= PAUSE_S:
            yield Event(at_s=first.start_s, reason="speech_begins", finding=first.finding)
        last_s = last.end_s


def _loudest(evidence: Evidence) -> Iterator[Event]:
    for finding in evidence.of("loudness"):
        curve = finding.loudness
        if not curve.momentary_lufs or not curve.HasField("integrated_lufs"):
            continue
        peak = max(range(len(curve.momentary_lufs)), key=curve.momentary_lufs.__getitem__)
        if curve.momentary_lufs[peak] - curve.integrated_lufs >= LOUD_LU:
            at_s = span_s(finding.span)[0] + peak * seconds(curve.step_duration)
            yield Event(at_s=at_s, reason="loudness_peak", finding=finding)
