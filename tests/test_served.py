"""The whole road through gRPC and NATS, with analyzers that only count."""

from __future__ import annotations

import asyncio
from pathlib import Path

import grpc
import pytest
from google.rpc import error_details_pb2
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_status import rpc_status

from reelscribe.analyst import Assembler
from reelscribe.client import connect, upload_requests
from reelscribe.v1.analysis_pb2 import (
    AnalyzeVideoRequest,
    CancelAnalysisRequest,
    GetAnalysisRequest,
    Report,
    UploadStart,
    UploadVideoRequest,
)
from reelscribe.v1.analysis_pb2_grpc import VideoAnalysisServiceStub
from reelscribe.v1.analyzer_pb2 import AnalyzeRequest, ListAnalyzersRequest, Status, Task
from reelscribe.v1.analyzer_pb2_grpc import AnalyzerServiceStub
from reelscribe.v1.media_pb2 import (
    EndOfPart,
    MediaReference,
    Part,
    Rendition,
    SampleFormat,
    StreamKind,
    Window,
    WindowMedia,
)
from services.common.time import span, span_s
from tests import fakes
from tests.clips import Pictures, Sound, clicks, every, write_clip
from tests.nats_server import NatsServer, nats_server  # noqa: F401  (a fixture)
from tests.served import served, served_settings

VISION = [fakes.Seconds, fakes.Counting, fakes.CountingToo, fakes.Failing, fakes.Weightless]
CATALOGUE = {"vision": VISION, "audio": [fakes.Loud]}


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    sound = Sound(blocks=[(0.0, clicks([second + 0.5 for second in range(10)], 10.0))])
    return write_clip(tmp_path / "clip.mkv", Pictures(times_s=every(10, 10.0), rate_hz=10), sound)


async def report_of(address: str, clip: Path, **request: object) -> Report:
    assembler = Assembler()
    async with connect(address) as gateway:
        async for event in gateway.analyze(clip, **request):  # type: ignore[arg-type]
            assembler.take(event)
    return assembler.report


async def test_a_clip_becomes_a_report_through_all_processes(nats_server: NatsServer, tmp_path: Path, clip: Path):  # noqa: F811
    settings = served_settings(nats_server.url, tmp_path, part_s=4.0, lead_in_s=1.0)
    async with served(settings, CATALOGUE) as address:
        report = await report_of(address, clip)
    by_name = {result.analyzer: result for result in report.results}
    assert [span_s(finding.span) for finding in by_name["seconds"].findings] == [(s, s + 1) for s in range(10)]
    assert by_name["seconds"].coverage.received_count == 100
    assert len(by_name["loud"].findings) == 10
    assert by_name["failing"].status == Status.STATUS_FAILED
    assert by_name["weightless"].status == Status.STATUS_SKIPPED
    assert [cost.percept for cost in report.percept_costs] == ["FrameCount"]
    assert report.video.name == "clip.mkv"
    assert list((tmp_path / "media").iterdir()) == []
    assert list((tmp_path / "uploads").iterdir()) == []


async def test_a_service_on_another_host_reads_through_the_gateway(nats_server: NatsServer, tmp_path: Path, clip: Path):  # noqa: F811
    """The service's media directory is another one, so no segment is found there."""
    settings = served_settings(nats_server.url, tmp_path)
    here = settings.gateway.model_copy(update={"media_service_address": settings.gateway.address})
    settings = settings.model_copy(update={"gateway": here})
    elsewhere = settings.model_copy(
        update={"media": settings.media.model_copy(update={"directory": tmp_path / "elsewhere"})}
    )
    from services.common.server import serve_service

    stop, ready = asyncio.Event(), asyncio.Event()
    far = asyncio.create_task(serve_service("vision", VISION, elsewhere, stop=stop, ready=ready.set))
    await asyncio.wait_for(ready.wait(), 60)
    async with served(settings, {"audio": [fakes.Loud]}) as address:
        report = await report_of(address, clip, analyzers=["seconds", "loud"])
    stop.set()
    await asyncio.wait_for(far, 60)
    assert [result.status for result in report.results] == [Status.STATUS_OK, Status.STATUS_OK]
    assert len(report.results[0].findings) == 10


async def test_health_tells_life_from_readiness(nats_server: NatsServer, tmp_path: Path):  # noqa: F811
    settings = served_settings(nats_server.url, tmp_path)
    async with served(settings, CATALOGUE) as address:
        for where, name in (
            (address, "reelscribe.v1.VideoAnalysisService"),
            (settings.vision.address, "reelscribe.v1.AnalyzerService"),
        ):
            async with grpc.aio.insecure_channel(where) as channel:
                stub = health_pb2_grpc.HealthStub(channel)
                for service in ("", name):
                    answer = await stub.Check(health_pb2.HealthCheckRequest(service=service))
                    assert answer.status == health_pb2.HealthCheckResponse.SERVING


