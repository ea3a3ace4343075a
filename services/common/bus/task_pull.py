"""How a replica takes tasks from JetStream: one for each place in its room, for as long as it listens."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from types import TracebackType
from typing import Any

import structlog
from google.protobuf.message import DecodeError

from reelscribe.v1.analyzer_pb2 import Task
from services.common.bus.contract import BusSettings, Semaphore
from services.common.bus.lease import Settlement, TaskLease
from services.common.bus.nats import NatsConnection, NobodyThere
from services.common.bus.pull import ConsumerLost, Pull
from services.common.errors import BusUnavailable

log = structlog.get_logger(__name__)

RETRY_S = 0.2
"""Pause before the consumer is opened again: what fails at once must not spin."""
SETTLE_TRIES = 3
"""After so many unanswered attempts a task is left to its ack_wait."""

ANSWERS = {Settlement.DONE: b"+ACK", Settlement.GIVE_BACK: b"-NAK", Settlement.TERMINATE: b"+TERM"}
SIGN_OF_LIFE = b"+WPI"


class TaskPull:
    """Iterates over leases. A server that went away or forgot the consumer is waited for, however long."""

    def __init__(
        self,
        connection: NatsConnection,
        settings: BusSettings,
        *,
        stream: str,
        service: str,
        room: Semaphore,
        open_consumer: Callable[[], Awaitable[None]],
    ) -> None:
        self._connection = connection
        self._settings = settings
        self._stream = stream
        self._service = service
        self._room = room
        self._open_consumer = open_consumer
        self._pull: Pull | None = None
        self._opened = AsyncExitStack()
        self._closed = False

    def __repr__(self) -> str:
        return f"TaskPull({self._service}, {self._pull})"

    async def __aenter__(self) -> TaskPull:
        await self._open()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._closed = True
        await self._opened.aclose()

    def __aiter__(self) -> TaskPull:
        return self

    async def __anext__(self) -> TaskLease:
        await self._room.acquire()
        lease = None
        try:
            while not self._closed and lease is None:
                lease = await self._next()
        finally:
            if lease is None:
                self._room.release()
        if lease is None:
            raise StopAsyncIteration
        return lease

    async def _next(self) -> TaskLease | None:
        try:
            if self._pull is None:
                await self._open()
            message = await self._pull.next(fresh_s=self._settings.ack_wait_s / 2) if self._pull else None
            return await self._lease(message) if message else None
        except (ConsumerLost, BusUnavailable) as error:
            if self._pull is not None:
                log.warning("task_consumer_lost", service=self._service, error=str(error))
            self._pull = None
            await self._opened.aclose()
            await asyncio.sleep(RETRY_S)
            return None

    async def _open(self) -> None:
        await self._open_consumer()
        pull = Pull(
            self._connection,
            stream=self._stream,
            consumer=self._service,
            batch_count=1,
            beat_s=self._settings.pull_beat_s,
        )
        self._opened.push_async_callback(self._give_back_leftovers, pull)
        self._pull = await self._opened.enter_async_context(pull)

    async def _give_back_leftovers(self, pull: Pull) -> None:
        for message in pull.leftovers():
            await self._settle(message, Settlement.GIVE_BACK)

    async def _lease(self, message: Any) -> TaskLease | None:
        try:
            task = Task.FromString(message.data)
        except DecodeError:
            log.error("task_undecodable", service=self._service, size_bytes=len(message.data))
            await self._settle(message, Settlement.TERMINATE)
            return None
        attempt = message.metadata.num_delivered

        async def settle(settlement: Settlement) -> bool:
            return await self._settle(message, settlement)

        async def beat() -> None:
            await self._beat(message)

        return TaskLease(
            task=task,
            attempt=attempt,
            exhausted=attempt > self._settings.max_attempts,
            settle=settle,
            release=self._room.release,
            beat=beat,
            beat_s=self._settings.heartbeat_s,
        )

    async def _settle(self, message: Any, settlement: Settlement) -> bool:
        for _ in range(SETTLE_TRIES):
            try:
                await self._connection.request(message.reply, ANSWERS[settlement])
            except NobodyThere:
                break
            except BusUnavailable:
                continue
            return True
        log.warning("task_not_settled", service=self._service, settlement=settlement.name)
        return False

    async def _beat(self, message: Any) -> None:
        try:
            await self._connection.publish(message.reply, SIGN_OF_LIFE)
        except BusUnavailable as error:
            log.warning("task_heartbeat_failed", service=self._service, error=str(error))
