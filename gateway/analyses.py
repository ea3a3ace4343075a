"""The analyses of one gateway: admitted, run, cancelled, and remembered for a while."""

from __future__ import annotations

import asyncio
import hashlib
import secrets
import time
from collections.abc import AsyncGenerator, AsyncIterator, Iterator, Sequence
from contextlib import aclosing, asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path

import structlog

from gateway.budget import MediaBudget
from gateway.decode import probe
from gateway.pipeline import Analysis, Order, Workshop
from gateway.registry import Registry
from reelscribe.v1.analysis_pb2 import AnalyzeVideoResponse, Progress, Report
from reelscribe.v1.analyzer_pb2 import Analyzer, AnalyzerResult, Setting
from reelscribe.v1.media_pb2 import Video
from services.common.background import background
from services.common.bus import Bus
from services.common.errors import AnalysisCancelled, NotFound, TooMuch
from services.common.media import MediaStore
from services.common.settings import Settings

log = structlog.get_logger()

RESULT_LIMIT_BYTES = 2 << 20
"""A result is sent in pieces of about this size: half of gRPC's default limit for one message."""

SERVICES_KNOWN_S = 10.0
"""How long the first analysis waits for services that have not announced themselves yet."""

PARTS_THAT_FIT = 2.5
"""A part may take this fraction of the budget, so that two and a lead-in fit."""


@dataclass(slots=True)
class _Running:
    """One analysis in progress."""

    task: asyncio.Task[Report]
    progress: Progress


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kept:
    """A finished report and when it is forgotten (monotonic)."""

    report: Report
    until_s: float


class Analyses:
    """Runs analyses side by side, at most `analyses_in_flight`. Made by `analyses(...)`."""

    def __init__(self, workshop: Workshop) -> None:
        self._shop = workshop
        self._running: dict[str, _Running] = {}
        self._admitted_count = 0
        self._kept: dict[str, _Kept] = {}

    def __repr__(self) -> str:
        return f"Analyses({len(self._running)} running, {len(self._kept)} kept)"

    @property
    def store(self) -> MediaStore:
        """Where this gateway's media lies."""
        return self._shop.store

    async def analyzers(self) -> list[Analyzer]:
        """All analyzers of the services that are known."""
        await self._services_known()
        return self._shop.registry.analyzers()

    async def analyze(
        self,
        path: Path,
        *,
        name: str | None = None,
        analyzers: Sequence[str] = (),
        settings: Sequence[Setting] = (),
        deadline_s: float | None = None,
    ) -> AsyncGenerator[AnalyzeVideoResponse]:
        """The events of one analysis, the report last; leaving the iterator early cancels it.

        Raises InvalidInput (not a video, unknown analyzer or setting), TooMuch, or whatever kept all of it from
        being decoded.
        """
        with self._admitted():
            await self._services_known()
            chosen = self._shop.registry.choose(analyzers)
            self._shop.registry.check_settings(settings)
            video = await asyncio.to_thread(_probed, path, self._shop.settings.max_pixel_count)
            video.name = name or path.name
            order = Order(
                analysis_id=secrets.token_hex(8),
                path=path,
                video=video,
                analyzers=chosen,
                settings=settings,
                deadline_s=deadline_s,
            )
            async with aclosing(self._events(order)) as events:
                async for event in events:
                    yield event

    def cancel(self, analysis_id: str) -> None:
        """Stop a running analysis; a finished one is left as it is. Raises NotFound."""
        if analysis_id in self._running:
            self._running[analysis_id].task.cancel()
        elif analysis_id not in self._kept:
            raise NotFound(f"no analysis is called {analysis_id!r}")

    def state(self, analysis_id: str) -> Progress | Report:
        """How far it is, or its report. Raises NotFound for one never heard of, cancelled or forgotten."""
        self._forget_old()
        if analysis_id in self._running:
            return self._running[analysis_id].progress
        if analysis_id in self._kept:
            return self._kept[analysis_id].report
        raise NotFound(f"no analysis is called {analysis_id!r}")

    async def _events(self, order: Order) -> AsyncGenerator[AnalyzeVideoResponse]:
        queue: asyncio.Queue[AnalyzeVideoResponse | None] = asyncio.Queue()
        analysis = Analysis(order, self._shop, queue.put_nowait)
        task = asyncio.create_task(analysis.run(), name=f"analysis {order.analysis_id}")
        task.add_done_callback(lambda _: queue.put_nowait(None))
        running = self._running[order.analysis_id] = _Running(task=task, progress=Progress())
        try:
            while (event := await queue.get()) is not None:
                if event.HasField("progress"):
                    running.progress = event.progress
                yield event
            await asyncio.wait({task})
            if task.cancelled():
                raise AnalysisCancelled(f"the analysis {order.analysis_id} was cancelled")
            report = task.result()
            self._keep(order.analysis_id, report)
            for event in report_events(report):
                yield event
        finally:
            del self._running[order.analysis_id]
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    def _keep(self, analysis_id: str, report: Report) -> None:
        self._forget_old()
        until_s = time.monotonic() + self._shop.settings.report_keep_s
        self._kept[analysis_id] = _Kept(report=report, until_s=until_s)

    def _forget_old(self) -> None:
        now_s = time.monotonic()
        self._kept = {key: kept for key, kept in self._kept.items() if kept.until_s > now_s}

    @contextmanager
    def _admitted(self) -> Iterator[None]:
        limit = self._shop.settings.analyses_in_flight
        if self._admitted_count >= limit:
            raise TooMuch(f"{limit} analyses are in progress, and no more are taken at a time")
        self._admitted_count += 1
        try:
            yield
        finally:
            self._admitted_count -= 1

    async def _services_known(self) -> None:
        """Wait a while for services that have not shown themselves; those that do not are left out of the analysis."""
        waited_s = 0.0
        while self._shop.registry.unknown_services() and waited_s < SERVICES_KNOWN_S:
            await asyncio.sleep(0.05)
            waited_s += 0.05


