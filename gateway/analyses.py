"""The analyses of one gateway: admitted, run, cancelled, and remembered for a while."""

from __future__ import annotations

import asyncio
import hashlib
import secrets
import time
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterator, Sequence
from contextlib import ExitStack, aclosing, asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from google.protobuf.message import Message

from gateway.budget import MediaBudget
from gateway.decode import probe
from gateway.insight import Insight
from gateway.insights import INSIGHTS
from gateway.pipeline import Analysis, Order, Workshop
from gateway.registry import Registry
from reelscribe.v1.analysis_pb2 import AnalyzeVideoResponse, Progress, Report
from reelscribe.v1.analyzer_pb2 import Analyzer, AnalyzerResult, Setting
from reelscribe.v1.media_pb2 import StreamKind, Video
from services.common.background import background, to_the_end
from services.common.bus import Bus
from services.common.errors import AnalysisCancelled, NoService, NotFound, TooMuch
from services.common.media import MediaStore
from services.common.settings import Settings

RESULT_LIMIT_BYTES = 2 << 20
"""A result is sent in pieces of about this size: half of gRPC's default limit for one message."""

FINDING_FRAME_BYTES = 8
"""Tag and length of a finding inside a result, at most."""

KEPT_LIMIT_BYTES = 256 << 20
"""Finished reports beyond this are forgotten before their time, oldest first."""

KNOWN_POLL_S = 0.05
"""How often an analysis that waits for services to announce themselves looks."""


class _Running:
    """One analysis in progress: its task, how far it is, and what it has told that nobody has read yet."""

    def __init__(self, order: Order, shop: Workshop, ended: Callable[[asyncio.Task[Report]], None]) -> None:
        self.analysis_id = order.analysis_id
        self.progress = Progress()
        self._told: asyncio.Queue[AnalyzeVideoResponse | None] = asyncio.Queue()
        self.task = asyncio.create_task(Analysis(order, shop, self._take).run(), name=f"analysis {self.analysis_id}")
        self.task.add_done_callback(ended)
        self.task.add_done_callback(lambda _: self._told.put_nowait(None))

    async def events(self) -> AsyncGenerator[AnalyzeVideoResponse, None]:
        """What it tells, then its report; closing this ends it. Raises what kept it from a report."""
        try:
            while (event := await self._told.get()) is not None:
                yield event
            if self.task.cancelled():
                raise AnalysisCancelled(f"the analysis {self.analysis_id} was cancelled")
            for event in report_events(self.task.result()):
                yield event
                # A reader in this very loop asks for the next piece at once, and would let nobody else have a turn.
                await asyncio.sleep(0)
        finally:
            self.task.cancel()
            await to_the_end(self._over())

    def _take(self, event: AnalyzeVideoResponse) -> None:
        if event.HasField("progress"):
            self.progress = event.progress
        self._told.put_nowait(event)

    async def _over(self) -> None:
        await asyncio.gather(self.task, return_exceptions=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kept:
    """A finished report and when it is forgotten (monotonic)."""

    report: Report
    until_s: float
    size_bytes: int


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
        with ExitStack() as admitted:
            admitted.enter_context(self._admitted())
            chosen = await self._chosen(analyzers, settings)
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
            running = self._start(order, admitted.pop_all())
        async with aclosing(running.events()) as events:
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

    async def _chosen(self, names: Sequence[str], settings: Sequence[Setting]) -> list[Analyzer]:
        await self._services_known()
        registry = self._shop.registry
        if registry.deserted:
            raise NoService(f"no service has announced itself; expected are {', '.join(registry.services)}")
        registry.check_settings(settings)
        return registry.choose(names)

    def _start(self, order: Order, admitted: ExitStack) -> _Running:
        """Begin it. It ends by itself, whether or not anybody reads what it tells: a slow reader keeps no place."""

        def ended(task: asyncio.Task[Report]) -> None:
            del self._running[order.analysis_id]
            admitted.close()
            if not task.cancelled() and task.exception() is None:
                self._keep(order.analysis_id, task.result())

        running = self._running[order.analysis_id] = _Running(order, self._shop, ended)
        return running

    def _keep(self, analysis_id: str, report: Report) -> None:
        until_s = time.monotonic() + self._shop.settings.report_keep_s
        self._kept[analysis_id] = _Kept(report=report, until_s=until_s, size_bytes=report.ByteSize())
        self._forget_old()

    def _forget_old(self) -> None:
        """Those whose time is over, and the oldest where all together take too much memory."""
        now_s = time.monotonic()
        self._kept = {key: kept for key, kept in self._kept.items() if kept.until_s > now_s}
        while len(self._kept) > 1 and sum(kept.size_bytes for kept in self._kept.values()) > KEPT_LIMIT_BYTES:
            del self._kept[next(iter(self._kept))]

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
        """Wait for services that have not shown themselves, while this gateway is young."""
        registry, limit_s = self._shop.registry, self._shop.settings.services_known_s
        while registry.unknown_services() and registry.age_s < limit_s:  # noqa: ASYNC110  (a short wait at the start)
            await asyncio.sleep(KNOWN_POLL_S)


@asynccontextmanager
async def analyses(
    settings: Settings, bus: Bus, insights: Sequence[type[Insight]] = INSIGHTS
) -> AsyncIterator[Analyses]:
    """A gateway's analyses, ready to take the first."""
    registry = Registry(settings.gateway.services, insights=insights)
    media = settings.media
    with MediaStore(media.directory, media.budget_bytes, settings.gateway.media_service_address) as store:
        budget = MediaBudget(
            media.budget_bytes,
            analyses_in_flight=settings.gateway.analyses_in_flight,
            parts_in_flight=settings.gateway.parts_in_flight,
        )
        workshop = Workshop(
            bus=bus,
            store=store,
            budget=budget,
            registry=registry,
            settings=settings.gateway,
            insights={insight.name: insight() for insight in insights},
            part_bytes={
                StreamKind.STREAM_KIND_FRAMES: min(media.part_bytes, budget.frame_part_bytes),
                StreamKind.STREAM_KIND_SAMPLES: min(media.part_bytes, budget.sample_part_bytes),
            },
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


def report_events(report: Report) -> Iterator[AnalyzeVideoResponse]:
    """A report as the events that end a stream: each result in pieces that fit a message, then the rest.

    Each is made when it is asked for: all of a large report at once would hold up the event loop.
    """
    for result in report.results:
        for piece in result_pieces(result):
            yield AnalyzeVideoResponse(result=piece)
    yield AnalyzeVideoResponse(report=Report(**_fields_but(report, "results")))


def result_pieces(result: AnalyzerResult, limit_bytes: int = RESULT_LIMIT_BYTES) -> Iterator[AnalyzerResult]:
    """The result itself, or several whose findings follow one another; only the first carries the rest."""
    if result.ByteSize() <= limit_bytes:
        yield result
        return
    piece = AnalyzerResult(**_fields_but(result, "findings"))
    size_bytes = piece.ByteSize()
    for finding in result.findings:
        if size_bytes + finding.ByteSize() > limit_bytes and piece.findings:
            yield piece
            piece, size_bytes = AnalyzerResult(analyzer=result.analyzer, service=result.service), 0
        piece.findings.append(finding)
        size_bytes += finding.ByteSize() + FINDING_FRAME_BYTES
    yield piece


def _fields_but(message: Message, left_out: str) -> dict[str, Any]:
    """What is set, but for one field: copying a message to clear its largest field takes long."""
    return {field.name: value for field, value in message.ListFields() if field.name != left_out}
