"""One analysis, from the file to the report: decode, publish, gather, merge."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import structlog
from google.protobuf.timestamp_pb2 import Timestamp

from gateway import merge
from gateway.budget import MediaBudget
from gateway.conclude import concluded
from gateway.critical_path import critical_path
from gateway.gather import Gather
from gateway.identity import Identities
from gateway.insight import GATEWAY, Insight
from gateway.plan import plan
from gateway.publish import PartPublisher
from gateway.reading import Reading
from gateway.registry import Registry, absence
from gateway.streams import (
    answered_without_looking,
    described,
    needs_of,
    plan_streams,
    stream_missing_result,
)
from reelscribe.v1.analysis_pb2 import (
    Accepted,
    AnalyzerProgress,
    AnalyzeVideoResponse,
    Progress,
    Report,
    Retracted,
)
from reelscribe.v1.analyzer_pb2 import Analyzer, AnalyzerFinding, AnalyzerResult, Failure, Reason, Setting, Status
from reelscribe.v1.bus_pb2 import TaskUpdate
from reelscribe.v1.finding_pb2 import Finding
from reelscribe.v1.media_pb2 import StreamKind, Video
from services.common.background import background, to_the_end
from services.common.bus import Bus, BusLost, BusUnavailable, GatherEvent
from services.common.errors import ReelscribeError
from services.common.media import MediaStore
from services.common.part_run import reason_of
from services.common.settings import GatewaySettings
from services.common.time import duration

log = structlog.get_logger()

PROGRESS_S = 0.25
"""Progress is told this often at most."""

DEADLINE = Reason(code="deadline", message="the deadline came first")


@dataclass(frozen=True, slots=True, kw_only=True)
class Workshop:
    """What all analyses of a gateway share."""

    bus: Bus
    store: MediaStore
    budget: MediaBudget
    registry: Registry
    settings: GatewaySettings
    part_bytes: Mapping[StreamKind, int]
    """Largest part of each stream."""
    insights: Mapping[str, Insight]
    """By name, in order; each may read those before it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """One video and what is wanted of it."""

    analysis_id: str
    path: Path
    video: Video
    """As probed."""
    analyzers: Sequence[Analyzer]
    settings: Sequence[Setting] = ()
    audio_stream: int | None = None
    """Index of the sound to be heard; None: the file's default."""
    deadline_s: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _GivenUp:
    """Why nothing more is waited for."""

    status: Status
    reason: Reason


