"""How a part's media is replayed from JetStream, complete and in order, or not at all."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from types import TracebackType
from typing import Any
from uuid import uuid4

import structlog

from reelscribe.v1.bus_pb2 import MediaMessage
from services.common.bus.contract import BusSettings, MediaSilent
from services.common.bus.nats import NatsConnection, Refused
from services.common.bus.pull import NS_PER_S, ConsumerLost, Pull
from services.common.errors import BusUnavailable, MediaLost

log = structlog.get_logger(__name__)

RETRY_S = 0.1
"""Pause before the consumer is opened again: what fails at once must not spin."""
BATCH_COUNT = 64
"""Messages of one pull: a minute of windows in one round trip."""
IDLE_S = 300.0
"""The server drops a reader that asked for nothing for this long: its replica died."""


class MediaReader:
    """One reader's place in one part: a named ephemeral consumer without acknowledgements, deleted at the end.

    A consumer the server lost, or a message the connection lost, is mended by reading on from the last message
    with a new consumer. A stream the server lost cannot be mended: MediaLost.
    """

    def __init__(
        self,
        connection: NatsConnection,
        settings: BusSettings,
        *,
        stream: str,
        subject: str,
        part: tuple[str, str],
        silence_s: float,
        created: Callable[[], Awaitable[str]],
    ) -> None:
        self._connection = connection
        self._settings = settings
        self._stream = stream
        self._subject = subject
        self._part = part
        self._silence_s = silence_s
        self._created = created
        self._created_at_first = ""
        self._pull: Pull | None = None
        self._opened = AsyncExitStack()
        self._last_sequence = 0
        self._delivered_count = 0
        self._window_count = 0
        self._ended = False

    def __repr__(self) -> str:
        return f"MediaReader({self._subject}, {self._window_count} windows)"

    async def __aenter__(self) -> MediaReader:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._close()

    def __aiter__(self) -> MediaReader:
        return self

    async def __anext__(self) -> MediaMessage:
        if self._ended:
            raise StopAsyncIteration
        deadline_s = _now_s() + self._silence_s
        while _now_s() < deadline_s:
            try:
                message = await self._next(deadline_s)
            except (ConsumerLost, BusUnavailable) as error:
                if self._pull is not None:
                    log.warning("media_consumer_lost", reader=repr(self), error=str(error))
                await self._close()
                await asyncio.sleep(RETRY_S)
                continue
            if message is not None:
                return self._taken(message)
        raise MediaSilent(*self._part, self._silence_s)

    async def _next(self, deadline_s: float) -> Any | None:
        pull = self._pull or await self._open()
        message = await pull.next(deadline_s - _now_s())
        if message is not None:
            self._delivered_count += 1
            if message.metadata.sequence.consumer != self._delivered_count:
                raise ConsumerLost("the connection lost messages")
        return message

    def _taken(self, message: Any) -> MediaMessage:
        self._last_sequence = message.metadata.sequence.stream
        step = MediaMessage.FromString(message.data)
        if step.HasField("end"):
            self._ended = True
            if step.end.window_count != self._window_count:
                count = step.end.window_count
                raise MediaLost(f"{self._window_count} of {count} windows of {self._part[1]!r} arrived")
        self._window_count += 1
        return step

    async def _open(self) -> Pull:
        created = await self._created()
        self._created_at_first = self._created_at_first or created
        if created != self._created_at_first:
            raise MediaLost(f"the message bus lost the media of {self._part[1]!r}: its server restarted")
        name = uuid4().hex
        # Before it is created: an answer that does not come is no reason to leave a consumer behind.
        self._opened.push_async_callback(self._delete_consumer, name)
        await self._create_consumer(name)
        pull = Pull(
            self._connection,
            stream=self._stream,
            consumer=name,
            batch_count=BATCH_COUNT,
            beat_s=self._settings.pull_beat_s,
        )
        self._delivered_count = 0
        self._pull = await self._opened.enter_async_context(pull)
        return self._pull

    async def _create_consumer(self, name: str) -> None:
        start: dict[str, object] = {"deliver_policy": "all"}
        if self._last_sequence:
            start = {"deliver_policy": "by_start_sequence", "opt_start_seq": self._last_sequence + 1}
        await self._connection.api(
            f"CONSUMER.CREATE.{self._stream}.{name}.{self._subject}",
            stream_name=self._stream,
            config={
                "name": name,
                "filter_subject": self._subject,
                "ack_policy": "none",
                "inactive_threshold": int(IDLE_S * NS_PER_S),
                "mem_storage": True,
                "num_replicas": 1,
                **start,
            },
        )

    async def _close(self) -> None:
        self._pull = None
        await self._opened.aclose()

    async def _delete_consumer(self, name: str) -> None:
        if not self._connection.connected:
            return
        try:
            await self._connection.api(f"CONSUMER.DELETE.{self._stream}.{name}")
        except (Refused, BusUnavailable) as error:
            log.debug("media_consumer_not_deleted", consumer=name, error=str(error))


def _now_s() -> float:
    return asyncio.get_running_loop().time()
