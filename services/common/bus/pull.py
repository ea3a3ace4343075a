"""What one JetStream consumer delivers, asked for in batches, by a reader that notices when it is forgotten."""

from __future__ import annotations

import asyncio
import json
from collections import deque
from types import TracebackType
from typing import Any

from services.common.bus.nats import NatsConnection

NS_PER_S = 1_000_000_000
MISSED_BEATS = 3
"""So many silent beats mean that the server has no pull of ours: it restarted, or the consumer is gone."""
BEATS_PER_REQUEST = 10
"""An unanswered pull ends after so many beats and is asked again."""

HEARTBEAT = "100"
REQUEST_ENDED = ("404", "408")
"""Nothing there, time over."""


class ConsumerLost(Exception):
    """The server does not answer for this consumer any more: open another."""


class Pull:
    """Messages of a consumer through an inbox of its own.

    nats-py's `fetch` cannot tell a server that has nothing from one that knows nothing, and leaves late messages
    lying. Here every request carries an idle heartbeat, and what was delivered and not taken is handed out by
    `leftovers` at the end. `next` has one caller at a time.
    """

    def __init__(
        self, connection: NatsConnection, *, stream: str, consumer: str, batch_count: int, beat_s: float
    ) -> None:
        self._connection = connection
        self._subject = f"$JS.API.CONSUMER.MSG.NEXT.{stream}.{consumer}"
        self._inbox = connection.new_inbox()
        self._subscribed = connection.subscribed(self._inbox, self._take)
        self._batch_count = batch_count
        self._beat_s = beat_s
        self._owed_count = 0
        self._arrived: deque[tuple[float, Any]] = deque()
        self._changed = asyncio.Event()
        self._closed = False

    def __repr__(self) -> str:
        return f"Pull({self._subject}, {self._owed_count} owed, {len(self._arrived)} arrived)"

    async def __aenter__(self) -> Pull:
        await self._subscribed.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._closed = True
        self._changed.set()
        await self._subscribed.__aexit__(kind, error, trace)

    def leftovers(self) -> list[Any]:
        """Messages delivered and never taken; complete once the context is left."""
        return [message for _, message in self._arrived if _status(message) is None]

    async def next(self, wait_s: float | None = None, *, fresh_s: float | None = None) -> Any | None:
        """The next message; None if there is none within `wait_s`, or the pull was closed.

        A message that lay here unread for more than `fresh_s` is dropped. Raises ConsumerLost.
        """
        deadline_s = None if wait_s is None else _now_s() + wait_s
        while not self._closed:
            if self._owed_count == 0 and not self._arrived:
                await self._ask()
            first = await self._first(deadline_s)
            if first is None:
                return None
            arrived_s, message = first
            if self._is_message(message) and (fresh_s is None or _now_s() - arrived_s <= fresh_s):
                return message
        return None

    def _is_message(self, message: Any) -> bool:
        status = _status(message)
        if status is None:
            self._owed_count -= 1
            return True
        if status in REQUEST_ENDED:
            self._owed_count = 0
        elif status != HEARTBEAT:
            raise ConsumerLost(f"{self!r}: status {status}")
        return False

    async def _first(self, deadline_s: float | None) -> tuple[float, Any] | None:
        beats_end_s = _now_s() + MISSED_BEATS * self._beat_s
        try:
            async with asyncio.timeout_at(beats_end_s if deadline_s is None else min(beats_end_s, deadline_s)):
                while not self._arrived and not self._closed:
                    self._changed.clear()
                    await self._changed.wait()
        except TimeoutError:
            if deadline_s is not None and deadline_s <= beats_end_s:
                return None
            raise ConsumerLost(f"{self!r}: silent") from None
        return self._arrived.popleft() if self._arrived else None

    async def _ask(self) -> None:
        if not self._connection.connected:
            # A request would wait in the client and reach the server beside its successors.
            raise ConsumerLost(f"{self!r}: not connected")
        request = {
            "batch": self._batch_count,
            "expires": int(BEATS_PER_REQUEST * self._beat_s * NS_PER_S),
            "idle_heartbeat": int(self._beat_s * NS_PER_S),
        }
        self._owed_count = self._batch_count
        await self._connection.publish(self._subject, json.dumps(request).encode(), reply=self._inbox)

    async def _take(self, message: Any) -> None:
        self._arrived.append((_now_s(), message))
        self._changed.set()


def _now_s() -> float:
    return asyncio.get_running_loop().time()


def _status(message: Any) -> str | None:
    headers: dict[str, str] = message.headers or {}
    return headers.get("Status")
