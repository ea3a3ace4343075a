"""How many bytes of media may be laid down at a time, over all analyses: reserved before a part is decoded."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

FRAMES_SHARE = 0.85
"""Parts of frames are reserved from this; the rest is for sound, whose parts are small enough to need no waiting. By
default a minute of vertical 1080p fits one part, as do five of stereo at 48 kHz and ten of speech."""

LEAD_IN_SHARE = 0.5
"""The lead-in that a part of frames brings along may take this fraction of its own bytes."""

SAMPLES_LEAD_IN_SHARE = 0.1
"""Likewise one of sound: two seconds of twenty, and parts are longer unless the budget is very small."""


class MediaBudget:
    """Reservations wait until there is room, so that memory does not grow with a video's length.

    They cannot wait for each other for ever. A decoder that waits has no part of frames open; those who have one
    fit the budget together with the one that is waited for; they go on, since sound does not wait, and what they
    end is freed by the services.
    """

    def __init__(self, total_bytes: int, *, analyses_in_flight: int = 1, parts_in_flight: int = 1) -> None:
        self.reservable_bytes = int(total_bytes * FRAMES_SHARE)
        self.frame_part_bytes = int(self.reservable_bytes / max(2, analyses_in_flight) / (1 + LEAD_IN_SHARE))
        """Largest part of frames with which that holds; two fit, so that one is decoded while one is analyzed."""
        self.sample_part_bytes = int(
            (total_bytes - self.reservable_bytes) / (analyses_in_flight * parts_in_flight) / (1 + SAMPLES_LEAD_IN_SHARE)
        )
        """Largest part of sound with which all that are in flight fit beside the frames."""
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
