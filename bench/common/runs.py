"""One analysis, timed: when the first finding came, when the report, and what it says it cost."""

from __future__ import annotations

import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bench.common.pairs import used_cpu_s
from bench.common.sheet import Row

if TYPE_CHECKING:
    from reelscribe.analyst import Analyst
    from reelscribe.v1.analysis_pb2 import Report
    from reelscribe.v1.analyzer_pb2 import Cost
    from services.common.setting import Values
    from services.common.settings import Settings

SIX = (
    "cut_analysis",
    "object_detection",
    "text_overlay",
    "color_analysis",
    "speech_transcription",
    "audio_environment",
)
"""All analyzers that run on a CPU."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """Seconds from the call."""

    wall_s: float
    cpu_s: float
    """Of the calling process: of everything when embedded, of next to nothing through a gateway."""
    first_finding_s: float | None
    first_finding: str
    """Whose it was, and what."""
    report: Report


async def analyzed(analyst: Analyst, path: Path, names: Sequence[str] = ()) -> Run:
    """Analyze, and measure from the call to the last event."""
    from reelscribe.analyst import Assembler
    from services.common.time import span_s

    assembler = Assembler()
    first_finding_s, first_finding = None, ""
    started_s, cpu_s = time.monotonic(), used_cpu_s()
    async for event in analyst.analyze(path, analyzers=names):
        if first_finding_s is None and event.HasField("finding"):
            first_finding_s = time.monotonic() - started_s
            found = event.finding
            start_s, end_s = span_s(found.finding.span)
            first_finding = f"{found.analyzer}: {found.finding.label} at {start_s:.2f}-{end_s:.2f} s"
        assembler.take(event)
    return Run(
        wall_s=time.monotonic() - started_s,
        cpu_s=used_cpu_s() - cpu_s,
        first_finding_s=first_finding_s,
        first_finding=first_finding,
        report=assembler.report,
    )


def here(names: Sequence[str] = SIX) -> list[str]:
    """Those of the names that this tree has an analyzer for."""
    from services.audio import ANALYZERS as AUDIO
    from services.vision import ANALYZERS as VISION

    known = {kind.name for kind in (*VISION, *AUDIO)}
    return [name for name in names if name in known]


@asynccontextmanager
async def embedded_here(
    core_count: int, names: Sequence[str], *, sample_part_s: float = 600.0, values: Values | None = None
) -> AsyncIterator[Analyst]:
    """The named analyzers in this process, with a media directory of their own; models load in the background.

    `values` are analyzers' and percepts' settings.
    """
    from reelscribe.embedded import embedded

    with tempfile.TemporaryDirectory(dir=_media_root()) as directory:
        settings = _settings(core_count, Path(directory), sample_part_s, values or {})
        async with embedded(settings, analyzers=names) as analyst:
            yield analyst


async def loaded(analyst: Analyst, names: Sequence[str]) -> list[str]:
    """Wait until the models are loaded; those of the names that can be run, weights and all."""
    import asyncio

    while True:
        known = {item.name: item for item in await analyst.analyzers()}
        if all(name in known for name in names):
            return [name for name in names if not known[name].HasField("unavailable")]
        await asyncio.sleep(0.05)


def cost_rows(report: Report) -> list[Row]:
    """What each analyzer and shared percept of a report cost, and how it ended."""
    from reelscribe.v1.analyzer_pb2 import Status
    from services.common.time import seconds

    rows: list[Row] = [
        {
            "who": result.analyzer,
            "status": Status.Name(result.status).removeprefix("STATUS_"),
            "findings": len(result.findings),
            "frames or samples received": result.coverage.received_count,
            "worked on": result.coverage.processed_count,
            **_cost(result.cost),
        }
        for result in report.results
    ]
    rows += [{"who": f"(percept) {each.percept}", "status": "", **_cost(each.cost)} for each in report.percept_costs]
    decoding = report.decoding
    rows.append(
        {
            "who": "(decoding)",
            "status": "",
            "wall_s": seconds(decoding.wall_duration),
            "cpu_s": seconds(decoding.cpu_duration),
        }
    )
    return rows


def _cost(cost: Cost) -> dict[str, float]:
    from services.common.time import seconds

    return {"wall_s": seconds(cost.wall_duration), "cpu_s": seconds(cost.cpu_duration)}


def _settings(core_count: int, directory: Path, sample_part_s: float, values: Values) -> Settings:
    from services.common.settings import ComputeSettings, GatewaySettings, MediaSettings, Settings

    return Settings(
        media=MediaSettings(directory=directory),
        compute=ComputeSettings(cores=core_count),
        gateway=GatewaySettings(sample_part_s=sample_part_s),
        analyzers=values,
    )


def _media_root() -> Path:
    from services.common.settings import default_media_directory

    return default_media_directory().parent
