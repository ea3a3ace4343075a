"""One number for one physical thing, face or voice over the whole video: what parts counted for themselves, anew."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Literal

from gateway.join import SAME_BOX_IOU, iou
from reelscribe.v1.finding_pb2 import Box, Finding
from services.common.time import seconds, span_s

SAME_TURNS_SHARE = 0.5
"""Of what a voice says in the lead-in, spoken by one of the part before in the same moments: then they are one."""

Kind = Literal["thing", "face", "voice"]
"""Things are numbered by `track_id`, faces by `face_id`, voices by `speaker_id`."""


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Local:
    """A number as one part uses it."""

    own_start_s: float
    """Of the part."""
    kind: Kind
    number: int


Identities = Mapping[Local, int]
"""The number in the report of every thing, face and voice of every part."""


@dataclass(slots=True)
class _Known:
    """What is known of a thing from all findings about it."""

    first_s: float = float("inf")
    boxes: dict[float, Box] = field(default_factory=dict)
    """By presentation time, rounded to a millisecond."""
    turns_s: list[tuple[float, float]] = field(default_factory=list)
    """Of a voice: when it speaks."""


def identities(parts: Iterable[tuple[float, Iterable[Finding]]]) -> Identities:
    """Numbers for the report, from 1 in order of first appearance, things, faces and voices apart.

    `parts`: a part's own start and what one analyzer found in it; analyzers of one service share a part's numbers.
    The same thing in neighbouring parts is told by its boxes in the frames both looked at, the same voice by its turns
    in the lead-in that both heard. Who says nothing there gets a number of their own: nobody compares voices of two
    parts.
    """
    known: dict[Local, _Known] = {}
    for own_start_s, findings in parts:
        for finding in findings:
            for kind, number in _numbers(finding):
                thing = known.setdefault(Local(own_start_s=own_start_s, kind=kind, number=number), _Known())
                thing.first_s = min(thing.first_s, span_s(finding.span)[0])
                thing.boxes.update(_boxes(finding, kind))
                if kind == "voice":
                    thing.turns_s.append(span_s(finding.span))
    counts: dict[Kind, int] = {"thing": 0, "face": 0, "voice": 0}
    result: dict[Local, int] = {}
    continued = _continued(known)
    for local in sorted(known, key=lambda local: (local.own_start_s, known[local].first_s, local)):
        if local in continued:
            result[local] = result[continued[local]]
        else:
            counts[local.kind] += 1
            result[local] = counts[local.kind]
    return result


def renumbered(finding: Finding, own_start_s: float, numbers: Identities) -> Finding:
    """A copy that uses the report's numbers."""
    copy = Finding()
    copy.CopyFrom(finding)
    for kind, number in _numbers(finding):
        new = numbers[Local(own_start_s=own_start_s, kind=kind, number=number)]
        if kind == "face":
            copy.subject.face_id = new
            continue
        if kind == "voice":
            copy.subject.speaker_id = new
            continue
        if copy.WhichOneof("shape") == "track":
            copy.track.track_id = new
        if copy.subject.HasField("track_id"):
            copy.subject.track_id = new
    return copy


def _numbers(finding: Finding) -> Iterator[tuple[Kind, int]]:
    if finding.WhichOneof("shape") == "track":
        yield "thing", finding.track.track_id
    if finding.HasField("subject"):
        if finding.subject.HasField("track_id"):
            yield "thing", finding.subject.track_id
        if finding.subject.HasField("face_id"):
            yield "face", finding.subject.face_id
        if finding.subject.HasField("speaker_id"):
            yield "voice", finding.subject.speaker_id


def _boxes(finding: Finding, kind: Kind) -> dict[float, Box]:
    """Where the thing was, by time; only from shapes that show it."""
    match finding.WhichOneof("shape"), kind:
        case "track", "thing":
            return {round(seconds(item.offset), 3): item.box for item in finding.track.boxes}
        case "pose", "thing":
            return {round(seconds(item.offset), 3): item.box for item in finding.pose.poses}
        case "gaze", "face":
            return {round(seconds(item.offset), 3): item.face for item in finding.gaze.samples}
    return {}


def _continued(known: Mapping[Local, _Known]) -> dict[Local, Local]:
    """A later part's thing -> the same thing in the part before."""
    starts = sorted({local.own_start_s for local in known})
    pairs: dict[Local, Local] = {}
    for before_s, own_start_s in pairwise(starts):
        earlier = [local for local in known if local.own_start_s == before_s]
        later = [local for local in known if local.own_start_s == own_start_s and known[local].first_s < own_start_s]
        fits = [
            (fit, local, other)
            for local in later
            for other in earlier
            if local.kind == other.kind
            and (fit := _fit(known[local], known[other], own_start_s)) >= _least_fit(local.kind)
        ]
        taken: set[Local] = set()
        for _, local, other in sorted(fits, reverse=True):
            if local not in pairs and other not in taken:
                pairs[local] = other
                taken.add(other)
    return pairs


def _least_fit(kind: Kind) -> float:
    return SAME_TURNS_SHARE if kind == "voice" else SAME_BOX_IOU


def _fit(later: _Known, earlier: _Known, own_start_s: float) -> float:
    """Mean overlap in the frames both were seen in, or share of what the later one says in the lead-in; 0 for none."""
    if later.turns_s:
        return _shared_speech(later.turns_s, earlier.turns_s, own_start_s)
    shared: Sequence[float] = sorted(later.boxes.keys() & earlier.boxes.keys())
    return sum(iou(later.boxes[at], earlier.boxes[at]) for at in shared) / len(shared) if shared else 0.0


def _shared_speech(later: Sequence[tuple[float, float]], earlier: Sequence[tuple[float, float]], end_s: float) -> float:
    """Of what the later one says before end_s, the share in which the earlier one speaks."""
    led_in = [(start_s, min(stop_s, end_s)) for start_s, stop_s in later if start_s < end_s]
    spoken_s = sum(stop_s - start_s for start_s, stop_s in led_in)
    shared_s = sum(
        max(0.0, min(stop_s, other_stop_s) - max(start_s, other_start_s))
        for start_s, stop_s in led_in
        for other_start_s, other_stop_s in earlier
    )
    return shared_s / spoken_s if spoken_s else 0.0
