"""Where a bus is tested: a gateway and as many replicas as a test asks for, over one implementation."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from dataclasses import replace
from uuid import uuid4

from reelscribe.v1.analyzer_pb2 import AnalyzerResult, Task
from reelscribe.v1.bus_pb2 import MediaMessage, Presence, ResultDelivery, TaskUpdate
from reelscribe.v1.finding_pb2 import Finding
from reelscribe.v1.media_pb2 import EndOfPart, Part, Window
from services.common.bus import Bus, BusSettings, TaskLease
from services.common.bus.jetstream import JetStreamBus
from services.common.bus.memory import MemoryBus
from services.common.bus.nats import NatsConnection

QUICK = BusSettings(
    ack_wait_s=2.0,
    heartbeat_s=0.2,
    announce_s=0.5,
    request_timeout_s=2.0,
    outage_s=30.0,
    gone_after_s=0.3,
    pull_beat_s=0.3,
)
"""Signs of life in tenths of a second; patience that outlasts a moment in which the machine does something else."""

PATIENT = replace(QUICK, ack_wait_s=120.0, announce_s=120.0)
"""What a bus does again after a time it does not do within a test: what comes, comes at once."""

SOON_S = 25.0
"""For a busy machine; far less than `PATIENT` would take."""


def replaced_prefix(settings: BusSettings, prefix: str) -> BusSettings:
    return replace(settings, prefix=prefix)


class MemorySite:
    def __init__(self, settings: BusSettings = QUICK) -> None:
        self.gateway: Bus = MemoryBus(settings)

    async def replica(self) -> Bus:
        return self.gateway

    async def die_holding(self, lease: TaskLease) -> None:
        """Within one process a replica can die only by an error."""
        try:
            async with lease:
                raise RuntimeError("the replica died")
        except RuntimeError:
            pass

    async def left_behind(self) -> str:
        assert isinstance(self.gateway, MemoryBus)
        parts = len(self.gateway._media)
        return f"{parts} parts" if parts else ""

    async def close(self) -> None:
        assert isinstance(self.gateway, MemoryBus)
        await self.gateway.__aexit__(None, None, None)


class NatsSite:
    def __init__(self, url: str, settings: BusSettings = QUICK) -> None:
        self.settings = replaced_prefix(settings, f"test-{uuid4().hex[:8]}")
        self._url = url
        self._opened = AsyncExitStack()
        self.gateway: Bus

    @property
    def url(self) -> str:
        return self._url

    async def open(self) -> None:
        self.gateway = await self.replica()

    async def replica(self) -> Bus:
        return await self._opened.enter_async_context(JetStreamBus(self._url, self.settings))

    async def die_holding(self, lease: TaskLease) -> None:
        """A lease that is never entered gives no sign of life."""

    async def left_behind(self) -> str:
        """Messages of both streams and readers of media. (The consumers of tasks outlive their replicas.)"""
        prefix = self.settings.prefix
        async with NatsConnection(self._url, self.settings) as connection:
            tasks = (await connection.api(f"STREAM.INFO.{prefix}-tasks"))["state"]["messages"]
            media = (await connection.api(f"STREAM.INFO.{prefix}-media"))["state"]["messages"]
        readers = await self.reader_count()
        return f"{tasks} tasks, {media} media messages, {readers} readers" if tasks or media or readers else ""

    async def reader_count(self) -> int:
        async with NatsConnection(self._url, self.settings) as connection:
            info = await connection.api(f"STREAM.INFO.{self.settings.prefix}-media")
        return int(info["state"]["consumer_count"])

    async def close(self) -> None:
        await self._opened.aclose()
        assert await self.reader_count() == 0, "a reader of media was left behind"
        async with NatsConnection(self._url, self.settings) as connection:
            for stream in ("tasks", "media"):
                await connection.api(f"STREAM.DELETE.{self.settings.prefix}-{stream}")


Site = MemorySite | NatsSite


async def nothing_runs() -> None:
    """No asyncio task is left but the test's own."""
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    left = [task for task in asyncio.all_tasks() if task is not asyncio.current_task() and not task.done()]
    assert left == []


def task(analysis_id: str = "a1", part_id: str = "part-0", service: str = "vision") -> Task:
    return Task(analysis_id=analysis_id, service=service, part=Part(part_id=part_id))


def window(index: int) -> MediaMessage:
    return MediaMessage(window=Window(index=index))


def end(window_count: int) -> MediaMessage:
    return MediaMessage(end=EndOfPart(window_count=window_count))


def update(*labels: str, analysis_id: str = "a1") -> TaskUpdate:
    findings = [Finding(label=label) for label in labels]
    return TaskUpdate(analysis_id=analysis_id, part_id="part-0", analyzer="cut_analysis", findings=findings)


def delivery(analysis_id: str = "a1", finding_count: int = 0) -> ResultDelivery:
    result = AnalyzerResult(analyzer="cut_analysis")
    return ResultDelivery(analysis_id=analysis_id, part_id="part-0", finding_count=finding_count, result=result)


def presence(replica_id: str, *, ready: bool = True) -> Presence:
    return Presence(service="vision", replica_id=replica_id, ready=ready)


async def publish_part(bus: Bus, window_count: int, analysis_id: str = "a1", part_id: str = "part-0") -> None:
    for index in range(window_count):
        await bus.publish_media(analysis_id, part_id, window(index))
    await bus.publish_media(analysis_id, part_id, end(window_count))


async def read_part(bus: Bus, analysis_id: str = "a1", part_id: str = "part-0", silence_s: float = 5.0) -> list[int]:
    """Indices of the windows, up to the end of the part."""
    async with bus.media(analysis_id, part_id, silence_s=silence_s) as media:
        return [message.window.index async for message in media if message.HasField("window")]


def room(count: int = 1) -> asyncio.Semaphore:
    return asyncio.Semaphore(count)
