"""A 6 MB frame reaches another process: by reference over the bus, against as bytes inside a protobuf over gRPC.

The producer starts from an array in its memory. Laying down is a file written to the tmpfs in one arm and a copy into
the message in the other; the way is message, transport and parsing until the consumer holds an array. Whether the
consumer then reads every byte (the reference's pages are only mapped then) is shown apart. One frame is on its way at
a time; clocks of both processes are the same one (CLOCK_MONOTONIC).

    python -m bench by_reference [--repeat 5]
"""

from __future__ import annotations

import asyncio
import json
import queue
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

from bench.common.installation import nats_is_here, nats_server
from bench.common.machine import use_cores
from bench.common.pairs import Ratio, ratio
from bench.common.sheet import Row, Sheet, options
from services.common.device import limit_threads

if TYPE_CHECKING:
    import grpc
    import numpy as np
    import numpy.typing as npt

    from reelscribe.v1.analyzer_pb2 import AnalyzeRequest
    from reelscribe.v1.media_pb2 import Window, WindowMedia
    from services.common.bus.jetstream import JetStreamBus
    from services.common.media import MediaStore

PREFIX, ANALYSIS, PART = "bench", "bench", "part"
"""As the consumer has them."""

HEIGHT_PX, WIDTH_PX = 1920, 1080
MESSAGES_PER_TURN = {1: 20, 8: 4}
"""Frames in a message -> messages of a turn. A window of a second travels as one message; more than 8 frames of this
size pass the limit of the services' own doors. The first message of a turn is not counted."""

MESSAGE_LIMIT_BYTES = 64 << 20
"""As the services' own doors have it."""

REFERENCE_BUS, REFERENCE_GRPC = "reference over NATS", "reference over gRPC"
BYTES_ASYNCIO, BYTES_THREADS = "bytes over gRPC (asyncio)", "bytes over gRPC (threads)"
"""The services' own doors are of the first kind; references are compared with the quicker of the two."""
WANTED = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Times:
    """Milliseconds for each frame of a message."""

    laid_down_ms: float
    way_ms: float
    """From laid down to an array in the consumer."""
    read_ms: float
    """The consumer's look at every byte of it."""


MEASURES: Mapping[str, Callable[[Times], float]] = {
    "the way": lambda each: each.way_ms,
    "the way, every byte read": lambda each: each.way_ms + each.read_ms,
    "laying down and the way": lambda each: each.laid_down_ms + each.way_ms,
    "laying down and the way, every byte read": lambda each: each.laid_down_ms + each.way_ms + each.read_ms,
}
"""Ways to count, all of them shown. A frame is laid down once; the way is what each further service costs."""


def main() -> int:
    """Measure, print, write."""
    arguments = options(__doc__.splitlines()[0], repeat=5).parse_args()
    use_cores(arguments.cores)
    limit_threads(1)
    sheet = Sheet(benchmark="by_reference", title="a 6 MB frame by reference or as bytes", tiny=arguments.tiny)
    turns = 1 if arguments.tiny else arguments.repeat
    sizes = {1: 3} if arguments.tiny else MESSAGES_PER_TURN
    sheet.conditions |= {
        "frame": f"{WIDTH_PX}x{HEIGHT_PX} RGB, {WIDTH_PX * HEIGHT_PX * 3} bytes",
        "turns": f"{turns} for each arm, interleaved; messages of a turn by frames in each: {sizes}, the first of a "
        "turn not counted",
        "warm": "processes, connections and the stream are up; each segment is new, so its pages are",
        "reference": "MediaStore.write -> MediaMessage over the JetStream bus -> MediaReader.open, and the same "
        "reference in a gRPC message",
        "bytes": "WindowMedia.data in AnalyzeRequest over an open gRPC stream -> numpy array on the message's bytes",
    }
    for frame_count, message_count in sizes.items():
        with tempfile.TemporaryDirectory() as folder:
            times = asyncio.run(_produce(Path(folder), turns, frame_count, message_count))
        _fill(sheet, times, frame_count)
    sheet.write(arguments.out)
    return 0


