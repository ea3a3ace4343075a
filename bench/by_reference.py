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
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
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
    from reelscribe.v1.media_pb2 import WindowMedia

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
    parser = options(__doc__.splitlines()[0], repeat=5)
    parser.add_argument("--consume", help="(internal) be the consumer: a JSON of addresses")
    arguments = parser.parse_args()
    use_cores(arguments.cores)
    limit_threads(1)
    if arguments.consume:
        asyncio.run(_consume(json.loads(arguments.consume)))
        return 0
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


@asynccontextmanager
async def _road(folder: Path, frame_count: int) -> AsyncIterator[dict[str, Callable[[], Awaitable[Times]]]]:
    """The arms, each sending one message, with a consumer at the other end."""
    import grpc
    import numpy as np

    from reelscribe.v1.analyzer_pb2 import AnalyzeRequest
    from reelscribe.v1.analyzer_pb2_grpc import AnalyzerServiceStub
    from reelscribe.v1.bus_pb2 import MediaMessage
    from reelscribe.v1.media_pb2 import Window, WindowMedia
    from services.common.bus import BusSettings
    from services.common.bus.jetstream import JetStreamBus
    from services.common.media import MediaStore
    from services.common.settings import default_media_directory

    shape = (frame_count, HEIGHT_PX, WIDTH_PX, 3)
    frames = np.random.default_rng(0).integers(0, 256, shape, dtype=np.uint8)
    with tempfile.TemporaryDirectory(dir=default_media_directory().parent) as directory:
        async with AsyncExitStack() as stack:
            store = stack.enter_context(MediaStore(Path(directory), 1 << 30))
            url = stack.enter_context(nats_server(folder / "nats"))[0] if nats_is_here() else ""
            bus = await stack.enter_async_context(JetStreamBus(url, BusSettings(prefix="bench"))) if url else None
            consumer = await stack.enter_async_context(_consumer(directory, url))
            channel = await stack.enter_async_context(
                grpc.aio.insecure_channel(
                    consumer.address, options=[("grpc.max_send_message_length", MESSAGE_LIMIT_BYTES)]
                )
            )
            call = AnalyzerServiceStub(channel).Analyze()  # type: ignore[no-untyped-call]  # generated

            async def timed(lay_down: Callable[[], WindowMedia], send: Callable[[Window], Awaitable[Any]]) -> Times:
                started_ns = time.monotonic_ns()
                media = lay_down()
                laid_ns = time.monotonic_ns()
                await send(Window(media=[media]))
                have_ns, read_ns = await consumer.answer()
                if media.HasField("reference"):
                    store.release(media.reference.segment)
                laid, way, read = laid_ns - started_ns, have_ns - laid_ns, read_ns - have_ns
                per_frame = 1e6 * frame_count
                return Times(laid_down_ms=laid / per_frame, way_ms=way / per_frame, read_ms=read / per_frame)

            outbox: queue.SimpleQueue[AnalyzeRequest | None] = queue.SimpleQueue()
            plain = stack.enter_context(
                grpc.insecure_channel(
                    consumer.threads_address, options=[("grpc.max_send_message_length", MESSAGE_LIMIT_BYTES)]
                )
            )
            _calls = AnalyzerServiceStub(plain).Analyze(iter(outbox.get, None))  # type: ignore[no-untyped-call]

            async def by_threads(window: Window) -> None:
                outbox.put(AnalyzeRequest(window=window))

            def as_reference() -> WindowMedia:
                return WindowMedia(rendition_id="frames-native", reference=store.write("bench", [frames])[0])

            def as_bytes() -> WindowMedia:
                return WindowMedia(rendition_id="frames-native", data=frames.tobytes())

            async def by_grpc(window: Window) -> None:
                await call.write(AnalyzeRequest(window=window))

            async def by_bus(window: Window) -> None:
                assert bus is not None
                await bus.publish_media("bench", "part", MediaMessage(window=window))

            arms: dict[str, Callable[[], Awaitable[Times]]] = {
                REFERENCE_GRPC: lambda: timed(as_reference, by_grpc),
                BYTES_ASYNCIO: lambda: timed(as_bytes, by_grpc),
                BYTES_THREADS: lambda: timed(as_bytes, by_threads),
            }
            yield {REFERENCE_BUS: lambda: timed(as_reference, by_bus), **arms} if bus else arms
            await call.done_writing()
            outbox.put(None)


