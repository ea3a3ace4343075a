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
    """The named ones, and those that must be asked with them."""

    @classmethod
    def read(cls, path: Path, video: Path, wanted: Wanted) -> Before:
        """Raises NotFound or InvalidInput if it is no report, of another file or version, or ran otherwise."""
        from gateway.update import READERS, CannotUpdate, check_same, check_settings, sharers

        if not wanted.analyzers:
            raise InvalidInput("--update needs --analyzers: whose results are to be replaced?")
        report = read_report(path)
        with video.open("rb") as file:
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        check_same(report, sha256=sha256, version=version("reelscribe"))
        if readers := [result.analyzer for result in report.results if result.service == READERS]:
            raise CannotUpdate(f"the report has conclusions that cannot be drawn anew here: {', '.join(readers)}")
        analyzers = tuple(sorted(sharers(report, wanted.analyzers)))
        check_settings(report, analyzers, wanted.settings)
        return cls(report=report, analyzers=analyzers)

    async def updated(self, video: Path, job: Run, console: Console | None) -> Done:
        """Analyze, and put what was found in its place. May have to look again, with more analyzers."""
        from gateway.update import sharers, still_sharing, updated
        from reelscribe.cli.analysis import analyzed
        from services.common.time import seconds

        names = self.analyzers
        while True:
            done = await analyzed(video, replace(job, wanted=replace(job.wanted, analyzers=names)), console)
            # Who found nothing before, and numbers things now, draws in all who number things.
            more = still_sharing(self.report, done.report)
            if not more:
                report = updated(self.report, done.report, conclude=_nothing_concluded)
                # The report's wall time is of both runs, and what came before it is told as the difference.
                wall_s = done.wall_s + seconds(self.report.cost.wall_duration)
                return replace(done, report=report, run=job, wall_s=wall_s)
            names = tuple(sorted(sharers(self.report, {*names, *more})))


def _nothing_concluded(_results: Sequence[AnalyzerResult]) -> Sequence[AnalyzerResult]:
    return ()
