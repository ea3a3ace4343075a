"""One number for one physical thing over the whole video: what each part counted for itself, numbered anew."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Literal

from gateway.join import SAME_BOX_IOU, iou
from reelscribe.v1.finding_pb2 import Box, Finding
from services.common.time import seconds, span_s

Kind = Literal["thing", "face"]
"""Things are numbered by `track_id`, faces by `face_id`."""


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Local:
    """A number as one part uses it."""

    own_start_s: float
    """Of the part."""
    kind: Kind
    number: int


Identities = Mapping[Local, int]
"""The number in the report of every thing and face of every part."""


@dataclass(slots=True)
class _Known:
    """What is known of a thing from all findings about it."""

    first_s: float = float("inf")
    boxes: dict[float, Box] = field(default_factory=dict)
    """By presentation time, rounded to a millisecond."""


def identities(parts: Iterable[tuple[float, Iterable[Finding]]]) -> Identities:
    """Numbers for the report, from 1 in order of first appearance, things and faces apart.

    `parts`: a part's own start and what one analyzer found in it; analyzers of one service share a part's numbers.
    The same thing in neighbouring parts is told by its boxes in the frames both looked at.
    """
    known: dict[Local, _Known] = {}
    for own_start_s, findings in parts:
        for finding in findings:
            for kind, number in _numbers(finding):
                thing = known.setdefault(Local(own_start_s=own_start_s, kind=kind, number=number), _Known())
                thing.first_s = min(thing.first_s, span_s(finding.span)[0])
                thing.boxes.update(_boxes(finding, kind))
    counts: dict[Kind, int] = {"thing": 0, "face": 0}
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
            if local.kind == other.kind and (fit := _fit(known[local], known[other])) >= SAME_BOX_IOU
        ]
        taken: set[Local] = set()
        for _, local, other in sorted(fits, reverse=True):
            if local not in pairs and other not in taken:
                pairs[local] = other
                taken.add(other)
    return pairs


def _fit(one: _Known, other: _Known) -> float:
    """Mean overlap in the frames both were seen in; 0 without any."""
    shared: Sequence[float] = sorted(one.boxes.keys() & other.boxes.keys())
    return sum(iou(one.boxes[at], other.boxes[at]) for at in shared) / len(shared) if shared else 0.0
