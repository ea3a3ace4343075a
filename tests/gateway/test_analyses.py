from __future__ import annotations

import asyncio
from contextlib import aclosing
from pathlib import Path

import pytest

from gateway.analyses import RESULT_LIMIT_BYTES, report_events, result_pieces
from reelscribe.analyst import Assembler
from reelscribe.v1.analysis_pb2 import Progress, Report, Summary
from reelscribe.v1.analyzer_pb2 import AnalyzerResult, Cost, Coverage, ModelUse, Setting, Status
from reelscribe.v1.finding_pb2 import Finding, Text
from services.common.errors import AnalysisCancelled, InvalidSetting, NoService, NotFound, TooMuch, UnknownAnalyzer
from services.common.time import duration, span
from tests import fakes
from tests.clips import Pictures, every, write_clip
from tests.gateway.rooms import events_of, report_of, room, settings_for
from tests.waiting import until

GRPC_LIMIT_BYTES = 4 << 20


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    return write_clip(tmp_path / "clip.mkv", Pictures(times_s=every(10, 4.0), rate_hz=10))


@pytest.fixture(autouse=True)
def hanging():
    fakes.Hanging.release.clear()
    fakes.Hanging.started.clear()
    yield
    fakes.Hanging.release.set()


def large_result(count: int, content: str = "x" * 1000) -> AnalyzerResult:
    return AnalyzerResult(
        analyzer="texts",
        service="vision",
        status=Status.STATUS_OK,
        models=[ModelUse(name="ocr")],
        settings=[Setting(name="texts.reader", text="rapidocr")],
        coverage=Coverage(received_count=7),
        cost=Cost(cpu_duration=duration(2)),
        findings=[
            Finding(id=f"texts/{number}", span=span(number, number + 1), text=Text(content=content))
            for number in range(count)
        ],
    )


@pytest.mark.parametrize("count", [0, 1, 2500, 12000])
def test_a_large_result_comes_in_pieces_that_fit_a_message_and_is_put_together_again(count: int):
    small = AnalyzerResult(analyzer="cuts", status=Status.STATUS_EMPTY)
    report = Report(analysis_id="a", summary=Summary(ok_count=1), results=[small, large_result(count), small])
    assembler = Assembler()
    for event in report_events(report):
        assert event.ByteSize() < GRPC_LIMIT_BYTES
        assembler.take(event)
    assert assembler.report == report


def test_only_the_first_piece_carries_what_is_not_a_finding():
    first, *rest = result_pieces(large_result(5000))
    assert first.models
    assert first.HasField("cost")
    assert rest
    for piece in rest:
        assert (piece.analyzer, piece.service) == ("texts", "vision")
        assert not piece.models
        assert not piece.HasField("cost")
        assert piece.findings


def test_a_finding_larger_than_a_piece_comes_alone():
    pieces = list(result_pieces(large_result(3, "x" * (RESULT_LIMIT_BYTES + 1))))
    assert [len(piece.findings) for piece in pieces] == [1, 1, 1]


async def test_a_report_can_be_had_again(tmp_path: Path, clip: Path):
    async with room(settings_for(tmp_path), [fakes.Seconds]) as here:
        report = await report_of(here, clip)
        assert here.analyses.state(report.analysis_id) == report
        here.analyses.cancel(report.analysis_id)
        assert here.analyses.state(report.analysis_id) == report


async def test_a_report_is_forgotten_after_a_while(tmp_path: Path, clip: Path):
    async with room(settings_for(tmp_path, report_keep_s=1e-6), [fakes.Seconds]) as here:
        report = await report_of(here, clip)
        with pytest.raises(NotFound):
            here.analyses.state(report.analysis_id)


async def test_reports_do_not_pile_up_in_memory(tmp_path: Path, clip: Path, monkeypatch: pytest.MonkeyPatch):
    async with room(settings_for(tmp_path), [fakes.Seconds]) as here:
        first = await report_of(here, clip)
        monkeypatch.setattr("gateway.analyses.KEPT_LIMIT_BYTES", first.ByteSize() + 100)
        second = await report_of(here, clip)
        assert here.analyses.state(second.analysis_id) == second
        with pytest.raises(NotFound):
            here.analyses.state(first.analysis_id)


