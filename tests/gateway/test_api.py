from __future__ import annotations

import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import grpc
import numpy as np
import pytest

from gateway.api import MediaDoor, VideoAnalysisDoor
from gateway.uploads import Uploads
from reelscribe.client import upload_requests
from reelscribe.v1.analysis_pb2 import (
    AnalyzeVideoRequest,
    CancelAnalysisRequest,
    GetAnalysisRequest,
    VideoAnalysisServiceListAnalyzersRequest,
)
from reelscribe.v1.analysis_pb2_grpc import VideoAnalysisServiceStub, add_VideoAnalysisServiceServicer_to_server
from reelscribe.v1.media_pb2 import ReadMediaRequest
from reelscribe.v1.media_pb2_grpc import MediaServiceStub, add_MediaServiceServicer_to_server
from services.common.analyzer import Analyzer
from services.common.media import CHUNK_BYTES, MediaStore
from services.common.settings import Settings
from services.common.time import duration
from tests import fakes
from tests.clips import Pictures, every, write_clip
from tests.gateway.rooms import room, settings_for


@dataclass
class Doors:
    """Stubs of both services of a gateway, and its store."""

    videos: VideoAnalysisServiceStub
    media: MediaServiceStub
    store: MediaStore


@asynccontextmanager
async def doors(settings: Settings, kinds: Sequence[type[Analyzer]]) -> AsyncIterator[Doors]:
    async with room(settings, kinds) as here:
        with Uploads(settings.gateway) as uploads:
            server = grpc.aio.server()
            door = VideoAnalysisDoor(here.analyses, uploads, settings.gateway)
            add_VideoAnalysisServiceServicer_to_server(door, server)
            add_MediaServiceServicer_to_server(MediaDoor(here.analyses.store), server)
            port = server.add_insecure_port("127.0.0.1:0")
            await server.start()
            async with grpc.aio.insecure_channel(f"127.0.0.1:{port}") as channel:
                yield Doors(VideoAnalysisServiceStub(channel), MediaServiceStub(channel), here.analyses.store)
            await server.stop(1)


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    return write_clip(tmp_path / "clip.mkv", Pictures(times_s=every(10, 3.0), rate_hz=10))


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return settings_for(tmp_path, upload_directory=tmp_path / "uploads", allowed_roots=(tmp_path,))


async def code_of(call: grpc.aio.UnaryStreamCall) -> grpc.StatusCode:
    with pytest.raises(grpc.aio.AioRpcError) as failed:
        [each async for each in call]
    return failed.value.code()


async def test_an_upload_says_when_it_is_forgotten_and_can_be_analyzed(settings: Settings, clip: Path):
    async with doors(settings, [fakes.Seconds]) as here:
        before_s = time.time()
        upload = await here.videos.UploadVideo(upload_requests(clip))
        after_s = time.time()
        assert upload.size_bytes == clip.stat().st_size
        assert int(before_s) <= upload.expire_time.seconds - settings.gateway.upload_keep_s <= after_s
        events = [event async for event in here.videos.AnalyzeVideo(AnalyzeVideoRequest(upload_id=upload.upload_id))]
    assert events[-1].report.video.sha256 == upload.sha256


async def test_a_finished_analysis_is_given_again_as_it_was(settings: Settings, clip: Path):
    async with doors(settings, [fakes.Seconds, fakes.Silent]) as here:
        events = [event async for event in here.videos.AnalyzeVideo(AnalyzeVideoRequest(path=str(clip)))]
        analysis_id = events[-1].report.analysis_id
        again = [event async for event in here.videos.GetAnalysis(GetAnalysisRequest(analysis_id=analysis_id))]
        await here.videos.CancelAnalysis(CancelAnalysisRequest(analysis_id=analysis_id))
    assert [event.result for event in again[:-1]] == [event.result for event in events if event.HasField("result")]
    assert again[-1].report == events[-1].report
    assert not again[-1].report.results


async def test_analyzers_are_listed_with_what_they_are(settings: Settings):
    async with doors(settings, [fakes.Seconds, fakes.Weightless]) as here:
        listed = await here.videos.ListAnalyzers(VideoAnalysisServiceListAnalyzersRequest())
    assert [(item.name, item.unavailable.code) for item in listed.analyzers] == [
        ("seconds", ""),
        ("weightless", "weights_not_installed"),
    ]


@pytest.mark.parametrize("seconds", [0.0, -1.0])
async def test_a_deadline_that_has_passed_is_refused(settings: Settings, clip: Path, seconds: float):
    request = AnalyzeVideoRequest(path=str(clip), deadline_duration=duration(seconds))
    async with doors(settings, [fakes.Seconds]) as here:
        assert await code_of(here.videos.AnalyzeVideo(request)) == grpc.StatusCode.INVALID_ARGUMENT


async def test_a_deadline_beyond_the_gateways_own_is_its_own(tmp_path: Path, clip: Path):
    settings = settings_for(tmp_path, allowed_roots=(tmp_path,), deadline_s=0.5, upload_directory=tmp_path / "uploads")
    fakes.Hanging.release.clear()
    request = AnalyzeVideoRequest(path=str(clip), deadline_duration=duration(3600))
    async with doors(settings, [fakes.Hanging]) as here:
        call = here.videos.AnalyzeVideo(request)
        ended = [event async for event in call if event.HasField("analyzer_ended")]
        fakes.Hanging.release.set()
    assert ended[0].analyzer_ended.reason.code == "deadline"


async def test_media_is_read_in_chunks_by_its_range(settings: Settings):
    data = np.arange(CHUNK_BYTES + 5000, dtype=np.uint8)
    async with doors(settings, [fakes.Seconds]) as here:
        (reference,) = here.store.write("a", [data])
        request = ReadMediaRequest(segment=reference.segment, start_bytes=1000, size_bytes=CHUNK_BYTES + 1)
        chunks = [answer.data async for answer in here.media.ReadMedia(request)]
        assert [len(chunk) for chunk in chunks] == [CHUNK_BYTES, 1]
        assert b"".join(chunks) == data[1000 : CHUNK_BYTES + 1001].tobytes()
        beyond = ReadMediaRequest(segment=reference.segment, start_bytes=CHUNK_BYTES, size_bytes=CHUNK_BYTES)
        assert await code_of(here.media.ReadMedia(beyond)) == grpc.StatusCode.OUT_OF_RANGE
        here.store.release(reference.segment)
        for segment in (reference.segment, "../clip.mkv", ""):
            gone = ReadMediaRequest(segment=segment, size_bytes=1)
            assert await code_of(here.media.ReadMedia(gone)) == grpc.StatusCode.NOT_FOUND
