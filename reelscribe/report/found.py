"""All findings of a report in order of time, each with who found it, and what several readers ask of one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from reelscribe.v1.analysis_pb2 import Report
from reelscribe.v1.analyzer_pb2 import AnalyzerResult
from reelscribe.v1.finding_pb2 import Box, Finding, TextKind
from reelscribe.v1.media_pb2 import StreamKind
from services.common.time import span_s

PERSON = "person"
"""Label of tracks of people."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One finding, its place in time, and its finder."""

    finding: Finding
    analyzer: str
    service: str = ""
    stream: int = StreamKind.STREAM_KIND_UNSPECIFIED
    """What the analyzer looked at."""
    start_s: float
    """First moment inside."""
    end_s: float
    """First moment outside."""

    @property
    def shape(self) -> str:
        """Name of the evidence's field; "" where label and span say all."""
        return self.finding.WhichOneof("shape") or ""

    @property
    def label(self) -> str:
        label: str = self.finding.label
        return label

    @property
    def length_s(self) -> float:
        return self.end_s - self.start_s

    def touches(self, start_s: float, end_s: float) -> bool:
        """Some of it lies within the stretch."""
        return self.start_s < end_s and self.end_s > start_s


def found(report: Report) -> tuple[Found, ...]:
    """In order of start, the longer first; of those that are as long, in the report's order."""
    everything = (_found(result, finding) for result in report.results for finding in result.findings)
    return tuple(sorted(everything, key=lambda one: (one.start_s, -one.end_s)))


def _found(result: AnalyzerResult, finding: Finding) -> Found:
    start_s, end_s = span_s(finding.span)
    return Found(
        finding=finding,
        analyzer=result.analyzer,
        service=result.service,
        stream=result.coverage.stream,
        start_s=start_s,
        end_s=end_s,
    )


def of(items: Iterable[Found], *shapes: str) -> tuple[Found, ...]:
    """Those of these shapes."""
    return tuple(one for one in items if one.shape in shapes)


def shaped(findings: Iterable[Finding], shape: str) -> list[Finding]:
    """Those of this shape, of findings without a finder."""
    return [finding for finding in findings if finding.WhichOneof("shape") == shape]


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