async def test_how_far_a_running_one_is_can_be_asked_and_it_can_be_cancelled(tmp_path: Path, clip: Path):
    async with room(settings_for(tmp_path), [fakes.Hanging]) as here:
        task = asyncio.create_task(events_of(here, clip))
        assert await asyncio.to_thread(fakes.Hanging.started.wait, 30)
        (analysis_id,) = here.analyses._running
        assert isinstance(here.analyses.state(analysis_id), Progress)
        here.analyses.cancel(analysis_id)
        fakes.Hanging.release.set()
        with pytest.raises(AnalysisCancelled):
            await task
        with pytest.raises(NotFound):
            here.analyses.state(analysis_id)
        await until(lambda: here.laid_down() == [])


@pytest.mark.parametrize("ask", ["state", "cancel"])
async def test_what_was_never_heard_of_is_not_found(tmp_path: Path, ask: str):
    async with room(settings_for(tmp_path), [fakes.Seconds]) as here:
        with pytest.raises(NotFound):
            getattr(here.analyses, ask)("nobody")


async def test_a_reader_that_stops_reading_keeps_no_place(tmp_path: Path, clip: Path):
    """Its analysis goes on, its report is kept, and others may come."""
    async with room(settings_for(tmp_path, analyses_in_flight=1), [fakes.Seconds]) as here:
        async with aclosing(here.analyses.analyze(clip)) as slow:
            analysis_id = (await anext(slow)).accepted.analysis_id
            await until(lambda: not here.analyses._running)
            assert here.laid_down() == []
            assert isinstance(here.analyses.state(analysis_id), Report)
            assert (await report_of(here, clip)).summary.ok_count == 1
            rest = [event async for event in slow]
        assert rest[-1].report.analysis_id == analysis_id


async def test_a_place_is_given_back_whatever_the_end(tmp_path: Path, clip: Path):
    (tmp_path / "notes.mp4").write_text("not a video")
    async with room(settings_for(tmp_path, analyses_in_flight=1), [fakes.Seconds, fakes.Hanging]) as here:
        for path, request in (
            (tmp_path / "none.mp4", {}),
            (tmp_path / "notes.mp4", {}),
            (clip, {"analyzers": ["minutes"]}),
            (clip, {"settings": [Setting(name="seconds.length", number=2)]}),
        ):
            with pytest.raises(Exception, match=r"none|notes|minutes|length"):
                await report_of(here, path, **request)
        task = asyncio.create_task(events_of(here, clip))
        assert await asyncio.to_thread(fakes.Hanging.started.wait, 30)
        with pytest.raises(TooMuch):
            await report_of(here, clip)
        task.cancel()
        fakes.Hanging.release.set()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert (await report_of(here, clip, analyzers=["seconds"])).summary.ok_count == 1
        assert here.laid_down() == []


async def test_unknown_names_are_refused_before_anything_is_decoded(tmp_path: Path):
    async with room(settings_for(tmp_path), [fakes.Seconds]) as here:
        with pytest.raises(UnknownAnalyzer):
            await report_of(here, tmp_path / "none.mp4", analyzers=["minutes"])
        with pytest.raises(InvalidSetting):
            await report_of(here, tmp_path / "none.mp4", settings=[Setting(name="minutes.length", number=1)])


async def test_without_any_service_nothing_can_be_tried(tmp_path: Path, clip: Path):
    async with room(settings_for(tmp_path, services_known_s=0.1), []) as here:
        with pytest.raises(NoService, match="vision"):
            await report_of(here, clip)


async def test_only_a_young_gateway_waits_for_services(tmp_path: Path, clip: Path):
    """A service that is not there must not delay every analysis."""
    settings = settings_for(tmp_path, services=("vision", "vlm"), services_known_s=0.3)
    async with room(settings, [fakes.Seconds]) as here:
        await asyncio.sleep(0.3)
        async with asyncio.timeout(5):
            report = await report_of(here, clip)
    assert [(result.analyzer, result.status) for result in report.results] == [
        ("seconds", Status.STATUS_OK),
        ("vlm", Status.STATUS_FAILED),
    ]
