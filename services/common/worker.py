"""A service replica at work: pulls tasks from the bus, works on as many as it has room for, and stops in good order."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import structlog

from reelscribe.v1.analyzer_pb2 import Reason
from reelscribe.v1.bus_pb2 import Presence
from services.common.bus import Bus, GatewayGone, TaskLease
from services.common.errors import ReelscribeError
from services.common.media import MediaReader
from services.common.service import Service
from services.common.task_work import TaskDropped, TaskWork

log = structlog.get_logger()

TOO_MANY_ATTEMPTS = Reason(code="too_many_attempts", message="every replica that tried this part was lost")

CANCELLED_KEPT_COUNT = 1000
"""Cancelled analyses that are remembered, so that their tasks that come late are not begun."""


class Worker:
    """Pulls tasks while it runs. `stop` finishes what is in flight, then `run` returns."""

    def __init__(
        self, service: Service, bus: Bus, reader: MediaReader, *, replica_id: str, parts_in_flight: int
    ) -> None:
        self._service = service
        self._bus = bus
        self._reader = reader
        self._replica_id = replica_id
        self._room = asyncio.Semaphore(parts_in_flight)
        self._stopping = asyncio.Event()
        self._works: set[asyncio.Task[None]] = set()
        self._started: dict[asyncio.Task[None], str] = {}
        """Works that have entered their lease, and the analysis each is for. Only these may be cancelled singly."""
        self._cancelled: dict[str, None] = {}

    def __repr__(self) -> str:
        return f"Worker({self._service.name} {self._replica_id}, {len(self._works)} parts in hand)"

    def stop(self) -> None:
        """Take no further task."""
        self._stopping.set()

    async def run(self) -> None:
        """Work until stopped, then finish what is in hand."""
        async with self._bus.cancellations() as cancellations, self._bus.announcing(self._presence):
            obeying = asyncio.create_task(self._obey(cancellations))
            try:
                async with self._bus.tasks(self._service.name, self._room) as leases:
                    pulling = asyncio.create_task(self._pull(leases))
                    await _first_of(pulling, asyncio.create_task(self._stopping.wait()))
                await self._drain()
            finally:
                await self._abandon(obeying)

    def _presence(self) -> Presence:
        return Presence(
            service=self._service.name,
            replica_id=self._replica_id,
            analyzers=self._service.describe(),
            ready=not self._stopping.is_set(),
        )

    async def _pull(self, leases: AsyncIterator[TaskLease]) -> None:
        async for lease in leases:
            work = asyncio.create_task(self._work(lease), name=repr(lease))
            self._works.add(work)
            work.add_done_callback(self._works.discard)

    async def _work(self, lease: TaskLease) -> None:
        """One task. Whatever keeps it from its end gives it back to the queue."""
        this = asyncio.current_task()
        assert this is not None
        async with lease:
            self._started[this] = lease.task.analysis_id
            try:
                await self._work_on(lease)
            except (TaskDropped, GatewayGone) as gone:
                log.info("task dropped", service=self._service.name, why=str(gone))
                await lease.done()
            except ReelscribeError as error:
                log.warning("task given back", service=self._service.name, why=str(error))
            except Exception:
                log.exception("task given back", service=self._service.name)
            except asyncio.CancelledError:
                if lease.task.analysis_id in self._cancelled:
                    await lease.terminate()
                raise
            finally:
                del self._started[this]

    async def _work_on(self, lease: TaskLease) -> None:
        work = TaskWork(self._service, self._bus, self._reader, lease.task, lease.attempt)
        if lease.task.analysis_id in self._cancelled:
            await lease.terminate()
        elif lease.exhausted:
            await work.fail_all(TOO_MANY_ATTEMPTS)
            await lease.terminate()
        else:
            await work.run()
            await lease.done()

    async def _obey(self, cancellations: AsyncIterator[str]) -> None:
        async for analysis_id in cancellations:
            self._cancelled[analysis_id] = None
            while len(self._cancelled) > CANCELLED_KEPT_COUNT:
                del self._cancelled[next(iter(self._cancelled))]
            for work in [work for work, analysis in self._started.items() if analysis == analysis_id]:
                log.info("task cancelled", service=self._service.name, analysis=analysis_id)
                work.cancel()

    async def _drain(self) -> None:
        await asyncio.gather(*self._works, return_exceptions=True)

    async def _abandon(self, obeying: asyncio.Task[None]) -> None:
        """Cancelled from outside: what is in hand goes back to the queue."""
        # A work that has not begun yet has not entered its lease, which alone gives the task and its room back.
        await asyncio.sleep(0)
        for work in (obeying, *self._works):
            work.cancel()
        await asyncio.gather(obeying, *self._works, return_exceptions=True)


async def _first_of(*tasks: asyncio.Task[Any]) -> None:
    """Wait until one ends, end the others, and raise what it raised."""
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    for task in done:
        task.result()
