"""What only a bus within one process could get wrong: sharing objects, and keeping what nobody needs."""

from __future__ import annotations

import asyncio

import pytest

from services.common.bus.memory import MemoryBus
from tests.services.common.bus.sites import presence, publish_part, read_part, room, task, update, window

pytestmark = pytest.mark.timeout(60)


async def test_what_is_published_is_a_copy():
    async with MemoryBus() as bus:
        original, later = task(), update("cut")
        await bus.publish_task(original)
        original.analysis_id = "changed"
        async with bus.gather("a1") as events:
            await bus.publish_update(later)
            later.findings[0].label = "changed"
            assert (await anext(events)).findings[0].label == "cut"
        async with bus.tasks("vision", room()) as tasks, await anext(tasks) as lease:
            assert lease.task == task()
            await lease.done()


async def test_a_presence_is_a_copy():
    async with MemoryBus() as bus, bus.presences() as presences:
        shared = presence("r1")
        async with bus.announcing(lambda: shared):
            (await anext(presences)).ready = False
            assert shared.ready
        assert shared.ready


async def test_a_reader_of_nothing_leaves_nothing():
    async with MemoryBus() as bus:
        async with bus.media("a1", "part-0"), bus.media("a1", "part-0"):
            pass
        assert repr(bus) == "MemoryBus(0 tasks waiting, 0 parts, 0 analyses)"


async def test_a_reader_that_came_first_is_not_cut_off_by_one_that_left():
    async with MemoryBus() as bus, bus.media("a1", "part-0") as media:
        async with bus.media("a1", "part-0"):
            pass
        await bus.publish_media("a1", "part-0", window(0))
        assert (await anext(media)).window.index == 0


async def test_closing_the_bus_ends_all_iterators():
    bus = MemoryBus()
    async with bus.cancellations() as cancellations, bus.presences() as presences, bus.gather("a1") as events:
        waiting = [asyncio.create_task(anext(iterator)) for iterator in (cancellations, presences, events)]
        await asyncio.sleep(0)
        await bus.__aexit__(None, None, None)
        for ended in await asyncio.gather(*waiting, return_exceptions=True):
            assert isinstance(ended, StopAsyncIteration)


async def test_media_are_read_while_they_are_published():
    async with MemoryBus() as bus:
        reading = asyncio.create_task(read_part(bus))
        await asyncio.sleep(0)
        await publish_part(bus, 3)
        assert await reading == [0, 1, 2]


async def test_a_busy_publisher_lets_the_others_run():
    async with MemoryBus() as bus:
        turn_count = 0

        async def count_turns() -> None:
            nonlocal turn_count
            while True:
                await asyncio.sleep(0)
                turn_count += 1

        counting = asyncio.create_task(count_turns())
        for index in range(20):
            await bus.publish_media("a1", "part-0", window(index))
            await bus.publish_update(update("cut"))
            await bus.publish_task(task(part_id=f"part-{index}"))
        counting.cancel()
        assert turn_count >= 50
