"""A gateway and one service on a bus in memory, for tests of analyses without the embedded mode around them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from gateway.analyses import Analyses, analyses
from reelscribe.analyst import Assembler
from reelscribe.v1.analysis_pb2 import AnalyzeVideoResponse, Report
from reelscribe.v1.analyzer_pb2 import AnalyzerResult
from services.common.analyzer import Analyzer
from services.common.bus.memory import MemoryBus
from services.common.device import Device
from services.common.media import MediaReader
from services.common.service import Service
from services.common.settings import GatewaySettings, MediaSettings, Settings
from services.common.worker import Worker


@dataclass
class Room:
    """Where analyses run."""

    analyses: Analyses
    bus: MemoryBus
    media: Path

    def laid_down(self) -> list[str]:
        """Segments that lie in the media directory now."""
        return [path.name for path in self.media.iterdir() if path.suffix != ".lock"]


def settings_for(folder: Path, budget_bytes: int = 1 << 30, **gateway: object) -> Settings:
    """`gateway`: its settings; one service called vision."""
    given = {"services": ("vision",)} | gateway
    return Settings(
        media=MediaSettings(directory=folder / "media", budget_bytes=budget_bytes),
        gateway=GatewaySettings(**given),  # type: ignore[arg-type]
    )


@asynccontextmanager
async def room(
    settings: Settings, kinds: Sequence[type[Analyzer]], *, bus: MemoryBus | None = None, parts_in_flight: int = 2
) -> AsyncIterator[Room]:
    """A gateway, and a service that has these analyzers; none: there is no service."""
    service = Service("vision", kinds, Device(core_count=2), settings.analyzers)
    service.load()
    async with bus or MemoryBus() as line, analyses(settings, line) as running:
        reader = MediaReader(settings.media.directory)
        worker = Worker(service, line, reader, replica_id="vision-1", parts_in_flight=parts_in_flight)
        working = asyncio.create_task(worker.run()) if kinds else None
        try:
            yield Room(analyses=running, bus=line, media=settings.media.directory)
        finally:
            if working is not None:
                working.cancel()
                await asyncio.gather(working, return_exceptions=True)


async def events_of(here: Room, clip: Path, **request: object) -> list[AnalyzeVideoResponse]:
    return [event async for event in here.analyses.analyze(clip, **request)]  # type: ignore[arg-type]


async def report_of(here: Room, clip: Path, **request: object) -> Report:
    assembler = Assembler()
    for event in await events_of(here, clip, **request):
        assembler.take(event)
    return assembler.report


def result_of(report: Report, name: str) -> AnalyzerResult:
    return next(result for result in report.results if result.analyzer == name)