class Analysis:
    """One run over one video. `run` gives the report; events go to `emit` on the way, in order."""

    def __init__(self, order: Order, workshop: Workshop, emit: Callable[[AnalyzeVideoResponse], None]) -> None:
        self._order = order
        self._shop = workshop
        self._emit = emit
        self._gather = Gather()
        self._complete = asyncio.Event()
        self._ended: set[str] = set()
        self._settling = asyncio.Lock()
        self._given_up: _GivenUp | None = None
        self._publishing: asyncio.Task[None] | None = None
        self._started_s = time.monotonic()
        self._looking = [item for item in order.analyzers if item.service != GATEWAY]
        chosen = {item.name for item in order.analyzers if item.service == GATEWAY}
        self._insights = [insight for name, insight in workshop.insights.items() if name in chosen]
        self._silent = answered_without_looking(self._looking, order.video, order.settings)
        """Results of analyzers that no service is asked about."""
        self._renditions = plan(needs_of(self._looking), order.video)
        self._reading = Reading(
            order.path, order.video, self._renditions, workshop.settings, audio_stream=order.audio_stream
        )
        self._publisher = PartPublisher(
            analysis_id=order.analysis_id,
            video=order.video,
            settings=order.settings,
            streams=plan_streams(
                [item for item in self._looking if item.name not in self._silent],
                self._renditions,
                order.video,
                workshop.settings,
                workshop.part_bytes,
            ),
            lead_in_s=workshop.settings.lead_in_s,
            parts_in_flight=workshop.settings.parts_in_flight,
            bus=workshop.bus,
            store=workshop.store,
            budget=workshop.budget,
            expect=self._gather.expect,
        )

    def __repr__(self) -> str:
        return f"Analysis({self._order.analysis_id}, {self._gather!r})"

    async def run(self) -> Report:
        """Analyze. Raises ReelscribeError if not even one window could be decoded."""
        analysis_id = self._order.analysis_id
        names = [item.name for item in self._order.analyzers]
        self._tell(accepted=Accepted(analysis_id=analysis_id, video=self._order.video, analyzers=names))
        for result in self._silent.values():
            self._tell(analyzer_ended=result)
        try:
            async with self._shop.bus.gather(analysis_id) as events, background(self._take(events), self._watch()):
                try:
                    async with asyncio.timeout(self._order.deadline_s or self._shop.settings.deadline_s):
                        await self._published()
                        await self._complete.wait()
                except TimeoutError:
                    await self._give_up_all(Status.STATUS_TIMED_OUT, DEADLINE)
                if self._reading.error is not None and not self._publisher.window_count:
                    raise self._reading.error
                # Large reports take a while to put together, and to think about.
                results = await asyncio.to_thread(self._results)
                conclusions = await asyncio.to_thread(concluded, self._insights, results, self._reading.length_s())
                self._tell_conclusions(conclusions)
                return await asyncio.to_thread(self._report, [*results, *conclusions])
        finally:
            self._reading.stopped = True
            await to_the_end(self._clean_up())

    # Decode and publish

    async def _published(self) -> None:
        """Publish all of it, or until everything was given up: then nobody waits for more."""
        publishing = self._publishing = asyncio.create_task(self._publish(), name="publishing")
        try:
            await asyncio.wait({publishing})
        finally:
            # First, or the decoder would be waited for until its next window.
            self._reading.stopped = True
            publishing.cancel()
            await to_the_end(_over(publishing))
        if not publishing.cancelled():
            publishing.result()

    async def _publish(self) -> None:
        async with aclosing(self._reading.windows()) as windows:
            async for window in windows:
                try:
                    await self._publisher.publish(window)
                except ReelscribeError as error:
                    log.warning("decoding stopped", analysis=self._order.analysis_id, why=str(error))
                    self._reading.error = error
                    break
        await self._publisher.close(self._reading.damages())
        for lost in self._publisher.lost:
            log.warning("part lost", analysis=self._order.analysis_id, part=lost.part_id, why=str(lost.error))
            self._gather.give_up_part(lost.part_id, lost.analyzers, Status.STATUS_FAILED, reason_of(lost.error))
        self._gather.all_expected()
        await self._settle()

    # Gather

    async def _take(self, events: AsyncIterator[GatherEvent]) -> None:
        try:
            async for event in events:
                if isinstance(event, TaskUpdate):
                    self._take_update(event)
                    continue
                verdict = self._gather.take_result(event.delivery)
                await event.confirm(verdict)
                await self._part_answered(event.delivery.part_id)
                await self._settle()
        except BusLost as error:
            await self._give_up_all(Status.STATUS_FAILED, reason_of(error))

    def _take_update(self, update: TaskUpdate) -> None:
        new, replaced = self._gather.take_update(update)
        if replaced:
            self._tell(retracted=Retracted(analyzer=update.analyzer, part_id=update.part_id))
        for finding in new:
            self._tell(finding=AnalyzerFinding(analyzer=update.analyzer, finding=finding))

    async def _part_answered(self, part_id: str) -> None:
        if not self._gather.pending(part_id):
            await self._publisher.release(part_id)

    async def _watch(self) -> None:
        """Tell progress, and fail by name who belongs to a service that is no longer there."""
        told: Progress | None = None
        while True:
            progress = self._progress()
            if progress != told:
                self._tell(progress=progress)
                told = progress
            await self._fail_absent()
            await asyncio.sleep(PROGRESS_S)

    async def _fail_absent(self) -> None:
        limit_s = self._shop.settings.service_absent_s
        for owed in self._gather.pending():
            service = self._gather.service_of(owed)
            if self._shop.registry.absent_s(service) > limit_s:
                self._gather.give_up(owed, Status.STATUS_FAILED, absence(service))
                await self._part_answered(owed.part_id)
                await self._settle()

    async def _give_up_all(self, status: Status, reason: Reason) -> None:
        self._given_up = _GivenUp(status=status, reason=reason)
        self._reading.stopped = True
        if self._publishing is not None:
            self._publishing.cancel()
        self._gather.all_expected()
        for owed in self._gather.pending():
            self._gather.give_up(owed, status, reason)
        await self._settle()

    async def _settle(self) -> None:
        """Tell of every analyzer that has ended since; called after the last answer was confirmed, too."""
        async with self._settling:
            for analyzer in self._looking:
                name = analyzer.name
                if name not in self._ended and name not in self._silent and self._gather.analyzer_done(name):
                    self._ended.add(name)
                    result = await asyncio.to_thread(self._result, analyzer)
                    result.ClearField("findings")
                    self._tell(analyzer_ended=result)
            if self._gather.complete:
                self._complete.set()

    # Merge

    def _parts(self, name: str) -> list[merge.PartResult]:
        return [
            merge.PartResult(own_start_s=self._publisher.own_start_s[answer.part_id], result=answer.result)
            for answer in self._gather.answers(name)
        ]

    def _result(self, analyzer: Analyzer, numbers: Identities | None = None) -> AnalyzerResult:
        asked = self._order.settings
        if analyzer.name in self._silent:
            return self._silent[analyzer.name]
        parts = self._parts(analyzer.name)
        if parts:
            return described(merge.merge_parts(parts, numbers), analyzer, asked)
        if self._given_up is not None:
            reason = self._given_up.reason
            result = AnalyzerResult(
                analyzer=analyzer.name,
                status=self._given_up.status,
                reason=reason,
                error=Failure(type=reason.code, message=reason.message),
            )
            return described(result, analyzer, asked)
        return stream_missing_result(analyzer, self._reading.damages(), asked)

    def _results(self) -> list[AnalyzerResult]:
        """Of all that looked for themselves."""
        numbers = merge.number_things(part for analyzer in self._looking for part in self._parts(analyzer.name))
        return [self._result(analyzer, numbers) for analyzer in self._looking]

    def _tell_conclusions(self, results: Sequence[AnalyzerResult]) -> None:
        """As of any analyzer: findings without ids, then the end."""
        for result in results:
            for finding in result.findings:
                provisional = Finding()
                provisional.CopyFrom(finding)
                provisional.ClearField("id")
                self._tell(finding=AnalyzerFinding(analyzer=result.analyzer, finding=provisional))
            self._tell(analyzer_ended=merge.without_findings(result))

    def _report(self, results: list[AnalyzerResult]) -> Report:
        report = merge.build_report(
            analysis_id=self._order.analysis_id,
            version=version("reelscribe"),
            video=self._reading.video(),
            results=results,
            decoding=self._reading.decoding(self._publisher.peak_bytes),
            percept_costs=self._gather.percept_costs(),
            wall_s=time.monotonic() - self._started_s,
            gateway_cpu_s=self._reading.cpu_s,
            length_s=self._reading.length_s(),
        )
        path = critical_path(self._gather.last_answered(), {item.name: item.uses for item in self._looking})
        if path is not None:
            report.critical_path.CopyFrom(path)
        now = Timestamp()
        now.GetCurrentTime()
        report.create_time.CopyFrom(now)
        return report

    # The rest

    def _progress(self) -> Progress:
        reached = self._gather.reached_s()
        progress = Progress(
            decoded_offset=duration(self._reading.decoded_s),
            analyzers=[
                AnalyzerProgress(analyzer=item.name, reached_offset=duration(reached.get(item.name, 0.0)))
                for item in self._looking
                if item.name not in self._silent
            ],
        )
        if self._order.video.HasField("duration_from_header"):
            progress.expected_duration.CopyFrom(self._order.video.duration_from_header)
        return progress

    def _tell(self, **event: object) -> None:
        self._emit(AnalyzeVideoResponse(**event))  # type: ignore[arg-type]  # one field of the oneof

    async def _clean_up(self) -> None:
        """Media first: it costs memory. What the bus still holds of a lost analysis ages out by itself."""
        await self._publisher.release_all()
        try:
            if self._given_up is not None or self._publisher.lost or not self._gather.complete:
                await self._shop.bus.cancel(self._order.analysis_id)
            await self._shop.bus.forget(self._order.analysis_id)
        except BusUnavailable as error:
            log.warning("bus not cleaned", analysis=self._order.analysis_id, why=str(error))
        except Exception:
            # What was found must not be lost over what is left behind.
            log.exception("bus not cleaned", analysis=self._order.analysis_id)


async def _over(task: asyncio.Task[None]) -> None:
    """Wait for it, whatever it raises."""
    await asyncio.gather(task, return_exceptions=True)
