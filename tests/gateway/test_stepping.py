from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator

import pytest

from gateway.stepping import stepping


async def test_items_come_in_order_from_one_thread_which_then_ends():
    threads: list[int] = []

    def count() -> Iterator[int]:
        for number in range(5):
            threads.append(threading.get_ident())
            yield number

    before = threading.active_count()
    async with stepping(count(), "counting") as items:
        assert [item async for item in items] == list(range(5))
    assert len(set(threads)) == 1
    assert threads[0] != threading.get_ident()
    assert threading.active_count() == before


async def test_nothing_is_made_before_it_is_asked_for():
    made: list[int] = []

    def count() -> Iterator[int]:
        for number in range(5):
            made.append(number)
            yield number

    async with stepping(count(), "counting") as items:
        async for item in items:
            if item == 1:
                break
    assert made == [0, 1]


async def test_an_error_comes_to_who_asks():
    def fail() -> Iterator[int]:
        yield 0
        raise ZeroDivisionError

    async with stepping(fail(), "failing") as items:
        assert await anext(items) == 0
        with pytest.raises(ZeroDivisionError):
            await anext(items)


async def test_leaving_closes_the_generator_in_its_own_thread():
    closed_by: list[str] = []

    def count() -> Iterator[int]:
        try:
            yield from range(5)
        finally:
            closed_by.append(threading.current_thread().name)

    async with stepping(count(), "counting") as items:
        await anext(items)
    assert closed_by[0].startswith("counting")


@pytest.mark.parametrize("cancel_count", [1, 2])
async def test_cancelling_waits_for_the_step_without_holding_up_the_event_loop(cancel_count: int):
    stepped, leave, closed = threading.Event(), threading.Event(), []

    def slow() -> Iterator[int]:
        try:
            stepped.set()
            leave.wait(30)
            yield 0
        finally:
            closed.append(True)

    async def run() -> None:
        async with stepping(slow(), "slow") as items:
            await anext(items)

    task = asyncio.create_task(run())
    assert await asyncio.to_thread(stepped.wait, 30)
    for _ in range(cancel_count):
        task.cancel()
        await asyncio.sleep(0.01)
    # Had the loop been held up, the step would have given up waiting, and be over.
    assert not task.done()
    assert closed == []
    leave.set()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert closed == [True]