def _fill(sheet: Sheet, times: Mapping[str, list[list[Times]]], frame_count: int) -> None:
    per = "one frame a message" if frame_count == 1 else f"{frame_count} frames a message"
    rows: list[Row] = [
        {
            "arm": arm,
            "lay down_ms": median(each.laid_down_ms for turn in done for each in turn),
            "way_ms": median(each.way_ms for turn in done for each in turn),
            "quickest way_ms": min(each.way_ms for turn in done for each in turn),
            "read every byte_ms": median(each.read_ms for turn in done for each in turn),
        }
        for arm, done in times.items()
    ]
    sheet.table(f"Each frame, {per}: medians", rows)
    references = [arm for arm in times if arm in (REFERENCE_BUS, REFERENCE_GRPC)]
    by_bytes = min(
        (BYTES_ASYNCIO, BYTES_THREADS), key=lambda arm: median(each.way_ms for turn in times[arm] for each in turn)
    )
    ratios = {
        (name, arm): _ratio(times[by_bytes], times[arm], measure)
        for name, measure in MEASURES.items()
        for arm in references
    }
    compared: list[Row] = [
        {"counted": name, **{f"{by_bytes} / {arm}": str(ratios[name, arm]) for arm in references}} for name in MEASURES
    ]
    sheet.table(f"How many times faster, {per}: median of the turns' ratios of medians (lowest to highest)", compared)
    for name in MEASURES:
        sheet.goal(f"{references[0]}, {per}: {name}", ratios[name, references[0]].median, ">=", WANTED)
    if REFERENCE_BUS not in times:
        sheet.note("nats-server is not on PATH: the reference's way over the bus is not measured")


def _ratio(above: Sequence[list[Times]], below: Sequence[list[Times]], measure: Callable[[Times], float]) -> Ratio:
    return ratio([median(map(measure, turn)) for turn in above], [median(map(measure, turn)) for turn in below])


# The producer


async def _produce(folder: Path, turns: int, frame_count: int, message_count: int) -> dict[str, list[list[Times]]]:
    times: dict[str, list[list[Times]]] = {}
    async with _road(folder, frame_count) as arms:
        for turn in range(turns):
            for name in list(arms)[:: 1 if turn % 2 == 0 else -1]:
                done = [await arms[name]() for _ in range(message_count)]
                times.setdefault(name, []).append(done[1:])
    return {name: times[name] for name in arms}


@dataclass(slots=True, kw_only=True)
class _Producer:
    """Lays messages down, sends them, and learns from the consumer when each was there."""

    store: MediaStore
    frames: npt.NDArray[np.uint8]
    """(n, height, width, 3): the content of every message."""
    bus: JetStreamBus | None
    call: grpc.aio.StreamStreamCall
    outbox: queue.SimpleQueue[AnalyzeRequest | None]
    """Read by the call of gRPC's threads."""
    consumer: asyncio.StreamReader

    def arms(self) -> dict[str, Callable[[], Awaitable[Times]]]:
        """Each sends one message."""
        arms: dict[str, Callable[[], Awaitable[Times]]] = {
            REFERENCE_GRPC: lambda: self._timed(self._as_reference, self._by_asyncio),
            BYTES_ASYNCIO: lambda: self._timed(self._as_bytes, self._by_asyncio),
            BYTES_THREADS: lambda: self._timed(self._as_bytes, self._by_threads),
        }
        if self.bus is None:
            return arms
        return {REFERENCE_BUS: lambda: self._timed(self._as_reference, self._by_bus), **arms}

    async def _timed(self, lay_down: Callable[[], WindowMedia], send: Callable[[Window], Awaitable[Any]]) -> Times:
        from reelscribe.v1.media_pb2 import Window

        started_ns = time.monotonic_ns()
        media = lay_down()
        laid_ns = time.monotonic_ns()
        await send(Window(media=[media]))
        line = await self.consumer.readline()
        if not line:
            raise RuntimeError("the consumer ended")
        have_ns, read_ns = json.loads(line)
        if media.HasField("reference"):
            self.store.release(media.reference.segment)
        per_frame = 1e6 * len(self.frames)
        return Times(
            laid_down_ms=(laid_ns - started_ns) / per_frame,
            way_ms=(have_ns - laid_ns) / per_frame,
            read_ms=(read_ns - have_ns) / per_frame,
        )

    def _as_reference(self) -> WindowMedia:
        from reelscribe.v1.media_pb2 import WindowMedia

        return WindowMedia(rendition_id="frames-native", reference=self.store.write(ANALYSIS, [self.frames])[0])

    def _as_bytes(self) -> WindowMedia:
        from reelscribe.v1.media_pb2 import WindowMedia

        return WindowMedia(rendition_id="frames-native", data=self.frames.tobytes())

    async def _by_asyncio(self, window: Window) -> None:
        from reelscribe.v1.analyzer_pb2 import AnalyzeRequest

        await self.call.write(AnalyzeRequest(window=window))

    async def _by_threads(self, window: Window) -> None:
        from reelscribe.v1.analyzer_pb2 import AnalyzeRequest

        self.outbox.put(AnalyzeRequest(window=window))

    async def _by_bus(self, window: Window) -> None:
        from reelscribe.v1.bus_pb2 import MediaMessage

        assert self.bus is not None
        await self.bus.publish_media(ANALYSIS, PART, MediaMessage(window=window))


