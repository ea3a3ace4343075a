"""A log that grows at its end and is read from its start by any number of readers, none of which holds up another."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Generic, TypeVar

from services.common.errors import Cancelled

Item = TypeVar("Item")


class AppendLog(Generic[Item]):
    """Windows of a part, or a percept's values. One writer; readers keep their own position.

    Nothing waits for a reader: bounded queues between readers of different pace deadlock as soon as one
    lags or returns early. Memory is bounded by the length of a part.
    """

    def __init__(self) -> None:
        self._items: list[Item] = []
        self._changed = threading.Condition()
        self._closed = False
        self._cancelled = False
        self._error: BaseException | None = None

    def __repr__(self) -> str:
        failed = self._error is not None
        state = "cancelled" if self._cancelled else "failed" if failed else "closed" if self._closed else "open"
        return f"AppendLog({len(self._items)} items, {state})"

    def __len__(self) -> int:
        return len(self._items)

    def append(self, item: Item) -> None:
        """Add one item; a closed log takes none and says nothing (its readers are gone)."""
        with self._changed:
            if not self._closed:
                self._items.append(item)
                self._changed.notify_all()

    def close(self, error: BaseException | None = None) -> None:
        """No more items. With an error, every reader that comes to the end raises it. The first close counts."""
        with self._changed:
            if not self._closed:
                self._closed, self._error = True, error
                self._changed.notify_all()

    def cancel(self) -> None:
        """Every reader raises Cancelled at its next item, those already here included."""
        with self._changed:
            self._closed = self._cancelled = True
            self._items = []
            self._changed.notify_all()

    def forget(self) -> None:
        """Let go of items and error once nobody reads any more.

        An error that was raised holds the frames it went through, they hold windows, and those hold mapped media:
        without this, memory would wait for the garbage collector.
        """
        with self._changed:
            self._closed, self._error, self._items = True, None, []

    def get(self, position: int) -> Item:
        """The item at a position, waited for.

        Raises IndexError past the end of a closed log, the error it was closed with, or Cancelled.
        """
        with self._changed:
            self._changed.wait_for(lambda: position < len(self._items) or self._closed)
            if self._cancelled:
                # A new one for each reader: a shared one would collect the frames of all of them.
                raise Cancelled
            if position < len(self._items):
                return self._items[position]
            if self._error is not None:
                raise self._error
            raise IndexError(position)

    def __iter__(self) -> Iterator[Item]:
        position = 0
        while True:
            try:
                item = self.get(position)
            except IndexError:
                return
            yield item
            position += 1
