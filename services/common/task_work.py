"""One task in a replica's hands: its media replayed, its part analyzed, what is found delivered and confirmed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass, field

from reelscribe.v1.analyzer_pb2 import AnalyzerResult, Failure, PerceptCost, Reason, Status, Task
from reelscribe.v1.bus_pb2 import MediaMessage, ResultConfirmation, ResultDelivery, TaskUpdate
from reelscribe.v1.finding_pb2 import Finding
from reelscribe.v1.media_pb2 import EndOfPart
from services.common.background import background, in_thread, to_the_end
from services.common.bus import MESSAGE_LIMIT_BYTES, Bus, GatewayGone, MediaSilent
from services.common.errors import InvalidInput, MediaLost
from services.common.laid_down import AnnouncedWindow
from services.common.media import MediaReader
from services.common.part_run import Ended, Event, Found, PartRun, Reached
from services.common.service import Service
from services.common.time import duration

Verdict = ResultConfirmation.Verdict

FINDING_LIMIT_BYTES = MESSAGE_LIMIT_BYTES - 4096
"""A larger one fits no message of the bus beside what names its part."""

TOLD_EVERY_S = 1.0
"""How far an analyzer must have come, in seconds of video, for that alone to be worth a message."""

NO_RESULT = Reason(code="no_result", message="the analyzer ended without a result")


class TaskDropped(Exception):
    """The gateway no longer wants this task's answers."""


@dataclass(slots=True)
class _Outbox:
    """What one analyzer has found on this task so far; kept in case it must be sent again."""

    findings: list[Finding] = field(default_factory=list)
    too_large_count: int = 0
    """Findings that fit no message: left out, and said so."""
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
            run = await in_thread(lambda: self._service.start(self._task, self._sink), _stop)
        except InvalidInput as error:
            await self._refuse(Reason(code=error.reason, message=str(error)))
            return
        try:
            async with background(self._feed(run)):
                await self._report(run)
        finally:
            run.cancel()
            await to_the_end(run.over())

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

    async def _report(self, run: PartRun) -> None:
        """Send findings as they come and each result at its end; the last one waits for the percepts' costs."""
        run.ended.add_done_callback(lambda _: self._loop.call_soon_threadsafe(self._events.put_nowait, None))
        owed = set(self._task.analyzers)
        while (event := await self._events.get()) is not None:
            if isinstance(event, Ended):
                owed.discard(event.analyzer)
                await self._deliver(event, [] if owed else await self._costs(run))
            else:
                self._note(event)
                if self._events.empty():
                    await self._flush()
        await self._refuse(NO_RESULT, owed)

    async def _costs(self, run: PartRun) -> list[PerceptCost]:
        costs = await asyncio.wrap_future(run.ended)
        for cost in costs:
            cost.service = self._service.name
        return costs

    def _note(self, event: Event) -> None:
        outbox = self._outboxes.setdefault(event.analyzer, _Outbox())
        if isinstance(event, Found):
            if event.finding.ByteSize() > FINDING_LIMIT_BYTES:
                outbox.too_large_count += 1
            else:
                outbox.findings.append(event.finding)
        elif isinstance(event, Reached):
            outbox.reached_s = event.offset_s

    async def _flush(self) -> None:
        for analyzer, outbox in self._outboxes.items():
            new = outbox.findings[outbox.sent_count :]
            if new or outbox.reached_s - outbox.sent_reached_s >= TOLD_EVERY_S:
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
        if outbox.too_large_count:
            _mark_lacking(ended.result, outbox)
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

    async def _refuse(self, reason: Reason, names: Iterable[str] | None = None) -> None:
        """Answer FAILED for the named analyzers, or for all of the task."""
        for name in self._task.analyzers if names is None else names:
            result = AnalyzerResult(
                analyzer=name,
                service=self._service.name,
                status=Status.STATUS_FAILED,
                reason=reason,
                error=Failure(type=reason.code, message=reason.message),
            )
            await self._deliver(Ended(analyzer=name, result=result), [])


def _mark_lacking(result: AnalyzerResult, outbox: _Outbox) -> None:
    if result.status in (Status.STATUS_OK, Status.STATUS_EMPTY):
        message = f"findings over the limit of {FINDING_LIMIT_BYTES} bytes, left out: {outbox.too_large_count}"
        result.status = Status.STATUS_PARTIAL if outbox.findings else Status.STATUS_FAILED
        result.reason.CopyFrom(Reason(code="finding_too_large", message=message))


def _stop(run: PartRun) -> None:
    """Undo a start that nobody wants any more."""
    run.cancel()
    run.join()
