"""A replica in a process of its own that takes one task and never ends: to be killed by a test."""

from __future__ import annotations

import asyncio
import sys

from services.common.bus.jetstream import JetStreamBus
from tests.services.common.bus.sites import QUICK, replaced_prefix, room


async def hold_one_task(url: str, prefix: str) -> None:
    async with (
        JetStreamBus(url, replaced_prefix(QUICK, prefix)) as bus,
        bus.tasks("vision", room()) as tasks,
        await anext(tasks) as lease,
    ):
        sys.stdout.write(f"{lease.attempt}\n")
        sys.stdout.flush()
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(hold_one_task(*sys.argv[1:]))
