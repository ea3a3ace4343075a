"""How many bytes of media may be laid down at a time, over all analyses: reserved before a part is decoded."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

RESERVABLE_SHARE = 0.9
"""The rest is room for lead-ins, which outlive the part they were reserved with."""


class MediaBudget:
    """Reservations wait until there is room, so that memory does not grow with a video's length."""

    def __init__(self, total_bytes: int) -> None:
        self.reservable_bytes = int(total_bytes * RESERVABLE_SHARE)
        self._reserved_bytes = 0
        self._changed = asyncio.Condition()

    def __repr__(self) -> str:
        return f"MediaBudget({self._reserved_bytes} of {self.reservable_bytes} bytes reserved)"

    @asynccontextmanager
    async def reserve(self, size_bytes: int) -> AsyncIterator[None]:
        """Hold size_bytes (at most all that can be reserved), waiting for them if need be."""
        wanted = min(size_bytes, self.reservable_bytes)
        async with self._changed:
            await self._changed.wait_for(lambda: self._reserved_bytes + wanted <= self.reservable_bytes)
            self._reserved_bytes += wanted
        try:
            yield
        finally:
            self._reserved_bytes -= wanted
            await asyncio.shield(self._notify())

    async def _notify(self) -> None:
        async with self._changed:
            self._changed.notify_all()
