"""What every judge is given, and what it says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from bench.common.runs import analyzed

if TYPE_CHECKING:
    from reelscribe.analyst import Analyst
    from reelscribe.v1.analysis_pb2 import Report
    from reelscribe.v1.finding_pb2 import Finding

UNMEASURED = "unmeasured"


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """One figure of one analyzer, and the best standalone tool's on the same clips."""

    analyzer: str
    measure: str
    ours: str
    standalone: str
    tool: str
    clips: str
    ours_value: float | None = None
    standalone_value: float | None = None


@dataclass(slots=True, kw_only=True)
class Material:
    """What can be judged on this machine."""

    analyst: Analyst
    ready: Sequence[str]
    """Analyzers whose weights are here."""
    media: Path | None
    """The folder of real clips; None without test data."""
    folder: Path
    """For clips that a judge makes."""
    tiny: bool
    _composite: Report | None = field(default=None, repr=False)

    @property
    def composite(self) -> Path | None:
        """The clip with the most truth to it."""
        return None if self.media is None else self.media / "video" / "derived" / "vertical_de_composite.mp4"

    @property
    def composite_truth(self) -> Path | None:
        """JSON beside it."""
        return None if self.composite is None else self.composite.with_suffix(".groundtruth.json")

    async def findings(self, path: Path, analyzer: str) -> list[Finding]:
        """What one analyzer finds in a file."""
        run = await analyzed(self.analyst, path, [analyzer])
        return list(run.report.results[0].findings)

    async def composite_findings(self, analyzer: str) -> list[Finding]:
        """The same in the composite, which all analyzers look at in one go."""
        assert self.composite is not None
        if self._composite is None:
            self._composite = (await analyzed(self.analyst, self.composite, self.ready)).report
        return next(list(result.findings) for result in self._composite.results if result.analyzer == analyzer)


def unmeasured(analyzer: str, measure: str, why: str) -> Judgement:
    """A figure that could not be taken, and why."""
    return Judgement(
        analyzer=analyzer, measure=measure, ours=f"{UNMEASURED}: {why}", standalone=UNMEASURED, tool="", clips=""
    )
