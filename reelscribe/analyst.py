"""What analyzes a video, here or on a gateway: one interface, and the report put together from its events."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Protocol

from reelscribe.v1.analysis_pb2 import AnalyzeVideoResponse, Report
from reelscribe.v1.analyzer_pb2 import Analyzer, AnalyzerResult, Setting


class Analyst(Protocol):
    """Embedded or remote."""

    def analyze(
        self,
        path: Path,
        *,
        analyzers: Sequence[str] = (),
        settings: Sequence[Setting] = (),
        deadline_s: float | None = None,
    ) -> AsyncIterator[AnalyzeVideoResponse]:
        """Analyze one file. Events as in AnalyzeVideo, the report last. Raises ReelscribeError.

        Closing the iterator cancels the analysis.
        """
        ...

    async def analyzers(self) -> list[Analyzer]:
        """All that can be asked for."""
        ...


class Assembler:
    """Puts the report together from the events of one analysis."""

    def __init__(self) -> None:
        self._results: list[AnalyzerResult] = []
        self._report: Report | None = None

    def take(self, event: AnalyzeVideoResponse) -> None:
        """Look at the next event."""
        if event.HasField("result"):
            self._take_result(event.result)
        elif event.HasField("report"):
            self._report = event.report

    @property
    def report(self) -> Report:
        """The whole report. Raises RuntimeError before its event has come."""
        if self._report is None:
            raise RuntimeError("the analysis has not ended with a report")
        whole = Report()
        whole.CopyFrom(self._report)
        whole.results.extend(self._results)
        return whole

    def _take_result(self, result: AnalyzerResult) -> None:
        """A result too large for one message comes in several with the same analyzer."""
        if self._results and self._results[-1].analyzer == result.analyzer:
            self._results[-1].findings.extend(result.findings)
        else:
            whole = AnalyzerResult()
            whole.CopyFrom(result)
            self._results.append(whole)
