"""The same over gRPC and NATS: clients that leave, stop reading or cancel; the server keeps nothing of them."""

from __future__ import annotations

import asyncio
import random
import threading
from contextlib import aclosing
from pathlib import Path

import grpc
import pytest

from reelscribe.client import connect
from reelscribe.v1.analysis_pb2 import AnalyzeVideoRequest
from reelscribe.v1.analysis_pb2_grpc import VideoAnalysisServiceStub
from services.common.bus import BusSettings
from services.common.bus.nats import NatsConnection
from services.common.errors import TooMuch
from services.common.settings import Settings
from tests import fakes
from tests.clips import Pictures, Sound, clicks, every, write_clip
from tests.nats_server import NatsServer, nats_server  # noqa: F401  (a fixture)
from tests.served import served, served_settings
from tests.test_event_loop import Chatty
from tests.waiting import until

LENGTH_S = 6.0
CATALOGUE = {"vision": [fakes.Seconds, fakes.Counting, fakes.Failing, Chatty], "audio": [fakes.Loud]}
NAMES = {kind.name for kinds in CATALOGUE.values() for kind in kinds} | {"FrameCount"}


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    sound = Sound(blocks=[(0.0, clicks([0.5], LENGTH_S))])
    return write_clip(tmp_path / "clip.mkv", Pictures(times_s=every(10, LENGTH_S), rate_hz=10), sound)


async def kept_by_the_server(settings: Settings) -> dict[str, int]:
    """Messages of both streams, and readers of media."""
    prefix = settings.bus.prefix
    async with NatsConnection(settings.bus.url, BusSettings(prefix=prefix)) as connection:
        tasks = (await connection.api(f"STREAM.INFO.{prefix}-tasks"))["state"]
        media = (await connection.api(f"STREAM.INFO.{prefix}-media"))["state"]
    return {"tasks": tasks["messages"], "media": media["messages"], "readers": media["consumer_count"]}


def segments(settings: Settings) -> list[str]:
    return [path.name for path in settings.media.directory.iterdir() if path.suffix != ".lock"]


async def nothing_is_held(settings: Settings) -> None:
    await until(lambda: not segments(settings), within_s=60)
    await until(lambda: not any(thread.name in NAMES for thread in threading.enumerate()), within_s=60)
    async with asyncio.timeout(60):
        while any((await kept_by_the_server(settings)).values()):  # noqa: ASYNC110  (the server tells it when asked)
            await asyncio.sleep(0.1)


async def test_analyses_left_at_any_moment_leave_nothing(nats_server: NatsServer, tmp_path: Path, clip: Path):  # noqa: F811
    chance = random.Random(3)
    settings = served_settings(nats_server.url, tmp_path, part_s=2.0, lead_in_s=1.0, analyses_in_flight=3)

    async def one() -> None:
        while not await taken():  # noqa: ASYNC110  (as a client does that is told to come back)
            await asyncio.sleep(0.1)

    async def taken() -> bool:
        """False where those who left have not been cleared away yet."""
        try:
            await one_try()
        except TooMuch:
            return False
        return True

    async def one_try() -> None:
        async with connect(address) as gateway, aclosing(gateway.analyze(clip)) as events:  # type: ignore[type-var]
            left = chance.choice([10**9, 1, 5, 30, 200])
            event = None
            async for event in events:  # noqa: B007  (the last one is looked at)
                left -= 1
                if left == 0:
                    return
            assert event is not None
            assert event.report.summary.ok_count == 4

    async with served(settings, CATALOGUE) as address, asyncio.timeout(240):
        for _ in range(4):
            await asyncio.gather(*(one() for _ in range(3)))
        await nothing_is_held(settings)


async def test_a_client_that_stops_reading_keeps_no_place_and_leaves_nothing(
    nats_server: NatsServer,  # noqa: F811
    tmp_path: Path,
    clip: Path,
):
    """Several megabytes of findings wait for it; the only place of the gateway must be free for others meanwhile."""
    settings = served_settings(nats_server.url, tmp_path, analyses_in_flight=1, allowed_roots=(tmp_path,))
    async with served(settings, CATALOGUE) as address, asyncio.timeout(240):
        async with grpc.aio.insecure_channel(address) as channel:
            slow = VideoAnalysisServiceStub(channel).AnalyzeVideo(AnalyzeVideoRequest(path=str(clip)))
            assert (await slow.read()).HasField("accepted")
            async with connect(address) as gateway:
                events = []
                while not events:
                    try:
                        events = [event async for event in gateway.analyze(clip, analyzers=["seconds"])]
                    except TooMuch:
                        await asyncio.sleep(0.1)
            assert events[-1].report.summary.ok_count == 1
            slow.cancel()
        await nothing_is_held(settings)
