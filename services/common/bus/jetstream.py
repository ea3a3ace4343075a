"""The bus over NATS: tasks and media in two JetStream streams, the rest as plain messages."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from types import TracebackType
from typing import Any, TypeVar
from uuid import uuid4

import structlog

from reelscribe.v1.analyzer_pb2 import Task
from reelscribe.v1.bus_pb2 import (
    LeaseRequest,
    LeaseResponse,
    MediaMessage,
    Presence,
    ResultConfirmation,
    ResultDelivery,
    TaskUpdate,
)
from services.common.bus.announcing import announced
from services.common.bus.contract import (
    BusLost,
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
from services.common.bus.media_reader import MediaReader
from services.common.bus.nats import NatsConnection, NobodyThere
from services.common.bus.streams import Streams
from services.common.bus.task_pull import TaskPull
from services.common.bus.updates import split_update
from services.common.errors import BusUnavailable

log = structlog.get_logger(__name__)

RETRY_S = 0.1
"""Pause before trying again: what fails at once must not spin."""
WATCH_S = 10.0
"""How often the gateway looks whether the server still has what it was given; at once after a reconnection."""

T = TypeVar("T")


class JetStreamBus:
    """One connection: `async with JetStreamBus("nats://host:4222") as bus`. Raises BusUnavailable without a server."""

    def __init__(self, url: str, settings: BusSettings | None = None) -> None:
        self._settings = settings or BusSettings()
        self._prefix = token(self._settings.prefix)
        self._connection = NatsConnection(url, self._settings)
        self._streams = Streams(self._connection, self._settings)
        self._opened = AsyncExitStack()
        self._gatherings: dict[Inbox[GatherEvent], str] = {}
        """Each with the epoch it began in."""
        self._last_sequences: dict[str, int] = {}
        """Of each media subject this bus publishes: the next message must follow on it."""

    def __repr__(self) -> str:
        return f"JetStreamBus({self._connection!r}, {self._prefix!r}, {len(self._gatherings)} analyses)"

    async def __aenter__(self) -> JetStreamBus:
        async with AsyncExitStack() as opening:
            await opening.enter_async_context(self._connection)
            await self._persist(self._streams.create, self._settings.connect_timeout_s)
            watching = asyncio.create_task(self._watch(), name="bus watch")
            opening.callback(watching.cancel)
            self._opened = opening.pop_all()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for inbox in self._gatherings:
            inbox.close()
        await self._opened.aclose()

    # -- the gateway's side ------------------------------------------------------------------------------------

    @asynccontextmanager
    async def gather(self, analysis_id: str) -> AsyncIterator[AsyncIterator[GatherEvent]]:
        inbox: Inbox[GatherEvent] = Inbox()

        async def take(message: Any) -> None:
            match message.subject.rsplit(".", 1)[1]:
                case "update":
                    inbox.put(TaskUpdate.FromString(message.data))
                case "result":
                    inbox.put(self._result_request(message))
                case "lease":
                    await self._connection.publish(message.reply, LeaseResponse(held=True).SerializeToString())

        epoch = await self._persist(self._streams.create)
        async with self._connection.subscribed(self._subject("gather", analysis_id) + ".*", take):
            self._gatherings[inbox] = epoch
            try:
                yield inbox
            finally:
                del self._gatherings[inbox]
                inbox.close()

    async def publish_task(self, task: Task) -> None:
        subject = self._subject("task", task.service, task.analysis_id, task.part.part_id)
        await self._store(subject, packed(task), {})

    async def publish_media(self, analysis_id: str, part_id: str, message: MediaMessage) -> None:
        subject = self._subject("media", analysis_id, part_id)
        after = {"Nats-Expected-Last-Subject-Sequence": str(self._last_sequences.get(subject, 0))}
        self._last_sequences[subject] = await self._store(subject, packed(message), after)

    async def cancel(self, analysis_id: str) -> None:
        await self._persist(lambda: self._streams.purge_tasks(token(analysis_id)))
        await self._connection.publish(self._subject("cancel"), analysis_id.encode())

    async def forget(self, analysis_id: str) -> None:
        await self._persist(lambda: self._streams.purge_tasks(token(analysis_id)))
        await self._persist(lambda: self._streams.purge_media(analysis_id))
        of_analysis = self._subject("media", analysis_id) + "."
        for subject in [subject for subject in self._last_sequences if subject.startswith(of_analysis)]:
            del self._last_sequences[subject]

    def presences(self) -> AbstractAsyncContextManager[AsyncIterator[Presence]]:
        async def ask() -> None:
            await self._connection.publish(self._subject("presence", "asked"), b"")

        return self._received(self._subject("presence", "here"), Presence.FromString, opened=ask)

    # -- a service's side --------------------------------------------------------------------------------------

    @asynccontextmanager
    async def announcing(self, presence: Callable[[], Presence]) -> AsyncIterator[None]:
        async def announce(current: Presence) -> None:
            try:
                await self._connection.publish(self._subject("presence", "here"), packed(current))
            except BusUnavailable as error:
                log.debug("presence_not_sent", error=str(error))

        async def answer(message: Any) -> None:
            await announce(presence())

        async with (
            self._connection.subscribed(self._subject("presence", "asked"), answer),
            announced(announce, presence, self._settings.announce_s),
        ):
            yield

    @asynccontextmanager
    async def tasks(self, service: str, room: Semaphore) -> AsyncIterator[AsyncIterator[TaskLease]]:
        pull = TaskPull(
            self._connection,
            self._settings,
            stream=self._streams.tasks,
            service=token(service),
            room=room,
            open_consumer=lambda: self._persist(lambda: self._streams.create_task_consumer(service)),
        )
        async with pull:
            yield pull

    @asynccontextmanager
    async def media(
        self, analysis_id: str, part_id: str, *, silence_s: float = 10.0
    ) -> AsyncIterator[AsyncIterator[MediaMessage]]:
        reader = MediaReader(
            self._connection,
            self._settings,
            stream=self._streams.media,
            subject=self._subject("media", analysis_id, part_id),
            part=(analysis_id, part_id),
            silence_s=silence_s,
            created=self._streams.create_media,
        )
        async with reader:
            yield reader

    async def publish_update(self, update: TaskUpdate) -> None:
        subject = self._subject("gather", update.analysis_id, "update")
        for piece in split_update(update):
            await self._connection.publish(subject, packed(piece))

    async def deliver_result(self, delivery: ResultDelivery) -> ResultConfirmation:
        subject = self._subject("gather", delivery.analysis_id, "result")
        data = packed(delivery)
        while True:
            try:
                return ResultConfirmation.FromString(await self._connection.request(subject, data))
            except (NobodyThere, BusUnavailable):
                if not await self.lease_held(delivery.analysis_id):
                    raise GatewayGone(delivery.analysis_id) from None

    async def lease_held(self, analysis_id: str) -> bool:
        subject = self._subject("gather", analysis_id, "lease")
        data = LeaseRequest(analysis_id=analysis_id).SerializeToString()
        gone_s = _now_s() + self._settings.gone_after_s

        async def ask() -> bool:
            while True:
                try:
                    return LeaseResponse.FromString(await self._connection.request(subject, data)).held
                except NobodyThere:
                    # A gateway that reconnects is not there either, for a moment.
                    if _now_s() >= gone_s:
                        return False
                    await asyncio.sleep(RETRY_S)

        return await self._persist(ask)

    def cancellations(self) -> AbstractAsyncContextManager[AsyncIterator[str]]:
        return self._received(self._subject("cancel"), bytes.decode)

    # -- inside ------------------------------------------------------------------------------------------------

    def _subject(self, *names: str) -> str:
        return ".".join((self._prefix, *(token(name) for name in names)))

    @asynccontextmanager
    async def _received(
        self, subject: str, read: Callable[[bytes], T], opened: Callable[[], Awaitable[None]] | None = None
    ) -> AsyncIterator[AsyncIterator[T]]:
        inbox: Inbox[T] = Inbox()

        async def take(message: Any) -> None:
            inbox.put(read(message.data))

        async with self._connection.subscribed(subject, take):
            if opened is not None:
                await opened()
            try:
                yield inbox
            finally:
                inbox.close()

    def _result_request(self, message: Any) -> ResultRequest:
        async def confirm(verdict: ResultConfirmation.Verdict) -> None:
            await self._connection.publish(message.reply, ResultConfirmation(verdict=verdict).SerializeToString())

        return ResultRequest(delivery=ResultDelivery.FromString(message.data), confirm=confirm)

    async def _store(self, subject: str, data: bytes, headers: dict[str, str]) -> int:
        # One identifier for all attempts: an acknowledgement that got lost does not keep the message twice.
        named = headers | {"Nats-Msg-Id": uuid4().hex}
        return await self._persist(lambda: self._streams.store(subject, data, named))

    async def _persist(self, attempt: Callable[[], Awaitable[T]], outage_s: float | None = None) -> T:
        """Repeat until the server answers; BusUnavailable after the longest outage."""
        end_s = _now_s() + (self._settings.outage_s if outage_s is None else outage_s)
        while True:
            try:
                return await attempt()
            except BusUnavailable:
                if _now_s() >= end_s:
                    raise
                await asyncio.sleep(RETRY_S)

    async def _watch(self) -> None:
        """Tell those who gather when the server no longer has what they entrusted to it."""
        reconnected = self._connection.reconnected
        while True:
            try:
                async with asyncio.timeout(WATCH_S):
                    await reconnected.wait()
            except TimeoutError:
                pass
            reconnected.clear()
            if not self._gatherings:
                continue
            try:
                epoch = await self._persist(self._streams.create)
            except BusUnavailable as error:
                log.warning("bus_unavailable", error=str(error))
                continue
            for inbox, known in self._gatherings.items():
                if known != epoch:
                    self._gatherings[inbox] = epoch
                    inbox.fail(BusLost("the message bus lost tasks and media: its server restarted"))


def _now_s() -> float:
    return asyncio.get_running_loop().time()
