from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import AsyncIterator, Sequence
from contextlib import aclosing, asynccontextmanager
from pathlib import Path

import grpc
import pytest

from gateway.analyses import Analyses
from gateway.api import VideoAnalysisDoor
from gateway.uploads import Uploads
from reelscribe.analyst import Analyst, Assembler
from reelscribe.client import CHUNK_BYTES, connect, upload_requests
from reelscribe.v1.analysis_pb2_grpc import add_VideoAnalysisServiceServicer_to_server
from reelscribe.v1.analyzer_pb2 import Setting, Status
from services.common.analyzer import Analyzer
from services.common.errors import AnalysisCancelled, BusUnavailable, InvalidInput, NotFound, TooMuch
from services.common.settings import Settings
from tests import fakes
from tests.clips import Pictures, every, write_clip
from tests.gateway.rooms import room, settings_for
from tests.waiting import until


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    return write_clip(tmp_path / "clip.mkv", Pictures(times_s=every(10, 4.0), rate_hz=10))


@pytest.fixture(autouse=True)
def no_thread_left():
    fakes.Hanging.release.clear()
    fakes.Hanging.started.clear()
    yield
    fakes.Hanging.release.set()
    assert [thread.name for thread in threading.enumerate() if "iterat" in thread.name.lower()] == []


@asynccontextmanager
async def connected(settings: Settings, kinds: Sequence[type[Analyzer]]) -> AsyncIterator[tuple[Analyst, Analyses]]:
    """A client of a gateway behind a real port, and the gateway's own side."""
    async with room(settings, kinds) as here:
        with Uploads(settings.gateway) as uploads:
            server = grpc.aio.server()
            door = VideoAnalysisDoor(here.analyses, uploads, settings.gateway)
            add_VideoAnalysisServiceServicer_to_server(door, server)
            port = server.add_insecure_port("127.0.0.1:0")
            await server.start()
            async with connect(f"127.0.0.1:{port}") as client:
                yield client, here.analyses
            await server.stop(1)


def settings_of(folder: Path, **gateway: object) -> Settings:
    return settings_for(folder, upload_directory=folder / "uploads", **gateway)


def files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


async def test_a_file_is_uploaded_and_its_report_comes_back(tmp_path: Path, clip: Path):
    async with connected(settings_of(tmp_path), [fakes.Seconds, fakes.Brightness]) as (client, _):
        assert [item.name for item in await client.analyzers()] == ["seconds", "brightness"]
        assembler = Assembler()
        dark = Setting(name="brightness.threshold", number=255.0)
        async for event in client.analyze(clip, analyzers=["brightness"], settings=[dark], deadline_s=60):
            assembler.take(event)
    report = assembler.report
    assert report.video.name == "clip.mkv"
    assert [(item.analyzer, item.status) for item in report.results] == [("brightness", Status.STATUS_EMPTY)]


async def test_bad_input_is_told_as_the_gateway_meant_it(tmp_path: Path, clip: Path):
    (tmp_path / "notes.mp4").write_text("not a video")
    async with connected(settings_of(tmp_path), [fakes.Seconds]) as (client, _):
        for path, request, reason in (
            (tmp_path / "notes.mp4", {}, "not_a_video"),
            (clip, {"analyzers": ["minutes"]}, "unknown_analyzer"),
            (clip, {"deadline_s": -1.0}, "invalid_input"),
        ):
            with pytest.raises(InvalidInput) as refused:
                [event async for event in client.analyze(path, **request)]  # type: ignore[arg-type]
            assert refused.value.reason == reason


async def test_an_upload_over_the_limit_is_refused_with_its_reason_every_time(tmp_path: Path):
    """gRPC's asyncio client would lose the reason now and then: the server answers while the file is still sent."""
    large = tmp_path / "large.mp4"
    large.write_bytes(os.urandom(8 * CHUNK_BYTES))
    async with connected(settings_of(tmp_path, upload_bytes=CHUNK_BYTES), [fakes.Seconds]) as (client, _):
        for _ in range(20):
            with pytest.raises(InvalidInput) as refused:
                [event async for event in client.analyze(large)]
            assert refused.value.reason == "too_large"


async def test_what_is_no_readable_file_is_told_before_anything_is_sent(tmp_path: Path):
    async with connected(settings_of(tmp_path), [fakes.Seconds]) as (client, _):
        for path in (tmp_path / "none.mp4", tmp_path):
            with pytest.raises(NotFound):
                [event async for event in client.analyze(path)]


async def test_leaving_early_cancels_the_analysis(tmp_path: Path, clip: Path):
    async with connected(settings_of(tmp_path), [fakes.Seconds, fakes.Hanging]) as (client, analyses):
        async with aclosing(client.analyze(clip)) as events:  # type: ignore[type-var]
            async for event in events:
                if event.HasField("finding"):
                    break
        fakes.Hanging.release.set()
        await until(lambda: "0 running" in repr(analyses))
        await until(lambda: analyses.store.used_bytes == 0)


async def test_one_that_was_cancelled_elsewhere_says_so(tmp_path: Path, clip: Path):
    async with (
        connected(settings_of(tmp_path), [fakes.Hanging]) as (client, analyses),
        aclosing(client.analyze(clip)) as events,  # type: ignore[type-var]
    ):
        analysis_id = (await anext(events)).accepted.analysis_id
        analyses.cancel(analysis_id)
        fakes.Hanging.release.set()
        with pytest.raises(AnalysisCancelled):
            [event async for event in events]


async def test_a_busy_gateway_says_when_to_come_back(tmp_path: Path, clip: Path):
    async with (
        connected(settings_of(tmp_path, analyses_in_flight=1), [fakes.Hanging]) as (client, _),
        aclosing(client.analyze(clip)) as events,  # type: ignore[type-var]
    ):
        await anext(events)
        with pytest.raises(TooMuch) as busy:
            [event async for event in client.analyze(clip)]
        assert busy.value.retry_after_s == 5.0
        fakes.Hanging.release.set()
        assert [event async for event in events][-1].HasField("report")


async def test_cancelling_during_the_upload_ends_it(tmp_path: Path):
    large = tmp_path / "large.mp4"
    large.write_bytes(bytes(64 * CHUNK_BYTES))
    async with connected(settings_of(tmp_path), [fakes.Seconds]) as (client, _):
        task = asyncio.create_task(anext(client.analyze(large)))  # type: ignore[arg-type]
        await until(lambda: files(tmp_path / "uploads"))
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        await until(lambda: not files(tmp_path / "uploads"))


async def test_a_gateway_that_is_not_there_is_told_so(clip: Path):
    async with connect("127.0.0.1:1") as client:
        with pytest.raises(BusUnavailable):
            await client.analyzers()
        with pytest.raises(BusUnavailable):
            [event async for event in client.analyze(clip)]


def test_an_upload_says_its_name_and_size_and_then_comes_in_chunks(tmp_path: Path):
    file = tmp_path / "clip.mp4"
    file.write_bytes(bytes(2 * CHUNK_BYTES + 7))
    start, *chunks = upload_requests(file)
    assert (start.start.name, start.start.size_bytes) == ("clip.mp4", 2 * CHUNK_BYTES + 7)
    assert [len(chunk.chunk) for chunk in chunks] == [CHUNK_BYTES, CHUNK_BYTES, 7]
