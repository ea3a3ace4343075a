"""`python -m bench.common.frame_consumer DIRECTORY NATS_URL`: takes frames, by reference or as bytes, and says when.

First line on stdout: the ports of its two gRPC servers, [asyncio, threads]. Then for each message [have_ns, read_ns],
monotonic: when it held an array, and when it had looked at every byte of it. An empty URL: no bus.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import grpc
import numpy as np

from reelscribe.v1.analyzer_pb2 import AnalyzeRequest, AnalyzeResponse
from reelscribe.v1.analyzer_pb2_grpc import AnalyzerServiceServicer, add_AnalyzerServiceServicer_to_server
from reelscribe.v1.media_pb2 import Window
from services.common.bus import BusSettings
from services.common.bus.jetstream import JetStreamBus
from services.common.media import MediaReader
from services.common.server import MESSAGE_LIMIT_BYTES

Take = Callable[[Window], None]
LIMITS = [("grpc.max_receive_message_length", MESSAGE_LIMIT_BYTES)]

PREFIX, ANALYSIS, PART = "bench", "bench", "part"
"""Under which the producer publishes."""

SILENCE_S = 600.0


class _AsyncDoor(AnalyzerServiceServicer):
    """As the services' own doors are."""

    def __init__(self, take: Take) -> None:
        self._take = take

    async def Analyze(  # noqa: N802  (the proto's name)
        self, request_iterator: AsyncIterator[AnalyzeRequest], context: Any
    ) -> AsyncIterator[AnalyzeResponse]:
        async for request in request_iterator:
            self._take(request.window)
        yield AnalyzeResponse()


class _ThreadDoor(AnalyzerServiceServicer):
    """The same in a thread."""

    def __init__(self, take: Take) -> None:
        self._take = take

    def Analyze(self, request_iterator: Iterator[AnalyzeRequest], context: Any) -> Iterator[AnalyzeResponse]:  # noqa: N802
        for request in request_iterator:
            self._take(request.window)
        yield AnalyzeResponse()


async def _serve(directory: Path, url: str) -> None:
    reader = MediaReader(directory)

    def take(window: Window) -> None:
        media = window.media[0]
        frame = reader.open(media.reference) if media.HasField("reference") else np.frombuffer(media.data, np.uint8)
        have_ns = time.monotonic_ns()
        # A sum over machine words looks at every byte at about the speed of memory.
        int(frame.view(np.uint64).sum())
        print(json.dumps([have_ns, time.monotonic_ns()]), flush=True)

    server, threads_server = grpc.aio.server(options=LIMITS), grpc.server(ThreadPoolExecutor(1), options=LIMITS)
    add_AnalyzerServiceServicer_to_server(_AsyncDoor(take), server)  # type: ignore[no-untyped-call]
    add_AnalyzerServiceServicer_to_server(_ThreadDoor(take), threads_server)  # type: ignore[no-untyped-call]
    ports = [server.add_insecure_port("127.0.0.1:0"), threads_server.add_insecure_port("127.0.0.1:0")]
    await server.start()
    threads_server.start()
    async with AsyncExitStack() as stack:
        if not url:
            print(json.dumps(ports), flush=True)
            await server.wait_for_termination()
            return
        bus = await stack.enter_async_context(JetStreamBus(url, BusSettings(prefix=PREFIX)))
        messages = await stack.enter_async_context(bus.media(ANALYSIS, PART, silence_s=SILENCE_S))
        print(json.dumps(ports), flush=True)
        async for message in messages:
            take(message.window)


if __name__ == "__main__":
    asyncio.run(_serve(Path(sys.argv[1]), sys.argv[2]))
