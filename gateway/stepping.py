"""A generator that does heavy work, stepped in a thread of its own beside the event loop."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from typing import TypeVar

from services.common.background import to_the_end

Item = TypeVar("Item")


@asynccontextmanager
async def stepping(iterator: Iterator[Item], name: str) -> AsyncIterator[AsyncIterator[Item]]:
    """The iterator's items, each made in one and the same thread, and only when it is asked for.

    At the end the iterator is closed in that thread, after the step it may be in.
    """
    loop = asyncio.get_running_loop()
    with ThreadPoolExecutor(max_workers=1, thread_name_prefix=name) as thread:

        async def items() -> AsyncIterator[Item]:
            while (item := await loop.run_in_executor(thread, next, iterator, None)) is not None:
                yield item

        try:
            yield items()
        finally:
            close = getattr(iterator, "close", None)
            if close is not None:
                # To its end: leaving the pool below would otherwise hold up the event loop until the step is done.
                await to_the_end(_closed(loop.run_in_executor(thread, close)))


async def _closed(closing: asyncio.Future[None]) -> None:
    await closing