@dataclass(slots=True, kw_only=True)
class _Consumer:
    """The other process, as the producer sees it."""

    process: asyncio.subprocess.Process
    address: str
    threads_address: str

    async def answer(self) -> tuple[int, int]:
        """When it held the frame, and when it had read it: monotonic nanoseconds."""
        assert self.process.stdout is not None
        line = await self.process.stdout.readline()
        if not line:
            raise RuntimeError("the consumer ended")
        have_ns, read_ns = json.loads(line)
        return have_ns, read_ns


@asynccontextmanager
async def _consumer(directory: str, url: str) -> AsyncIterator[_Consumer]:
    told = json.dumps({"directory": directory, "nats": url})
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bench.by_reference", "--consume", told, stdout=asyncio.subprocess.PIPE
    )
    try:
        assert process.stdout is not None
        port, threads_port = json.loads(await process.stdout.readline())
        yield _Consumer(process=process, address=f"127.0.0.1:{port}", threads_address=f"127.0.0.1:{threads_port}")
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()


# The consumer


async def _consume(told: dict[str, str]) -> None:
    """Take frames by both ways until the process is ended."""
    import grpc
    import numpy as np

    from reelscribe.v1.analyzer_pb2 import AnalyzeRequest, AnalyzeResponse
    from reelscribe.v1.analyzer_pb2_grpc import AnalyzerServiceServicer, add_AnalyzerServiceServicer_to_server
    from reelscribe.v1.media_pb2 import Window
    from services.common.bus import BusSettings
    from services.common.bus.jetstream import JetStreamBus
    from services.common.media import MediaReader

    reader = MediaReader(Path(told["directory"]))

    def take(window: Window) -> None:
        media = window.media[0]
        frame = reader.open(media.reference) if media.HasField("reference") else np.frombuffer(media.data, np.uint8)
        have_ns = time.monotonic_ns()
        # A sum over machine words looks at every byte at about the speed of memory.
        int(frame.view(np.uint64).sum())
        print(json.dumps([have_ns, time.monotonic_ns()]), flush=True)

    class Door(AnalyzerServiceServicer):
        async def Analyze(self, request_iterator: AsyncIterator[AnalyzeRequest], context: Any) -> AsyncIterator[Any]:  # noqa: N802
            async for request in request_iterator:
                take(request.window)
            yield AnalyzeResponse()

    class PlainDoor(AnalyzerServiceServicer):
        def Analyze(self, request_iterator: Iterator[AnalyzeRequest], context: Any) -> Iterator[Any]:  # noqa: N802
            for request in request_iterator:
                take(request.window)
            yield from ()

    limits = [("grpc.max_receive_message_length", MESSAGE_LIMIT_BYTES)]
    plain = grpc.server(ThreadPoolExecutor(1), options=limits)
    add_AnalyzerServiceServicer_to_server(PlainDoor(), plain)  # type: ignore[no-untyped-call]
    threads_port = plain.add_insecure_port("127.0.0.1:0")
    plain.start()
    server = grpc.aio.server(options=limits)
    add_AnalyzerServiceServicer_to_server(Door(), server)  # type: ignore[no-untyped-call]
    port = server.add_insecure_port("127.0.0.1:0")
    await server.start()
    async with AsyncExitStack() as stack:
        messages = None
        if told["nats"]:
            bus = await stack.enter_async_context(JetStreamBus(told["nats"], BusSettings(prefix="bench")))
            messages = await stack.enter_async_context(bus.media("bench", "part", silence_s=600.0))
        print(json.dumps([port, threads_port]), flush=True)
        if messages is None:
            await server.wait_for_termination()
        else:
            async for message in messages:
                take(message.window)


if __name__ == "__main__":
    raise SystemExit(main())
