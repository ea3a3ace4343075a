"""A gateway of a few lines for tests of what works on a part: media laid down, published, and answers gathered."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from reelscribe.v1.analyzer_pb2 import AnalyzerResult, PerceptCost, Setting, Task
from reelscribe.v1.bus_pb2 import MediaMessage, ResultConfirmation, ResultDelivery, TaskUpdate
from reelscribe.v1.finding_pb2 import Finding
from reelscribe.v1.media_pb2 import EndOfPart, FrameFormat, Part, Rendition, StreamKind, Window, WindowMedia
from services.common.analyzer import Analyzer
from services.common.bus import ResultRequest
from services.common.bus.memory import MemoryBus
from services.common.device import Device
from services.common.media import MediaReader, MediaStore
from services.common.service import Service
from services.common.time import span

Verdict = ResultConfirmation.Verdict

FRAME = Rendition(rendition_id="frames-256", frames=FrameFormat(width_px=8, height_px=4))
RATE_HZ = 10


def loaded(*kinds: type[Analyzer]) -> Service:
    service = Service("vision", kinds, Device(core_count=2))
    service.load()
    return service


def task(part_id: str, *names: str, settings: tuple[Setting, ...] = (), analysis_id: str = "a") -> Task:
    part = Part(part_id=part_id, stream=StreamKind.STREAM_KIND_FRAMES, renditions=[FRAME])
    return Task(analysis_id=analysis_id, service="vision", part=part, analyzers=names, settings=settings)


@dataclass
class Office:
    """Publishes parts of an analysis, and answers every result with what `decide` says."""

    bus: MemoryBus
    store: MediaStore
    analysis_id: str = "a"
    decide: Callable[[ResultDelivery], ResultConfirmation.Verdict] = lambda delivery: Verdict.VERDICT_TAKEN
    findings: dict[str, list[Finding]] = field(default_factory=dict)
    results: dict[tuple[str, str], AnalyzerResult] = field(default_factory=dict)
    percept_costs: list[PerceptCost] = field(default_factory=list)

    @property
    def reader(self) -> MediaReader:
        return MediaReader(self.store.directory)

    async def publish(self, part_id: str, seconds: int, *, ended: bool = True, claimed: int | None = None) -> None:
        for index in range(seconds):
            rgb = np.full((RATE_HZ, 4, 8, 3), index, np.uint8)
            (reference,) = self.store.write(self.analysis_id, [rgb])
            media = WindowMedia(
                rendition_id=FRAME.rendition_id,
                frame_offset_s=[index + k / RATE_HZ for k in range(RATE_HZ)],
                frame_index=range(index * RATE_HZ, (index + 1) * RATE_HZ),
                reference=reference,
            )
            window = Window(index=index, span=span(index, index + 1), media=[media])
            await self.bus.publish_media(self.analysis_id, part_id, MediaMessage(window=window))
        if ended:
            end = EndOfPart(window_count=seconds if claimed is None else claimed)
            await self.bus.publish_media(self.analysis_id, part_id, MediaMessage(end=end))

    async def gather(self, events: AsyncIterator[TaskUpdate | ResultRequest]) -> None:
        async for event in events:
            if isinstance(event, TaskUpdate):
                known = self.findings.setdefault(event.analyzer, [])
                del known[event.first_position :]
                known.extend(event.findings)
                continue
            delivery = event.delivery
            verdict = self.decide(delivery)
            if verdict == Verdict.VERDICT_TAKEN:
                self.results[delivery.part_id, delivery.result.analyzer] = delivery.result
                self.percept_costs.extend(delivery.percept_costs)
            await event.confirm(verdict)


@asynccontextmanager
async def office(folder: Path) -> AsyncIterator[Office]:
    """A gateway at work on the analysis "a"."""
    async with MemoryBus() as bus:
        with MediaStore(folder / "media", 100 << 20) as store:
            here = Office(bus=bus, store=store)
            async with bus.gather("a") as events:
                gathering = asyncio.create_task(here.gather(events))
                try:
                    yield here
                finally:
                    gathering.cancel()
                    await asyncio.gather(gathering, return_exceptions=True)
