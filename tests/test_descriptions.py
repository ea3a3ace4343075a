"""Descriptions through the whole road: parts and videos in one batch, seams, health after the warm-up, cancelling."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import aclosing
from pathlib import Path

import grpc
import pytest
from grpc_health.v1 import health_pb2, health_pb2_grpc

from reelscribe.analyst import Analyst, Assembler
from reelscribe.embedded import embedded
from reelscribe.v1.analyzer_pb2 import AnalyzerResult, Status
from services.common.analyzer import AnalyzerSettings
from services.common.device import Device
from services.common.server import serve_service
from services.common.settings import GatewaySettings, MediaSettings, ServiceSettings, Settings
from services.common.time import span_s
from services.vlm.analyzers.qwen2_vl_temporal import Qwen2VlTemporal
from services.vlm.engine import Engine
from services.vlm.segment_model import WARM_UP, Request
from tests.clips import Pictures, every, number_of, write_clip
from tests.nats_server import NatsServer, nats_server  # noqa: F401  (a fixture)
from tests.served import served_settings
from tests.services.vlm.script_model import ScriptModel
from tests.waiting import until

HealthStatus = health_pb2.HealthCheckResponse
AnalyzerKind = type[Qwen2VlTemporal]


def what_is_shown(request: Request) -> str:
    """The numbers of the pictures the model was shown."""
    if request.frames[0].shape == WARM_UP.frames[0].shape:
        return "warm"
    return "Pictures " + " ".join(f"n{number_of(frame)}" for frame in request.frames)


@pytest.fixture
def model() -> ScriptModel:
    return ScriptModel(what_is_shown)


@pytest.fixture
def engine(model: ScriptModel, device: Device) -> Iterator[Engine]:
    running = Engine(model, device=device, row_limit=32)
    yield running
    model.may_step.set()
    running.close()


@pytest.fixture
def kind(engine: Engine) -> AnalyzerKind:
    class Scripted(Qwen2VlTemporal):
        """The analyzer over the script model."""

        def __init__(self, settings: AnalyzerSettings | None = None) -> None:
            super().__init__(settings, engine=engine)

    return Scripted


def clip(folder: Path, length_s: float) -> Path:
    """Picture n is shown from n / 4 s."""
    pictures = Pictures(times_s=every(4, length_s), rate_hz=4)
    return write_clip(folder / f"{length_s:g}.mkv", pictures)


def settings_of(folder: Path, **gateway: object) -> Settings:
    return Settings(
        media=MediaSettings(directory=folder / "media"),
        gateway=GatewaySettings(**gateway),
        vlm=ServiceSettings(address="127.0.0.1:0", parts_in_flight=4),
    )


async def result_of(analyst: Analyst, path: Path) -> AnalyzerResult:
    assembler = Assembler()
    async for event in analyst.analyze(path):
        assembler.take(event)
    (result,) = assembler.report.results
    return result


async def test_every_second_is_told_once_across_the_seams_of_parts(kind: AnalyzerKind, tmp_path: Path) -> None:
    settings = settings_of(tmp_path, part_s=3.0, lead_in_s=1.0)
    async with embedded(settings, catalogue={"vlm": [kind]}) as analyst:
        result = await result_of(analyst, clip(tmp_path, 8.0))
    assert result.status == Status.STATUS_OK
    assert [span_s(finding.span) for finding in result.findings] == [(second, second + 1) for second in range(8)]
    assert [finding.description.content for finding in result.findings] == [
        "Pictures " + " ".join(f"n{4 * second + place}" for place in range(4)) for second in range(8)
    ]
    assert result.coverage.processed_count == result.coverage.received_count == 32


async def test_two_videos_in_parts_are_written_in_one_batch(
    kind: AnalyzerKind, engine: Engine, model: ScriptModel, tmp_path: Path
) -> None:
    settings = settings_of(tmp_path, part_s=2.0, lead_in_s=0.0)
    paths = [clip(tmp_path, 4.0), clip(tmp_path, 3.0)]
    async with embedded(settings, catalogue={"vlm": [kind]}) as analyst:
        model.may_step.clear()
        analyses = [asyncio.create_task(result_of(analyst, path)) for path in paths]
        await until(lambda: len(model.asked) - 1 + len(engine._waiting) == 7)
        model.may_step.set()
        long, short = await asyncio.gather(*analyses)
    assert (len(long.findings), len(short.findings)) == (4, 3)
    assert long.findings[3].description.content == "Pictures n12 n13 n14 n15"
    assert max(engine.counts.step_sizes) == 7


async def test_who_leaves_frees_the_places_of_its_segments(
    kind: AnalyzerKind, engine: Engine, model: ScriptModel, tmp_path: Path
) -> None:
    async with embedded(settings_of(tmp_path), catalogue={"vlm": [kind]}) as analyst:
        model.may_step.clear()
        async with aclosing(analyst.analyze(clip(tmp_path, 4.0))) as events:
            await anext(events)
            await until(lambda: len(engine._active) > 0)
            leaving = asyncio.create_task(events.aclose())
            await asyncio.sleep(0.3)
            model.may_step.set()
            await leaving
        await until(lambda: repr(engine).startswith("Engine(0 active, 0 waiting"))
        assert len((await result_of(analyst, clip(tmp_path, 2.0))).findings) == 2


async def test_the_service_is_ready_only_once_the_model_is_warm(
    kind: AnalyzerKind,
    model: ScriptModel,
    nats_server: NatsServer,  # noqa: F811
    tmp_path: Path,
) -> None:
    settings = served_settings(nats_server.url, tmp_path)
    stop, ready = asyncio.Event(), asyncio.Event()
    model.may_step.clear()
    serving = asyncio.create_task(serve_service("vlm", [kind], settings, stop=stop, ready=ready.set))
    try:
        async with grpc.aio.insecure_channel(settings.vlm.address) as channel:
            await channel.channel_ready()
            await until(model.stepped.is_set)
            asked = health_pb2.HealthCheckRequest(service="reelscribe.v1.AnalyzerService")
            stub = health_pb2_grpc.HealthStub(channel)
            assert (await stub.Check(asked)).status == HealthStatus.NOT_SERVING
            assert not ready.is_set()
            model.may_step.set()
            await asyncio.wait_for(ready.wait(), 60)
            assert (await stub.Check(asked)).status == HealthStatus.SERVING
    finally:
        model.may_step.set()
        stop.set()
        await asyncio.wait_for(serving, 60)
