"""How a replica makes itself known: at once, regularly, and as not ready when it leaves."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from reelscribe.v1.bus_pb2 import Presence


def copied(presence: Presence) -> Presence:
    """A presence of the receiver's own."""
    copy = Presence()
    copy.CopyFrom(presence)
    return copy


@asynccontextmanager
async def announced(
    send: Callable[[Presence], Awaitable[None]], presence: Callable[[], Presence], interval_s: float
) -> AsyncIterator[None]:
    """Send what `presence` returns now and every `interval_s`, and at the end once with `ready` unset."""

    async def repeat() -> None:
        while True:
            await asyncio.sleep(interval_s)
            await send(presence())

    await send(presence())
    repeating = asyncio.create_task(repeat(), name="announcing")
    try:
        yield
    finally:
        repeating.cancel()
        farewell = copied(presence())
        farewell.ready = False
        await send(farewell)
