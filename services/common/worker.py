"""A service replica at work: pulls tasks from the bus, replays their media, and delivers what is found."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import structlog

from reelscribe.v1.analyzer_pb2 import AnalyzerResult, Failure, PerceptCost, Reason, Status, Task
from reelscribe.v1.bus_pb2 import MediaMessage, Presence, ResultConfirmation, ResultDelivery, TaskUpdate
from reelscribe.v1.finding_pb2 import Finding
from reelscribe.v1.media_pb2 import EndOfPart
from services.common.background import background
from services.common.bus import Bus, GatewayGone, MediaSilent, TaskLease
from services.common.errors import InvalidInput, MediaLost, ReelscribeError
from services.common.laid_down import AnnouncedWindow
from services.common.media import MediaReader
from services.common.part_run import Ended, Event, Found, PartRun, Reached
from services.common.service import Service
from services.common.time import duration

log = structlog.get_logger()

Verdict = ResultConfirmation.Verdict

TOO_MANY_ATTEMPTS = Reason(code="too_many_attempts", message="every replica that tried this part was lost")


class TaskDropped(Exception):
    """The gateway no longer wants this task's answers."""


@dataclass(slots=True)
class _Outbox:
    """What one analyzer has found on this task so far; kept in case it must be sent again."""

    findings: list[Finding] = field(default_factory=list)
    sent_count: int = 0
    reached_s: float = 0.0
    sent_reached_s: float = 0.0


class TaskWork:
    """One task, from its first window to the confirmation of its last result."""

    def __init__(self, service: Service, bus: Bus, reader: MediaReader, task: Task, attempt: int) -> None:
        self._service = service
        self._bus = bus
        self._reader = reader
        self._task = task
        self._attempt = attempt
        if not task.analyzers:
            task.analyzers.extend(service.names_for(task.part.stream))
        self._events: asyncio.Queue[Event | None] = asyncio.Queue()
        self._outboxes: dict[str, _Outbox] = {}
        self._loop = asyncio.get_running_loop()

    async def run(self) -> None:
        """Analyze the part. Raises TaskDropped or GatewayGone if nobody waits for it any more."""
        try:
            run = await asyncio.to_thread(self._service.start, self._task, self._sink)
        except InvalidInput as error:
            await self._refuse(Reason(code=error.reason, message=str(error)))
            return
        finished = asyncio.create_task(self._finish(run))
        try:
            async with background(self._feed(run)):
                await self._report(finished)
        finally:
            run.cancel()
            finished.cancel()
            await asyncio.shield(asyncio.to_thread(run.join))

    async def fail_all(self, reason: Reason) -> None:
        """Report every analyzer of the task as FAILED: it was tried too often."""
        await self._refuse(reason)

    # Windows in

    async def _feed(self, run: PartRun) -> None:
        count = 0
        try:
            async with self._bus.media(self._task.analysis_id, self._task.part.part_id) as messages:
                while (message := await self._next_message(messages)) is not None:
                    if message.WhichOneof("step") == "window":
                        run.feed(await asyncio.to_thread(self._announced, message))
                        count += 1
                    else:
                        self._end(run, message.end, count)
        except (MediaLost, InvalidInput) as error:
            run.fail(error)

    async def _next_message(self, messages: AsyncIterator[MediaMessage]) -> MediaMessage | None:
        """The next step, None after the end. On silence the gateway is asked whether it still holds its lease."""
        while True:
            try:
                return await anext(messages, None)
            except MediaSilent:
                if not await self._bus.lease_held(self._task.analysis_id):
                    raise GatewayGone(self._task.analysis_id) from None

    def _announced(self, message: MediaMessage) -> AnnouncedWindow:
        return AnnouncedWindow(message.window, self._task.part.renditions, self._reader.open)

    def _end(self, run: PartRun, end: EndOfPart, count: int) -> None:
        if count != end.window_count:
            run.fail(MediaLost(f"{end.window_count - count} of {end.window_count} windows of the part were lost"))
        else:
            run.end(end.damage if end.HasField("damage") else None)

    # Findings out

    def _sink(self, event: Event) -> None:
        self._loop.call_soon_threadsafe(self._events.put_nowait, event)

    async def _finish(self, run: PartRun) -> list[PerceptCost]:
        """Wait for the analyzers; then nothing more comes."""
        costs = await asyncio.to_thread(run.join)
        for cost in costs:
            cost.service = self._service.name
        self._events.put_nowait(None)
        return costs

    async def _report(self, finished: asyncio.Task[list[PerceptCost]]) -> None:
        """Send findings as they come and each result at its end; the last one waits for the percepts' costs."""
        ended_count = 0
        while (event := await self._events.get()) is not None:
            if isinstance(event, Ended):
                ended_count += 1
                last = ended_count == len(self._task.analyzers)
                await self._deliver(event, await finished if last else [])
            else:
                self._note(event)
                if self._events.empty():
                    await self._flush()

    def _note(self, event: Event) -> None:
        outbox = self._outboxes.setdefault(event.analyzer, _Outbox())
        if isinstance(event, Found):
            outbox.findings.append(event.finding)
        elif isinstance(event, Reached):
            outbox.reached_s = event.offset_s

    async def _flush(self) -> None:
        for analyzer, outbox in self._outboxes.items():
            new = outbox.findings[outbox.sent_count :]
            if new or outbox.reached_s - outbox.sent_reached_s >= 1.0:
                await self._send(analyzer, outbox, outbox.sent_count, new)
                outbox.sent_count += len(new)
                outbox.sent_reached_s = outbox.reached_s

    async def _send(self, analyzer: str, outbox: _Outbox, first_position: int, findings: list[Finding]) -> None:
        update = TaskUpdate(
            analysis_id=self._task.analysis_id,
            part_id=self._task.part.part_id,
            service=self._service.name,
            attempt=self._attempt,
            analyzer=analyzer,
            first_position=first_position,
            findings=findings,
            reached_offset=duration(outbox.reached_s),
        )
        await self._bus.publish_update(update)

    async def _deliver(self, ended: Ended, percept_costs: list[PerceptCost]) -> None:
        """Hand over a result until the gateway has confirmed it with all its findings."""
        outbox = self._outboxes.setdefault(ended.analyzer, _Outbox())
        await self._flush()
        delivery = ResultDelivery(
            analysis_id=self._task.analysis_id,
            part_id=self._task.part.part_id,
            attempt=self._attempt,
            result=ended.result,
            finding_count=len(outbox.findings),
            percept_costs=percept_costs,
        )
        while True:
            confirmation = await self._bus.deliver_result(delivery)
            if confirmation.verdict == Verdict.VERDICT_RESEND:
                await self._send(ended.analyzer, outbox, 0, outbox.findings)
            elif confirmation.verdict == Verdict.VERDICT_DROP:
                raise TaskDropped(self._task.analysis_id)
            else:
                return

    async def _refuse(self, reason: Reason) -> None:
        for name in self._task.analyzers:
            result = AnalyzerResult(
                analyzer=name,
                service=self._service.name,
                status=Status.STATUS_FAILED,
                reason=reason,
                error=Failure(type=reason.code, message=reason.message),
            )
            await self._deliver(Ended(analyzer=name, result=result), [])


