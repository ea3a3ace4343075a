"""The connection to a NATS server with JetStream; the only file that imports `nats`.

JetStream is spoken to in its own JSON: the same few words in every version of the client, and one error for each
way a request can fail.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from types import TracebackType
from typing import Any

import structlog
from nats.aio.client import Client
from nats.errors import Error as NatsError
from nats.errors import NoRespondersError

from services.common.background import to_the_end
from services.common.bus.contract import BusSettings
from services.common.errors import BusUnavailable

log = structlog.get_logger(__name__)

RECONNECT_S = 0.5
"""Pause between attempts to reach the server again."""
PING_S = 20
"""A peer that vanished without a word is noticed after three of these."""
UNAVAILABLE = 503
"""JetStream's code for "not now" ..."""
FULL = (10023, 10047, 10077)
"""... and, among others under it, its codes for limits that trying again does not lift: resources, storage, stream."""

UNREACHABLE = (NatsError, OSError, TimeoutError)
"""What a call meets while the server is away, restarting or slow."""


class NobodyThere(Exception):
    """The server is there, and nobody listens to the subject."""


class Refused(Exception):
    """JetStream answered with one of its error codes."""

    def __init__(self, code: int, description: str) -> None:
        super().__init__(f"{description} ({code})")
        self.code = code


class NatsConnection:
    """Connected inside `async with`, and again by itself whenever the server comes back.

    `reconnected` is set each time it did. Calls raise BusUnavailable where the server does not answer in time.
    """

    def __init__(self, url: str, settings: BusSettings) -> None:
        self._url = url
        self._settings = settings
        self._client = Client()
        self._trouble = ""
        self.reconnected = asyncio.Event()

    def __repr__(self) -> str:
        return f"NatsConnection({self.address}, {'connected' if self.connected else 'not connected'})"

    @property
    def address(self) -> str:
        """Where it connects to, without the password a URL may carry."""
        return ",".join(one.rpartition("@")[2].removeprefix("nats://") for one in self._url.split(","))

    @property
    def connected(self) -> bool:
        return bool(self._client.is_connected)

    async def __aenter__(self) -> NatsConnection:
        try:
            async with asyncio.timeout(self._settings.connect_timeout_s):
                await self._client.connect(
                    self._url.split(","),
                    name=self._settings.prefix,
                    max_reconnect_attempts=-1,
                    reconnect_time_wait=RECONNECT_S,
                    ping_interval=PING_S,
                    error_cb=self._on_error,
                    disconnected_cb=self._on_disconnected,
                    reconnected_cb=self._on_reconnected,
                )
        except UNREACHABLE as error:
            await self._client.close()
            raise self._unavailable(error) from None
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._client.close()

    async def publish(self, subject: str, data: bytes, *, reply: str = "") -> None:
        """Hand it to the server, or keep it while the connection is away; not confirmed."""
        try:
            await self._client.publish(subject, data, reply=reply)
        except UNREACHABLE as error:
            raise self._unavailable(error) from None

    async def request(self, subject: str, data: bytes, headers: dict[str, str] | None = None) -> bytes:
        """The answer's data. Raises NobodyThere."""
        if not self.connected:
            # The client would keep it and send it late, when nobody waits for the answer any more.
            raise BusUnavailable(f"not connected to the NATS server at {self.address}")
        task = asyncio.current_task()
        cancel_count = task.cancelling() if task else 0
        try:
            message = await self._client.request(
                subject, data, timeout=self._settings.request_timeout_s, headers=headers
            )
        except NoRespondersError:
            raise NobodyThere(subject) from None
        except UNREACHABLE as error:
            raise self._unavailable(error) from None
        if task and task.cancelling() > cancel_count:
            # Before Python 3.12, wait_for forgets a cancellation that comes together with the answer.
            raise asyncio.CancelledError
        return bytes(message.data)

    async def api(self, name: str, /, **fields: object) -> dict[str, Any]:
        """One request of JetStream's API, e.g. `api("STREAM.INFO.tasks")`. Raises Refused."""
        data = json.dumps(fields).encode() if fields else b""
        try:
            return self._accepted(await self.request(f"$JS.API.{name}", data))
        except NobodyThere:
            raise BusUnavailable(f"the NATS server at {self.address} runs without JetStream") from None

    async def store(self, subject: str, data: bytes, headers: dict[str, str]) -> int:
        """Append to the stream that keeps this subject; returns the sequence. Raises NobodyThere, Refused."""
        return int(self._accepted(await self.request(subject, data, headers))["seq"])

    @asynccontextmanager
    async def subscribed(self, subject: str, take: Callable[[Any], Awaitable[None]]) -> AsyncIterator[None]:
        """Call `take` with each message, in order, none dropped; also with those on their way at the end."""
        # A flush that is cancelled leaves nats-py a pong that it cannot deliver: its reading ends without a word, and
        # the connection is dead until the third ping goes unanswered, a minute later.
        subscribing = asyncio.ensure_future(self._subscribe(subject, take))
        try:
            subscription = await asyncio.shield(subscribing)
        except asyncio.CancelledError:
            await to_the_end(self._take_back(subscribing))
            raise
        try:
            yield
        finally:
            await to_the_end(self._unsubscribe(subscription))

    def new_inbox(self) -> str:
        """A subject nobody else uses."""
        return str(self._client.new_inbox())

    async def _subscribe(self, subject: str, take: Callable[[Any], Awaitable[None]]) -> Any:
        try:
            subscription = await self._client.subscribe(subject, cb=take, pending_msgs_limit=0, pending_bytes_limit=0)
            # nats-py writes a ping at once, but a subscription in the loop's next turn: the first ping overtakes it,
            # and its pong says nothing. When that pong is there the subscription is written, and the second follows it.
            for _ in range(2):
                await self._client.flush(timeout=self._settings.request_timeout_s)
        except UNREACHABLE as error:
            raise self._unavailable(error) from None
        return subscription

    async def _take_back(self, subscribing: asyncio.Future[Any]) -> None:
        """Undo a subscription that nobody waits for any more."""
        await asyncio.wait({subscribing})
        if subscribing.exception() is None:
            await self._unsubscribe(subscribing.result())

    async def _unsubscribe(self, subscription: Any) -> None:
        try:
            if self.connected:
                await subscription.drain()
            elif not self._client.is_closed:
                await subscription.unsubscribe()
        except UNREACHABLE as error:
            # The server that left takes the subscription with it.
            log.debug("bus_unsubscribed_late", error=repr(error))

    def _accepted(self, data: bytes) -> dict[str, Any]:
        answer: dict[str, Any] = json.loads(data)
        error = answer.get("error")
        if error is None:
            return answer
        refused = Refused(error.get("err_code", 0), error["description"])
        if error["code"] == UNAVAILABLE and refused.code not in FULL:
            raise BusUnavailable(f"JetStream at {self.address}: {refused}")
        raise refused

    def _unavailable(self, error: BaseException) -> BusUnavailable:
        reason = str(error) or self._trouble or type(error).__name__
        return BusUnavailable(f"the NATS server at {self.address} does not answer: {reason}")

    async def _on_error(self, error: Exception) -> None:
        trouble = str(error) or type(error).__name__
        if trouble != self._trouble:
            # Said once, not at every attempt to reconnect.
            self._trouble = trouble
            log.warning("bus_trouble", server=self.address, error=trouble)

    async def _on_disconnected(self) -> None:
        if not self._client.is_closed:
            log.warning("bus_disconnected", server=self.address)

    async def _on_reconnected(self) -> None:
        self._trouble = ""
        log.info("bus_reconnected", server=self.address)
        self.reconnected.set()
