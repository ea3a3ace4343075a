"""A report turned around: its findings by shape and by id, and who looked."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from reelscribe.report.found import PERSON, Found, found, spoken, written
from reelscribe.v1.analysis_pb2 import Report
from reelscribe.v1.analyzer_pb2 import AnalyzerResult, Status
from services.common.time import seconds

LOOKED = frozenset({Status.STATUS_OK, Status.STATUS_EMPTY, Status.STATUS_PARTIAL})


class Known:
    """What the page asks of a report."""

    def __init__(self, report: Report) -> None:
        self.report = report
        self.duration_s = seconds(report.video.duration)
        self.all = found(report)

    def of(self, *shapes: str) -> tuple[Found, ...]:
        """All of these shapes, in order of time."""
        of_them = [each for shape in shapes for each in self._by_shape.get(shape, ())]
        return tuple(sorted(of_them, key=lambda each: each.start_s) if len(shapes) > 1 else of_them)

    def within(self, start_s: float, end_s: float, *shapes: str) -> tuple[Found, ...]:
        """Those that touch the stretch."""
        return tuple(each for each in self.of(*shapes) if each.touches(start_s, end_s))

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
        return spoken(self.all)

    @cached_property
    def written(self) -> tuple[Found, ...]:
        """What stands on the screen."""
        return written(self.all)

    @cached_property
    def persons(self) -> tuple[Found, ...]:
        """Tracks of persons: one somebody may have several."""
        return tuple(each for each in self.of("track") if each.label == PERSON)

    @cached_property
    def things(self) -> tuple[Found, ...]:
        """Tracks and boxes of anything else."""
        return tuple(each for each in self.of("track", "box") if each.label != PERSON)

    @cached_property
    def _results(self) -> Mapping[str, AnalyzerResult]:
        return {result.analyzer: result for result in self.report.results}

    @cached_property
    def _by_shape(self) -> Mapping[str, list[Found]]:
        shapes: dict[str, list[Found]] = {}
        for each in self.all:
            shapes.setdefault(each.shape, []).append(each)
        return shapes

    @cached_property
    def _by_id(self) -> Mapping[str, Found]:
        return {each.finding.id: each for each in self.all if each.finding.id}


def stated(message: Any, field: str) -> Any:
    """What a field says, or None: where it has presence and is unset, or its shape has no such field."""
    described = message.DESCRIPTOR.fields_by_name.get(field)
    if described is None or (described.has_presence and not message.HasField(field)):
        return None
    return getattr(message, field)