@asynccontextmanager
async def _road(folder: Path, frame_count: int) -> AsyncIterator[dict[str, Callable[[], Awaitable[Times]]]]:
    """The arms, with a consumer at the other end."""
    import grpc
    import numpy as np

    from reelscribe.v1.analyzer_pb2_grpc import AnalyzerServiceStub
    from services.common.bus import BusSettings
    from services.common.bus.jetstream import JetStreamBus
    from services.common.media import MediaStore
    from services.common.settings import default_media_directory

    limits = [("grpc.max_send_message_length", MESSAGE_LIMIT_BYTES)]
    shape = (frame_count, HEIGHT_PX, WIDTH_PX, 3)
    async with AsyncExitStack() as stack:
        directory = stack.enter_context(tempfile.TemporaryDirectory(dir=default_media_directory().parent))
        url = stack.enter_context(nats_server(folder / "nats"))[0] if nats_is_here() else ""
        bus = await stack.enter_async_context(JetStreamBus(url, BusSettings(prefix=PREFIX))) if url else None
        consumer = await stack.enter_async_context(_consumer(directory, url))
        ports = json.loads(await consumer.readline())
        channel = await stack.enter_async_context(grpc.aio.insecure_channel(f"127.0.0.1:{ports[0]}", options=limits))
        plain = stack.enter_context(grpc.insecure_channel(f"127.0.0.1:{ports[1]}", options=limits))
        outbox: queue.SimpleQueue[AnalyzeRequest | None] = queue.SimpleQueue()
        # Held, since a call that nobody holds is cancelled.
        threads_call = AnalyzerServiceStub(plain).Analyze(iter(outbox.get, None))  # type: ignore[no-untyped-call]
        producer = _Producer(
            store=stack.enter_context(MediaStore(Path(directory), 1 << 30)),
            frames=np.random.default_rng(0).integers(0, 256, shape, dtype=np.uint8),
            bus=bus,
            call=AnalyzerServiceStub(channel).Analyze(),  # type: ignore[no-untyped-call]  # generated
            outbox=outbox,
            consumer=consumer,
        )
        yield producer.arms()
        await producer.call.done_writing()
        outbox.put(None)
        threads_call.cancel()


@asynccontextmanager
async def _consumer(directory: str, url: str) -> AsyncIterator[asyncio.StreamReader]:
    command = [sys.executable, "-m", "bench.common.frame_consumer", directory, url]
    process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
    try:
        assert process.stdout is not None
        yield process.stdout
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()


if __name__ == "__main__":
    raise SystemExit(main())
