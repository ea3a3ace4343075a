"""All findings of a report in order of time, each with who found it, and what several readers ask of one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from reelscribe.v1.analysis_pb2 import Report
from reelscribe.v1.finding_pb2 import Box, Finding, TextKind
from services.common.time import span_s


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One finding and whose it is."""

    analyzer: str
    service: str
    stream: int
    """A StreamKind: what the analyzer looked at."""
    finding: Finding

    @property
    def start_s(self) -> float:
        """First moment inside."""
        return span_s(self.finding.span)[0]

    @property
    def end_s(self) -> float:
        """First moment outside."""
        return span_s(self.finding.span)[1]

    @property
    def shape(self) -> str | None:
        """Name of the evidence's field; None where label and span say all."""
        shape: str | None = self.finding.WhichOneof("shape")
        return shape


def found(report: Report) -> tuple[Found, ...]:
    """In order of start; of those that start together, in the report's order."""
    everything = [
        Found(analyzer=result.analyzer, service=result.service, stream=result.coverage.stream, finding=finding)
        for result in report.results
        for finding in result.findings
    ]
    return tuple(sorted(everything, key=lambda one: one.start_s))


def of(items: Iterable[Found], *shapes: str) -> tuple[Found, ...]:
    """Those of these shapes."""
    return tuple(one for one in items if one.shape in shapes)


def spoken(items: Iterable[Found]) -> tuple[Found, ...]:
    """What is said."""
    return tuple(one for one in of(items, "text") if one.finding.text.kind == TextKind.TEXT_KIND_SPEECH)


def written(items: Iterable[Found]) -> tuple[Found, ...]:
    """What stands on screen."""
    return tuple(one for one in of(items, "text") if one.finding.text.kind != TextKind.TEXT_KIND_SPEECH)


def confidence_of(finding: Finding) -> float | None:
    """None where the method gives none."""
    return finding.confidence if finding.HasField("confidence") else None


def track_id_of(finding: Finding) -> int | None:
    """The thing's number: its own, or of whom the finding is about."""
    if finding.WhichOneof("shape") == "track":
        return finding.track.track_id
    return finding.subject.track_id if finding.subject.HasField("track_id") else None


def face_id_of(finding: Finding) -> int | None:
    """Number of the face it is about."""
    return finding.subject.face_id if finding.subject.HasField("face_id") else None


def speaker_id_of(finding: Finding) -> int | None:
    """Number of the voice it is about."""
    return finding.subject.speaker_id if finding.subject.HasField("speaker_id") else None


def boxes_of(finding: Finding) -> tuple[Box, ...]:
    """All places where its shape says that it was; empty for what has no place."""
    match finding.WhichOneof("shape"):
        case "box":
            return (finding.box,)
        case "text":
            return (finding.text.box,) if finding.text.HasField("box") else ()
        case "track":
            return tuple(item.box for item in finding.track.boxes)
        case "pose":
            return tuple(item.box for item in finding.pose.poses)
        case "gaze":
            return tuple(item.face for item in finding.gaze.samples)
        case "composition":
            return (finding.composition.subject,) if finding.composition.HasField("subject") else ()
        case "effect":
            return tuple(finding.effect.layout.boxes)
    return ()


def place_of(finding: Finding) -> Box | None:
    """The smallest rectangle that holds all of them; None for what has no place."""
    boxes = boxes_of(finding)
    if not boxes:
        return None
    return Box(
        left=min(box.left for box in boxes),
        top=min(box.top for box in boxes),
        right=max(box.right for box in boxes),
        bottom=max(box.bottom for box in boxes),
    )
