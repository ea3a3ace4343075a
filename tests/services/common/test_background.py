from __future__ import annotations

import asyncio
import threading

import pytest

from services.common.background import background, first_of, in_thread, to_the_end


async def test_works_end_with_the_body():
    ended = asyncio.Event()

    async def work() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()

    async with background(work()):
        await asyncio.sleep(0)
    assert ended.is_set()


async def test_the_body_is_cancelled_when_a_work_fails_and_hears_why():
    async def work() -> None:
        raise ZeroDivisionError("broken")

    with pytest.raises(ZeroDivisionError, match="broken"):
        async with background(work()):
            await asyncio.Event().wait()


async def test_the_bodys_own_error_comes_as_it_is():
    with pytest.raises(KeyError):
        async with background(asyncio.sleep(10)):
            raise KeyError


async def test_a_body_can_wait_for_a_work():
    async def work() -> int:
        return 7

    async with background(work()) as (task,):
        assert await task == 7


async def test_cancelling_from_outside_stays_a_cancellation():
    async def run() -> None:
        async with background(asyncio.sleep(10)):
            await asyncio.Event().wait()

    task = asyncio.create_task(run())
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


def test_the_first_of_nested_groups():
    inner = BaseExceptionGroup("inner", [KeyError("a"), ValueError("b")])
    assert isinstance(first_of(BaseExceptionGroup("outer", [inner])), KeyError)


@pytest.mark.parametrize("cancel_count", [1, 3])
async def test_to_the_end_is_not_cut_short_by_cancelling(cancel_count: int):
    allowed, done = asyncio.Event(), []

    async def work() -> None:
        await allowed.wait()
        done.append(True)

    task = asyncio.create_task(to_the_end(work()))
    for _ in range(cancel_count):
        await asyncio.sleep(0)
        task.cancel()
    await asyncio.sleep(0)
    assert not task.done()
    allowed.set()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert done == [True]


async def test_to_the_end_gives_what_came_of_it():
    async def work(number: int) -> float:
        return 1 / number

    assert await to_the_end(work(2)) == 0.5
    with pytest.raises(ZeroDivisionError):
        await to_the_end(work(0))


async def test_what_a_thread_made_is_given_back():
    assert await in_thread(lambda: 7, lambda _: None) == 7
    with pytest.raises(ZeroDivisionError):
        await in_thread(lambda: 1 // 0, lambda _: None)


async def test_what_a_thread_made_for_nobody_is_undone():
    """The cancellation comes while the thread is at work: what it makes must not be left lying."""
    making, allowed, undone = threading.Event(), threading.Event(), []

    def make() -> str:
        making.set()
        allowed.wait(30)
        return "segment"

    task = asyncio.create_task(in_thread(make, undone.append))
    assert await asyncio.to_thread(making.wait, 30)
    task.cancel()
    await asyncio.sleep(0)
    assert not task.done()
    allowed.set()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert undone == ["segment"]


async def test_what_fails_in_a_thread_for_nobody_leaves_nothing_to_undo():
    making, undone = threading.Event(), []

    def make() -> str:
        making.set()
        raise OSError("full")

    task = asyncio.create_task(in_thread(make, undone.append))
    assert await asyncio.to_thread(making.wait, 30)
    task.cancel()
    with pytest.raises((asyncio.CancelledError, OSError)):
        await task
    assert undone == []
