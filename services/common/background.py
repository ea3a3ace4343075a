"""Coroutines that run beside a piece of work and end with it; and work that is not left half done."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any, TypeVar

T = TypeVar("T")


@asynccontextmanager
async def background(*works: Coroutine[Any, Any, object]) -> AsyncIterator[list[asyncio.Task[object]]]:
    """Run `works` beside the body; they are cancelled when it ends, and if one of them fails, the body is cancelled.

    Gives their tasks, for a body that wants to wait for them.

    What was raised first is raised as it is, not inside a group.
    """
    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(work) for work in works]
            try:
                yield tasks
            finally:
                for task in tasks:
                    task.cancel()
    except BaseExceptionGroup as errors:
        raise first_of(errors) from None


def first_of(errors: BaseExceptionGroup[BaseException]) -> BaseException:
    """The first plain exception inside nested groups."""
    inner = errors.exceptions[0]
    return first_of(inner) if isinstance(inner, BaseExceptionGroup) else inner


async def to_the_end(work: Coroutine[Any, Any, T]) -> T:
    """Await `work` until it is done; a cancellation that comes meanwhile, the second one too, is raised after it."""
    task = asyncio.ensure_future(work)
    cancelled: asyncio.CancelledError | None = None
    while not task.done():
        try:
            await asyncio.wait({task})
        except asyncio.CancelledError as error:
            cancelled = error
    if cancelled is not None:
        if not task.cancelled():
            task.exception()  # seen; the cancellation is what the caller must hear of
        raise cancelled
    return task.result()


async def in_thread(make: Callable[[], T], undo: Callable[[T], object]) -> T:
    """What `make` gives, made in a thread. If the caller is cancelled meanwhile, it is undone, not lost."""
    making = asyncio.ensure_future(asyncio.to_thread(make))
    try:
        return await asyncio.shield(making)
    except asyncio.CancelledError:
        await to_the_end(_undone(making, undo))
        raise


async def _undone(making: asyncio.Future[T], undo: Callable[[T], object]) -> None:
    await asyncio.wait({making})
    if not making.cancelled() and making.exception() is None:
        await asyncio.to_thread(undo, making.result())