@asynccontextmanager
async def analyses(settings: Settings, bus: Bus) -> AsyncIterator[Analyses]:
    """A gateway's analyses, ready to take the first."""
    registry = Registry(settings.gateway.services)
    media = settings.media
    with MediaStore(media.directory, media.budget_bytes, settings.gateway.media_service_address) as store:
        workshop = Workshop(
            bus=bus,
            store=store,
            budget=MediaBudget(store.budget_bytes),
            registry=registry,
            settings=settings.gateway,
            media_part_bytes=min(media.part_bytes, int(store.budget_bytes / PARTS_THAT_FIT)),
        )
        async with bus.presences() as presences:

            async def listen() -> None:
                async for presence in presences:
                    registry.take(presence)

            async with background(listen()):
                yield Analyses(workshop)


def _probed(path: Path, max_pixel_count: int) -> Video:
    video = probe(path, max_pixel_count=max_pixel_count)
    with path.open("rb") as file:
        video.sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    return video


def report_events(report: Report) -> list[AnalyzeVideoResponse]:
    """A report as the events that end a stream: each result in pieces that fit a message, then the rest."""
    events = [AnalyzeVideoResponse(result=piece) for result in report.results for piece in result_pieces(result)]
    rest = Report()
    rest.CopyFrom(report)
    rest.ClearField("results")
    return [*events, AnalyzeVideoResponse(report=rest)]


def result_pieces(result: AnalyzerResult, limit_bytes: int = RESULT_LIMIT_BYTES) -> list[AnalyzerResult]:
    """The result itself, or several whose findings follow one another; only the first carries the rest."""
    if result.ByteSize() <= limit_bytes:
        return [result]
    first = AnalyzerResult()
    first.CopyFrom(result)
    first.ClearField("findings")
    pieces, size_bytes = [first], first.ByteSize()
    for finding in result.findings:
        if size_bytes + finding.ByteSize() > limit_bytes and pieces[-1].findings:
            pieces.append(AnalyzerResult(analyzer=result.analyzer, service=result.service))
            size_bytes = 0
        pieces[-1].findings.append(finding)
        size_bytes += finding.ByteSize() + 8
    return pieces
