"""`analyze --update`: a report of before, what may be replaced in it, and the analysis that replaces it."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from reelscribe.cli.report import read_report
from services.common.errors import InvalidInput

if TYPE_CHECKING:
    from rich.console import Console

    from reelscribe.cli.analysis import Done, Run
    from reelscribe.cli.options import Wanted
    from reelscribe.v1.analysis_pb2 import Report
    from reelscribe.v1.analyzer_pb2 import AnalyzerResult


@dataclass(frozen=True, slots=True, kw_only=True)
class Before:
    """A report that is to be updated, looked at before any model is loaded."""

    report: Report
    analyzers: tuple[str, ...]
    """That look: the named ones, and those that must be asked with them. Empty where only insights are named."""
    insights: tuple[str, ...]
    """Those of the report and the named ones: drawn anew from what is found now and what stays."""

    @classmethod
    def read(cls, path: Path, video: Path, wanted: Wanted) -> Before:
        """Raises NotFound or InvalidInput if it is no report, of another file or version, or ran otherwise."""
        from gateway.insights import INSIGHTS
        from gateway.update import check_same, check_settings, sharers

        if not wanted.analyzers:
            raise InvalidInput("--update needs --analyzers: whose results are to be replaced?")
        report = read_report(path)
        with video.open("rb") as file:
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        check_same(report, sha256=sha256, version=version("reelscribe"))
        readers = [insight.name for insight in INSIGHTS]
        analyzers = tuple(sorted(sharers(report, (name for name in wanted.analyzers if name not in readers))))
        check_settings(report, analyzers, wanted.settings)
        there = {*wanted.analyzers, *(result.analyzer for result in report.results)}
        return cls(report=report, analyzers=analyzers, insights=tuple(name for name in readers if name in there))

    async def updated(self, video: Path, job: Run, console: Console | None) -> Done:
        """Analyze, and put what was found in its place. May have to look again, with more analyzers."""
        from gateway.update import sharers, still_sharing, updated
        from services.common.time import seconds

        names = self.analyzers
        while True:
            done = await self._looked(names, video, job, console)
            # Who found nothing before, and numbers things now, draws in all who number things.
            more = still_sharing(self.report, done.report)
            if not more:
                report = updated(self.report, done.report, conclude=self._concluded)
                # The report's wall time is of both runs, and what came before it is told as the difference.
                wall_s = done.wall_s + seconds(self.report.cost.wall_duration)
                return replace(done, report=report, run=job, wall_s=wall_s)
            names = tuple(sorted(sharers(self.report, {*names, *more})))

    async def _looked(self, names: tuple[str, ...], video: Path, job: Run, console: Console | None) -> Done:
        """What the named ones find; nothing new where none is named."""
        from reelscribe.cli.analysis import Done, analyzed
        from reelscribe.v1.analysis_pb2 import Report

        if names:
            return await analyzed(video, replace(job, wanted=replace(job.wanted, analyzers=names)), console)
        same = Report(
            analysis_id=self.report.analysis_id,
            reelscribe_version=self.report.reelscribe_version,
            create_time=self.report.create_time,
            video=self.report.video,
        )
        return Done(report=same, run=job, peak_bytes=0, wall_s=0.0)

    def _concluded(self, results: Sequence[AnalyzerResult]) -> Sequence[AnalyzerResult]:
        from gateway.conclude import concluded
        from gateway.insights import INSIGHTS
        from services.common.time import seconds

        insights = [insight() for insight in INSIGHTS if insight.name in self.insights]
        return concluded(insights, results, seconds(self.report.video.duration))