async def error_of(call: object) -> tuple[grpc.StatusCode, str]:
    """Status code and the stable reason."""

    async def finish() -> None:
        if hasattr(call, "__aiter__"):
            async for _ in call:
                pass
        else:
            await call

    with pytest.raises(grpc.aio.AioRpcError) as failed:
        await finish()
    info = error_details_pb2.ErrorInfo()
    for detail in rpc_status.from_call(failed.value).details:
        if detail.Unpack(info):
            assert info.domain == "reelscribe"
    return failed.value.code(), info.reason


async def test_bad_requests_are_told_apart(nats_server: NatsServer, tmp_path: Path, clip: Path):  # noqa: F811
    allowed = tmp_path / "allowed"
    allowed.mkdir()
    (allowed / "notes.txt").write_text("not a video")
    (allowed / "link.mkv").symlink_to(clip)
    settings = served_settings(nats_server.url, tmp_path, allowed_roots=(allowed,), upload_bytes=1000)
    code = grpc.StatusCode
    async with served(settings, CATALOGUE) as address, grpc.aio.insecure_channel(address) as channel:
        stub = VideoAnalysisServiceStub(channel)

        def analyze(**request: object) -> object:
            return stub.AnalyzeVideo(AnalyzeVideoRequest(**request))  # type: ignore[arg-type]

        inside = str(allowed / "notes.txt")
        assert await error_of(analyze()) == (code.INVALID_ARGUMENT, "invalid_input")
        assert await error_of(analyze(upload_id="nobody")) == (code.NOT_FOUND, "not_found")
        assert await error_of(analyze(path=inside)) == (code.INVALID_ARGUMENT, "not_a_video")
        assert await error_of(analyze(path=str(allowed / "none.mp4"))) == (code.NOT_FOUND, "not_found")
        for outside in (str(clip), "/etc/passwd", f"{allowed}/../clip.mkv", "clip.mkv", str(allowed / "link.mkv")):
            assert await error_of(analyze(path=outside)) == (code.INVALID_ARGUMENT, "path_not_allowed")
        assert await error_of(analyze(url="http://127.0.0.1:1/x.mp4")) == (code.INVALID_ARGUMENT, "path_not_allowed")
        unknown = analyze(path=inside, analyzers=["cut_analysis_2"])
        assert await error_of(unknown) == (code.INVALID_ARGUMENT, "unknown_analyzer")
        assert await error_of(stub.UploadVideo(upload_requests(clip))) == (code.INVALID_ARGUMENT, "too_large")
        half = [
            UploadVideoRequest(start=UploadStart(name="half.mp4", size_bytes=100)),
            UploadVideoRequest(chunk=b"x" * 50),
        ]
        assert await error_of(stub.UploadVideo(iter(half))) == (code.INVALID_ARGUMENT, "invalid_input")
        assert await error_of(stub.UploadVideo(iter(half[1:]))) == (code.INVALID_ARGUMENT, "invalid_input")
        assert await error_of(stub.GetAnalysis(GetAnalysisRequest(analysis_id="x"))) == (code.NOT_FOUND, "not_found")
        kept = list((tmp_path / "uploads").rglob("*"))
        assert [path for path in kept if path.is_file()] == []


async def test_an_analysis_can_be_read_again_and_cancelled(nats_server: NatsServer, tmp_path: Path, clip: Path):  # noqa: F811
    settings = served_settings(nats_server.url, tmp_path, allowed_roots=(tmp_path,))
    catalogue = {"vision": [fakes.Seconds, fakes.Hanging], "audio": [fakes.Loud]}
    fakes.Hanging.release.clear()
    fakes.Hanging.started.clear()
    async with served(settings, catalogue) as address, grpc.aio.insecure_channel(address) as channel:
        stub = VideoAnalysisServiceStub(channel)
        request = AnalyzeVideoRequest(path=str(clip), analyzers=["seconds"])
        first = [event async for event in stub.AnalyzeVideo(request)]
        again = [
            event async for event in stub.GetAnalysis(GetAnalysisRequest(analysis_id=first[-1].report.analysis_id))
        ]
        assert again[-1].report == first[-1].report
        assert again[0].result == first[-2].result

        call = stub.AnalyzeVideo(AnalyzeVideoRequest(path=str(clip)))
        events = aiter(call)
        accepted = await anext(events)
        assert await asyncio.to_thread(fakes.Hanging.started.wait, 30)
        await stub.CancelAnalysis(CancelAnalysisRequest(analysis_id=accepted.accepted.analysis_id))
        fakes.Hanging.release.set()
        assert await error_of(events) == (grpc.StatusCode.ABORTED, "cancelled")
        # The gateway and the services are free again.
        assert [event async for event in stub.AnalyzeVideo(request)][-1].HasField("report")


