"""Tasks that wait and tasks in hand, within one process."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from reelscribe.v1.analyzer_pb2 import Task
from services.common.bus.contract import Semaphore
from services.common.bus.lease import Settlement, TaskLease


@dataclass(slots=True, kw_only=True)
class Entry:
    """A task that waits or is being worked on."""

    analysis_id: str
    data: bytes
    attempt_count: int = 0
    purged: bool = False


class TaskQueue:
    """Tasks of one service; those that come back go first."""

    def __init__(self) -> None:
        self._waiting: deque[Entry] = deque()
        self._pulled: list[Entry] = []
        self._filled = asyncio.Event()

    def __len__(self) -> int:
        return len(self._waiting)

    def append(self, entry: Entry) -> None:
        self._waiting.append(entry)
        self._filled.set()

    def wake(self) -> None:
        """Let everybody who waits look whether it still wants to."""
        self._filled.set()

    async def take(self, wanted: Callable[[], bool]) -> Entry | None:
        """The next task, or None as soon as nobody wants it any more."""
        while wanted() and not self._waiting:
            self._filled.clear()
            await self._filled.wait()
        if not wanted():
            return None
        entry = self._waiting.popleft()
        entry.attempt_count += 1
        self._pulled.append(entry)
        return entry

    def settle(self, entry: Entry, settlement: Settlement) -> bool:
        self._pulled.remove(entry)
        if settlement is Settlement.GIVE_BACK and not entry.purged:
            self._waiting.appendleft(entry)
            self._filled.set()
        return True

    def purge(self, analysis_id: str) -> None:
        self._waiting = deque(entry for entry in self._waiting if entry.analysis_id != analysis_id)
        for entry in self._pulled:
            entry.purged = entry.purged or entry.analysis_id == analysis_id


class Leases:
    """A replica's pulling: one task for each place in its room."""

    def __init__(self, queue: TaskQueue, room: Semaphore, max_attempts: int) -> None:
        self._queue = queue
        self._room = room
        self._max_attempts = max_attempts
        self._closed = False

    def close(self) -> None:
        self._closed = True
        self._queue.wake()

    def __aiter__(self) -> Leases:
        return self

    async def __anext__(self) -> TaskLease:
        await self._room.acquire()
        entry = None
        try:
            entry = await self._queue.take(lambda: not self._closed)
        finally:
            if entry is None:
                self._room.release()
        if entry is None:
            raise StopAsyncIteration
        return self._lease(entry)

    def _lease(self, entry: Entry) -> TaskLease:
        async def settle(settlement: Settlement) -> bool:
            return self._queue.settle(entry, settlement)

        return TaskLease(
            task=Task.FromString(entry.data),
            attempt=entry.attempt_count,
            exhausted=entry.attempt_count > self._max_attempts,
            settle=settle,
            release=self._room.release,
        )
