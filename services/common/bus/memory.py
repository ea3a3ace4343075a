"""The bus within one process: the same promises as over NATS, kept by queues of one event loop."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from types import TracebackType

from reelscribe.v1.analyzer_pb2 import Task
from reelscribe.v1.bus_pb2 import MediaMessage, Presence, ResultConfirmation, ResultDelivery, TaskUpdate
from services.common.bus.announcing import announced, copied
from services.common.bus.contract import (
    BusSettings,
    GatewayGone,
    GatherEvent,
    ResultRequest,
    Semaphore,
    packed,
    token,
)
from services.common.bus.inbox import Inbox
from services.common.bus.lease import TaskLease
from services.common.bus.memory_media import LogReader, MediaLog
from services.common.bus.memory_tasks import Entry, Leases, TaskQueue
from services.common.bus.updates import split_update

PartKey = tuple[str, str]
"""(analysis_id, part_id)."""
YIELD_S = 0
"""Publishing lets the others run, as it does over a network: a busy publisher must not hold up the event loop."""


class MemoryBus:
    """One object for the gateway and all services of the process: `async with MemoryBus() as bus`."""

    def __init__(self, settings: BusSettings | None = None) -> None:
        self._settings = settings or BusSettings()
        self._queues: defaultdict[str, TaskQueue] = defaultdict(TaskQueue)
        self._media: dict[PartKey, MediaLog] = {}
        self._gatherings: dict[str, _Gathering] = {}
        self._cancellations: set[Inbox[str]] = set()
        self._presences: set[Inbox[Presence]] = set()
        self._announcers: set[Callable[[], Presence]] = set()

    def __repr__(self) -> str:
        waiting = sum(len(queue) for queue in self._queues.values())
        return f"MemoryBus({waiting} tasks waiting, {len(self._media)} parts, {len(self._gatherings)} analyses)"

    async def __aenter__(self) -> MemoryBus:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for cancelled in self._cancellations:
            cancelled.close()
        for present in self._presences:
            present.close()
        for gathering in self._gatherings.values():
            gathering.close()

    # -- the gateway's side ------------------------------------------------------------------------------------

    @asynccontextmanager
    async def gather(self, analysis_id: str) -> AsyncIterator[AsyncIterator[GatherEvent]]:
        gathering = self._gatherings[token(analysis_id)] = _Gathering(analysis_id)
        try:
            yield gathering.inbox
        finally:
            del self._gatherings[analysis_id]
            gathering.close()

    async def publish_task(self, task: Task) -> None:
        token(task.part.part_id)
        entry = Entry(analysis_id=token(task.analysis_id), data=packed(task))
        self._queues[token(task.service)].append(entry)
        await asyncio.sleep(YIELD_S)

    async def publish_media(self, analysis_id: str, part_id: str, message: MediaMessage) -> None:
        self._log(analysis_id, part_id).append(packed(message))
        await asyncio.sleep(YIELD_S)

    async def cancel(self, analysis_id: str) -> None:
        self._purge_tasks(analysis_id)
        for inbox in self._cancellations:
            inbox.put(analysis_id)

    async def forget(self, analysis_id: str) -> None:
        self._purge_tasks(analysis_id)
        for key in [key for key in self._media if key[0] == analysis_id]:
            self._media.pop(key).drop()

    @asynccontextmanager
    async def presences(self) -> AsyncIterator[AsyncIterator[Presence]]:
        inbox: Inbox[Presence] = Inbox()
        self._presences.add(inbox)
        for presence in self._announcers:
            inbox.put(copied(presence()))
        try:
            yield inbox
        finally:
            self._presences.discard(inbox)
            inbox.close()

    # -- a service's side --------------------------------------------------------------------------------------

    @asynccontextmanager
    async def announcing(self, presence: Callable[[], Presence]) -> AsyncIterator[None]:
        self._announcers.add(presence)
        try:
            async with announced(self._announce, presence, self._settings.announce_s):
                yield
        finally:
            self._announcers.discard(presence)

    @asynccontextmanager
    async def tasks(self, service: str, room: Semaphore) -> AsyncIterator[AsyncIterator[TaskLease]]:
        leases = Leases(self._queues[token(service)], room, self._settings.max_attempts)
        try:
            yield leases
        finally:
            leases.close()

    @asynccontextmanager
    async def media(
        self, analysis_id: str, part_id: str, *, silence_s: float = 10.0
    ) -> AsyncIterator[AsyncIterator[MediaMessage]]:
        log = self._log(analysis_id, part_id)
        log.reader_count += 1
        try:
            yield LogReader(log, analysis_id, part_id, silence_s)
        finally:
            log.reader_count -= 1
            if log.reader_count == 0 and not log.messages:
                self._media.pop((analysis_id, part_id), None)

    async def publish_update(self, update: TaskUpdate) -> None:
        gathering = self._gatherings.get(token(update.analysis_id))
        for piece in split_update(update):
            if gathering is not None:
                gathering.inbox.put(TaskUpdate.FromString(packed(piece)))
            await asyncio.sleep(YIELD_S)

    async def deliver_result(self, delivery: ResultDelivery) -> ResultConfirmation:
        gathering = self._gatherings.get(token(delivery.analysis_id))
        if gathering is None:
            raise GatewayGone(delivery.analysis_id)
        return ResultConfirmation(verdict=await gathering.ask(ResultDelivery.FromString(packed(delivery))))

    async def lease_held(self, analysis_id: str) -> bool:
        return analysis_id in self._gatherings

    @asynccontextmanager
    async def cancellations(self) -> AsyncIterator[AsyncIterator[str]]:
        inbox: Inbox[str] = Inbox()
        self._cancellations.add(inbox)
        try:
            yield inbox
        finally:
            self._cancellations.discard(inbox)
            inbox.close()

    # -- inside ------------------------------------------------------------------------------------------------

    async def _announce(self, presence: Presence) -> None:
        for inbox in self._presences:
            inbox.put(copied(presence))

    def _log(self, analysis_id: str, part_id: str) -> MediaLog:
        key = (token(analysis_id), token(part_id))
        return self._media.setdefault(key, MediaLog())

    def _purge_tasks(self, analysis_id: str) -> None:
        for queue in self._queues.values():
            queue.purge(analysis_id)


class _Gathering:
    """One analysis being gathered, and who waits for its verdicts."""

    def __init__(self, analysis_id: str) -> None:
        self.inbox: Inbox[GatherEvent] = Inbox()
        self._analysis_id = analysis_id
        self._asking: set[asyncio.Future[ResultConfirmation.Verdict]] = set()

    async def ask(self, delivery: ResultDelivery) -> ResultConfirmation.Verdict:
        answer: asyncio.Future[ResultConfirmation.Verdict] = asyncio.get_running_loop().create_future()

        async def confirm(verdict: ResultConfirmation.Verdict) -> None:
            if not answer.done():
                answer.set_result(verdict)

        self._asking.add(answer)
        self.inbox.put(ResultRequest(delivery=delivery, confirm=confirm))
        try:
            return await answer
        finally:
            self._asking.discard(answer)

    def close(self) -> None:
        self.inbox.close()
        for answer in self._asking:
            if not answer.done():
                answer.set_exception(GatewayGone(self._analysis_id))
