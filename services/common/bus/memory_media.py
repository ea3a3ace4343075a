"""A part's media messages, kept for readers that come late, within one process."""

from __future__ import annotations

import asyncio

from reelscribe.v1.bus_pb2 import MediaMessage
from services.common.bus.contract import MediaSilent
from services.common.errors import MediaLost


class MediaLog:
    """A part's messages, and a bell that rings when one is added."""

    def __init__(self) -> None:
        self.messages: list[bytes] = []
        self.reader_count = 0
        self._bell = asyncio.Event()

    def append(self, data: bytes) -> None:
        self.messages.append(data)
        self._bell.set()
        self._bell = asyncio.Event()

    def drop(self) -> None:
        """Forget them; who still reads hears silence."""
        self.messages = []

    async def grown(self) -> None:
        await self._bell.wait()


class LogReader:
    """One reader's place in a part's media."""

    def __init__(self, log: MediaLog, analysis_id: str, part_id: str, silence_s: float) -> None:
        self._log = log
        self._name = (analysis_id, part_id)
        self._silence_s = silence_s
        self._position = 0
        self._ended = False

    def __aiter__(self) -> LogReader:
        return self

    async def __anext__(self) -> MediaMessage:
        if self._ended:
            raise StopAsyncIteration
        try:
            async with asyncio.timeout(self._silence_s):
                while self._position >= len(self._log.messages):
                    await self._log.grown()
        except TimeoutError:
            raise MediaSilent(*self._name, self._silence_s) from None
        message = MediaMessage.FromString(self._log.messages[self._position])
        self._ended = message.HasField("end")
        if self._ended and message.end.window_count != self._position:
            raise MediaLost(f"{self._position} of {message.end.window_count} windows of {self._name[1]!r} arrived")
        self._position += 1
        return message