async def test_a_part_of_a_dead_replica_is_taken_by_another(nats_server: NatsServer, tmp_path: Path, clip: Path):  # noqa: F811
    """A replica that is cancelled in the middle gives its task back; the other one finishes it, counted once."""
    from services.common.server import serve_service

    settings = served_settings(nats_server.url, tmp_path)
    fakes.Hanging.release.clear()
    fakes.Hanging.started.clear()
    stop, ready = asyncio.Event(), asyncio.Event()
    dying = asyncio.create_task(serve_service("vision", [fakes.Hanging], settings, stop=stop, ready=ready.set))
    await asyncio.wait_for(ready.wait(), 60)
    other = settings.model_copy(update={"vision": settings.vision.model_copy(update={"address": "127.0.0.1:0"})})
    async with served(settings, {"audio": [fakes.Loud]}) as address:
        asking = asyncio.create_task(report_of(address, clip))
        assert await asyncio.to_thread(fakes.Hanging.started.wait, 30)
        dying.cancel()
        fakes.Hanging.release.set()
        await asyncio.gather(dying, return_exceptions=True)
        ready.clear()
        living = asyncio.create_task(serve_service("vision", [fakes.Hanging], other, stop=stop, ready=ready.set))
        report = await asyncio.wait_for(asking, 120)
        stop.set()
        await living
    assert {result.analyzer: result.status for result in report.results} == {
        "hanging": Status.STATUS_EMPTY,
        "loud": Status.STATUS_OK,
    }


async def test_a_service_that_never_comes_fails_by_name(nats_server: NatsServer, tmp_path: Path, clip: Path):  # noqa: F811
    from services.common.server import serve_service

    settings = served_settings(nats_server.url, tmp_path, service_absent_s=3.0)
    stop, ready = asyncio.Event(), asyncio.Event()
    leaving = asyncio.create_task(serve_service("vision", [fakes.Seconds], settings, stop=stop, ready=ready.set))
    await asyncio.wait_for(ready.wait(), 60)
    async with served(settings, {"audio": [fakes.Loud]}) as address, connect(address) as gateway:
        assert {item.name for item in await gateway.analyzers()} == {"seconds", "loud"}
        stop.set()
        await leaving
        report = await report_of(address, clip)
    by_name = {result.analyzer: result for result in report.results}
    assert by_name["seconds"].status == Status.STATUS_FAILED
    assert by_name["seconds"].reason.code == "service_absent"
    assert by_name["loud"].status == Status.STATUS_OK


async def test_a_service_nobody_ever_saw_is_named_in_the_report(
    nats_server: NatsServer,  # noqa: F811
    tmp_path: Path,
    clip: Path,
):
    settings = served_settings(nats_server.url, tmp_path, services_known_s=0.5)
    async with served(settings, {"audio": [fakes.Loud]}) as address:
        report = await report_of(address, clip)
    assert [(result.analyzer, result.status) for result in report.results] == [
        ("loud", Status.STATUS_OK),
        ("vision", Status.STATUS_FAILED),
    ]
    assert report.results[1].reason.code == "service_absent"


async def test_a_service_alone_takes_bytes_but_no_reference(nats_server: NatsServer, tmp_path: Path):  # noqa: F811
    settings = served_settings(nats_server.url, tmp_path)
    rendition = Rendition(rendition_id="samples-16000-1", samples=SampleFormat(sample_rate_hz=16000, channel_count=1))
    part = Part(part_id="p", stream=StreamKind.STREAM_KIND_SAMPLES, renditions=[rendition])
    task = AnalyzeRequest(task=Task(analysis_id="a", part=part, analyzers=["loud"]))

    def window(media: WindowMedia) -> AnalyzeRequest:
        return AnalyzeRequest(window=Window(span=span(0, 1), media=[media]))

    import numpy as np

    loud = np.full(16000, 0.5, np.float32).tobytes()
    good = window(WindowMedia(rendition_id="samples-16000-1", sample_count=16000, data=loud))
    stolen = window(
        WindowMedia(rendition_id="samples-16000-1", sample_count=16000, reference=MediaReference(segment="a.b.1"))
    )
    short = window(WindowMedia(rendition_id="samples-16000-1", sample_count=16001, data=loud))
    end = AnalyzeRequest(end=EndOfPart(window_count=1))
    async with (
        served(settings, {"vision": [fakes.Seconds], "audio": [fakes.Loud]}),
        grpc.aio.insecure_channel(settings.audio.address) as channel,
    ):
        stub = AnalyzerServiceStub(channel)
        assert [item.name for item in (await stub.ListAnalyzers(ListAnalyzersRequest())).analyzers] == ["loud"]
        answers = [answer async for answer in stub.Analyze(iter([task, good, end]))]
        assert [answer.WhichOneof("event") for answer in answers] == ["finding", "result"]
        assert answers[-1].result.status == Status.STATUS_OK
        for bad in ([task, stolen, end], [task, short, end], [good, end], [task]):
            code, _ = await error_of(stub.Analyze(iter(bad)))
            assert code == grpc.StatusCode.INVALID_ARGUMENT
