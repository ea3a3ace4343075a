"""What one reader has been sent and not yet read."""

from __future__ import annotations

import asyncio
from collections import deque
from typing import Generic, TypeVar

T = TypeVar("T")


class Inbox(Generic[T]):
    """An unbounded queue with one reader, who iterates. `fail` raises once in the reader, `close` ends it."""

    def __init__(self) -> None:
        self._items: deque[T | Exception] = deque()
        self._closed = False
        self._changed = asyncio.Event()

    def __repr__(self) -> str:
        return f"Inbox({len(self._items)} unread{', closed' if self._closed else ''})"

    def put(self, item: T) -> None:
        self._items.append(item)
        self._changed.set()

    def fail(self, error: Exception) -> None:
        """Raise it in the reader after what came before."""
        self._items.append(error)
        self._changed.set()

    def close(self) -> None:
        """End the iteration; what is unread is dropped."""
        self._closed = True
        self._items.clear()
        self._changed.set()

    def __aiter__(self) -> Inbox[T]:
        return self

    async def __anext__(self) -> T:
        while not self._items:
            if self._closed:
                raise StopAsyncIteration
            self._changed.clear()
            await self._changed.wait()
        item = self._items.popleft()
        if isinstance(item, Exception):
            raise item
        return item
