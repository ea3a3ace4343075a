"""Coroutines that run beside a piece of work and end with it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from typing import Any


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