class Worker:
    """Pulls tasks while it runs. `stop` finishes what is in flight, then `run` returns."""

    def __init__(
        self, service: Service, bus: Bus, reader: MediaReader, *, replica_id: str, parts_in_flight: int
    ) -> None:
        self._service = service
        self._bus = bus
        self._reader = reader
        self._replica_id = replica_id
        self._room = asyncio.Semaphore(parts_in_flight)
        self._stopping = asyncio.Event()
        self._works: set[asyncio.Task[None]] = set()
        self._started: dict[asyncio.Task[None], str] = {}
        """Works that have entered their lease, and the analysis each is for. Only these may be cancelled singly."""
        self._cancelled: set[str] = set()

    def __repr__(self) -> str:
        return f"Worker({self._service.name} {self._replica_id}, {len(self._works)} parts in hand)"

    def stop(self) -> None:
        """Take no further task."""
        self._stopping.set()

    async def run(self) -> None:
        """Work until stopped, then finish what is in hand."""
        async with self._bus.cancellations() as cancellations, self._bus.announcing(self._presence):
            obeying = asyncio.create_task(self._obey(cancellations))
            try:
                async with self._bus.tasks(self._service.name, self._room) as leases:
                    pulling = asyncio.create_task(self._pull(leases))
                    await _first_of(pulling, asyncio.create_task(self._stopping.wait()))
                await self._drain()
            finally:
                await self._abandon(obeying)

    def _presence(self) -> Presence:
        return Presence(
            service=self._service.name,
            replica_id=self._replica_id,
            analyzers=self._service.describe(),
            ready=not self._stopping.is_set(),
        )

    async def _pull(self, leases: AsyncIterator[TaskLease]) -> None:
        async for lease in leases:
            work = asyncio.create_task(self._work(lease), name=repr(lease))
            self._works.add(work)
            work.add_done_callback(self._works.discard)

    async def _work(self, lease: TaskLease) -> None:
        """One task. Whatever keeps it from its end gives it back to the queue."""
        this = asyncio.current_task()
        assert this is not None
        async with lease:
            self._started[this] = lease.task.analysis_id
            try:
                await self._work_on(lease)
            except (TaskDropped, GatewayGone) as gone:
                log.info("task dropped", service=self._service.name, why=str(gone))
                await lease.done()
            except ReelscribeError as error:
                log.warning("task given back", service=self._service.name, why=str(error))
            except asyncio.CancelledError:
                if lease.task.analysis_id in self._cancelled:
                    await lease.terminate()
                raise
            finally:
                del self._started[this]

    async def _work_on(self, lease: TaskLease) -> None:
        work = TaskWork(self._service, self._bus, self._reader, lease.task, lease.attempt)
        if lease.task.analysis_id in self._cancelled:
            await lease.terminate()
        elif lease.exhausted:
            await work.fail_all(TOO_MANY_ATTEMPTS)
            await lease.terminate()
        else:
            await work.run()
            await lease.done()

    async def _obey(self, cancellations: AsyncIterator[str]) -> None:
        async for analysis_id in cancellations:
            self._cancelled.add(analysis_id)
            for work in [work for work, analysis in self._started.items() if analysis == analysis_id]:
                log.info("task cancelled", service=self._service.name, analysis=analysis_id)
                work.cancel()

    async def _drain(self) -> None:
        await asyncio.gather(*self._works, return_exceptions=True)

    async def _abandon(self, obeying: asyncio.Task[None]) -> None:
        """Cancelled from outside: what is in hand goes back to the queue."""
        for work in (obeying, *self._works):
            work.cancel()
        await asyncio.gather(obeying, *self._works, return_exceptions=True)


async def _first_of(*tasks: asyncio.Task[Any]) -> None:
    """Wait until one ends, end the others, and raise what it raised."""
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    for task in done:
        task.result()
