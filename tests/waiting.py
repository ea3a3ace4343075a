"""Waits in a test for something that announces itself by no event."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

LOOK_S = 0.005


async def until(told: Callable[[], object], within_s: float = 60.0) -> None:
    """Until `told` is true. Raises TimeoutError."""
    async with asyncio.timeout(within_s):
        while not told():  # noqa: ASYNC110  (what is waited for happens in threads and other tasks)
            await asyncio.sleep(LOOK_S)
