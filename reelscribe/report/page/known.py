"""A report turned around: its findings by shape and in order of time, each with who found it; and who looked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from reelscribe.v1.analysis_pb2 import Report
from reelscribe.v1.analyzer_pb2 import AnalyzerResult, Status
from reelscribe.v1.finding_pb2 import Finding, TextKind
from services.common.time import seconds, span_s

PERSON = "person"
LOOKED = frozenset({Status.STATUS_OK, Status.STATUS_EMPTY, Status.STATUS_PARTIAL})


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One finding, its place in time, and its finder."""

    finding: Finding
    analyzer: str
    start_s: float
    end_s: float

    @property
    def shape(self) -> str:
        """Of the evidence; "" where label and span say all."""
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


class Known:
    """What the page asks of a report."""

    def __init__(self, report: Report) -> None:
        self.report = report
        self.duration_s = seconds(report.video.duration)
        self.all = tuple(sorted(_all(report), key=lambda found: (found.start_s, -found.end_s)))

    def of(self, *shapes: str) -> tuple[Found, ...]:
        """All of these shapes, in order of time."""
        found = [found for shape in shapes for found in self._by_shape.get(shape, ())]
        return tuple(sorted(found, key=lambda each: each.start_s) if len(shapes) > 1 else found)

    def within(self, start_s: float, end_s: float, *shapes: str) -> tuple[Found, ...]:
        """Those that touch the stretch."""
        return tuple(found for found in self.of(*shapes) if found.touches(start_s, end_s))

    def result(self, analyzer: str) -> AnalyzerResult | None:
        """Its answer; None where it was not asked."""
        return self._results.get(analyzer)

    def looked(self, analyzer: str) -> bool:
        """It was there and looked at some of the video at least."""
        result = self.result(analyzer)
        return result is not None and result.status in LOOKED

    def finding(self, finding_id: str) -> Found | None:
        """By its id, as evidence is cited."""
        return self._by_id.get(finding_id)

    @cached_property
    def speech(self) -> tuple[Found, ...]:
        """What is said."""
        return tuple(found for found in self.of("text") if found.finding.text.kind == TextKind.TEXT_KIND_SPEECH)

    @cached_property
    def written(self) -> tuple[Found, ...]:
        """What stands on the screen."""
        return tuple(found for found in self.of("text") if found.finding.text.kind != TextKind.TEXT_KIND_SPEECH)

    @cached_property
    def persons(self) -> tuple[Found, ...]:
        """Tracks of persons: one somebody may have several."""
        return tuple(found for found in self.of("track") if found.label == PERSON)

    @cached_property
    def things(self) -> tuple[Found, ...]:
        """Tracks and boxes of anything else."""
        return tuple(found for found in self.of("track", "box") if found.label != PERSON)

    @cached_property
    def _results(self) -> Mapping[str, AnalyzerResult]:
        return {result.analyzer: result for result in self.report.results}

    @cached_property
    def _by_shape(self) -> Mapping[str, list[Found]]:
        shapes: dict[str, list[Found]] = {}
        for found in self.all:
            shapes.setdefault(found.shape, []).append(found)
        return shapes

    @cached_property
    def _by_id(self) -> Mapping[str, Found]:
        return {found.finding.id: found for found in self.all if found.finding.id}


def stated(message: Any, field: str) -> Any:
    """What a field says, or None: where it has presence and is unset, or its shape has no such field."""
    described = message.DESCRIPTOR.fields_by_name.get(field)
    if described is None or (described.has_presence and not message.HasField(field)):
        return None
    return getattr(message, field)


def _all(report: Report) -> Iterator[Found]:
    for result in report.results:
        for finding in result.findings:
            start_s, end_s = span_s(finding.span)
            yield Found(finding=finding, analyzer=result.analyzer, start_s=start_s, end_s=end_s)
