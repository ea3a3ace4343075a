"""A task in a replica's hands: kept by signs of life, settled once."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from enum import Enum, auto
from types import TracebackType

from reelscribe.v1.analyzer_pb2 import Task


class Settlement(Enum):
    """How a replica parts with a task."""

    DONE = auto()
    GIVE_BACK = auto()
    """Another replica gets it at once."""
    TERMINATE = auto()
    """Nobody gets it again."""


class TaskLease:
    """Work on the task inside `async with lease:`; leaving it unsettled, also by an error, gives the task back.

    `attempt` is 1 for the first delivery. When `exhausted`, earlier replicas died of it or gave it back too
    often: report its analyzers FAILED and terminate it, nobody else is told.
    """

    def __init__(
        self,
        *,
        task: Task,
        attempt: int,
        exhausted: bool,
        settle: Callable[[Settlement], Awaitable[bool]],
        release: Callable[[], None],
        beat: Callable[[], Awaitable[None]] | None = None,
        beat_s: float = 5.0,
    ) -> None:
        self.task = task
        self.attempt = attempt
        self.exhausted = exhausted
        self._settle = settle
        self._release = release
        self._beat = beat
        self._beat_s = beat_s
        self._beating: asyncio.Task[None] | None = None
        self._settled: Settlement | None = None

    def __repr__(self) -> str:
        state = self._settled.name if self._settled else "held"
        return f"TaskLease({self.task.analysis_id}/{self.task.part.part_id}, attempt {self.attempt}, {state})"

    async def __aenter__(self) -> TaskLease:
        if self._beat is not None:
            self._beating = asyncio.create_task(self._keep(self._beat), name=f"beat {self!r}")
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if self._settled is None:
                await self.give_back()
        finally:
            self._stop_beating()
            self._release()

    async def done(self) -> bool:
        """The work is done. False: the bus did not confirm it, so the task may come again (and be answered DROP)."""
        return await self._part_with(Settlement.DONE)

    async def give_back(self) -> bool:
        """Hand the task to another replica at once. The delivery counts as an attempt."""
        return await self._part_with(Settlement.GIVE_BACK)

    async def terminate(self) -> bool:
        """End the task without anybody working on it again."""
        return await self._part_with(Settlement.TERMINATE)

    async def _part_with(self, settlement: Settlement) -> bool:
        if self._settled is not None:
            raise RuntimeError(f"{self!r} is already settled")
        self._settled = settlement
        self._stop_beating()
        return await self._settle(settlement)

    async def _keep(self, beat: Callable[[], Awaitable[None]]) -> None:
        while True:
            await beat()
            await asyncio.sleep(self._beat_s)

    def _stop_beating(self) -> None:
        if self._beating is not None:
            self._beating.cancel()
            self._beating = None
