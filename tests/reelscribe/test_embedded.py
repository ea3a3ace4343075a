"""The whole road in one process, with analyzers that only count."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Sequence
from contextlib import aclosing
from pathlib import Path

import pytest

from reelscribe.analyst import Assembler
from reelscribe.embedded import embedded
from reelscribe.v1.analysis_pb2 import AnalyzeVideoResponse, Report
from reelscribe.v1.analyzer_pb2 import AnalyzerResult, Setting, Status
from services.common.analyzer import Analyzer
from services.common.errors import (
    InvalidSetting,
    MediaDirectoryFull,
    NotAVideo,
    ReelscribeError,
    TooMuch,
    UnknownAnalyzer,
)
from services.common.settings import GatewaySettings, MediaSettings, Settings
from services.common.time import span_s
from tests import fakes
from tests.clips import Pictures, Sound, clicks, every, write_clip


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    """Ten seconds at 10 frames a second, a click every second."""
    sound = Sound(blocks=[(0.0, clicks([second + 0.5 for second in range(10)], 10.0))])
    return write_clip(tmp_path / "clip.mkv", Pictures(times_s=every(10, 10.0), rate_hz=10), sound)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(media=MediaSettings(directory=tmp_path / "media"))


@pytest.fixture(autouse=True)
def nothing_left(tmp_path: Path):
    """After every test: no thread of ours, no file in the media directory."""
    before = {thread.ident for thread in threading.enumerate()}
    yield
    media = tmp_path / "media"
    assert not media.exists() or list(media.iterdir()) == []
    left = [
        thread.name for thread in threading.enumerate() if thread.ident not in before and "asyncio" not in thread.name
    ]
    assert left == []


async def events_of(
    here: Settings, clip: Path, kinds: Sequence[type[Analyzer]], **request: object
) -> list[AnalyzeVideoResponse]:
    audio = [kind for kind in kinds if kind is fakes.Loud]
    vision = [kind for kind in kinds if kind is not fakes.Loud]
    catalogue = {name: group for name, group in (("vision", vision), ("audio", audio)) if group}
    async with embedded(here, catalogue=catalogue) as analyst:
        return [event async for event in analyst.analyze(clip, **request)]  # type: ignore[arg-type]


async def report_of(here: Settings, clip: Path, *kinds: type[Analyzer], **request: object) -> Report:
    assembler = Assembler()
    for event in await events_of(here, clip, kinds, **request):
        assembler.take(event)
    return assembler.report


def result_of(report: Report, name: str) -> AnalyzerResult:
    return next(result for result in report.results if result.analyzer == name)


async def test_a_clip_becomes_a_report(settings: Settings, clip: Path):
    report = await report_of(settings, clip, fakes.Seconds, fakes.Silent, fakes.Loud)
    assert [result.analyzer for result in report.results] == ["seconds", "silent", "loud"]
    seconds = result_of(report, "seconds")
    assert seconds.status == Status.STATUS_OK
    assert [finding.id for finding in seconds.findings] == [f"seconds/{number}" for number in range(1, 11)]
    assert [span_s(finding.span) for finding in seconds.findings] == [(s, s + 1) for s in range(10)]
    assert result_of(report, "silent").status == Status.STATUS_EMPTY
    assert len(result_of(report, "loud").findings) == 10
    assert report.video.duration.ToSeconds() == 10
    assert len(report.video.sha256) == 64
    assert report.summary.requested_count == 3


async def test_every_frame_is_decoded_once_whoever_asks(settings: Settings, clip: Path):
    for kinds in ((fakes.Seconds,), (fakes.Seconds, fakes.Silent, fakes.Brightness, fakes.Counting, fakes.Loud)):
        report = await report_of(settings, clip, *kinds)
        assert report.decoding.decoded_frame_count == report.decoding.displayed_frame_count == 100
        assert report.decoding.pass_count == 1
        assert result_of(report, "seconds").coverage.received_count == 100


async def test_events_come_in_order_and_findings_before_the_end(settings: Settings, clip: Path):
    kinds = [event.WhichOneof("event") for event in await events_of(settings, clip, [fakes.Seconds, fakes.Loud])]
    assert kinds[0] == "accepted"
    assert kinds[-1] == "report"
    assert kinds.count("analyzer_ended") == 2
    assert kinds.index("finding") < kinds.index("analyzer_ended") < kinds.index("result")
    assert "progress" in kinds


async def test_one_that_fails_leaves_the_others_alone(settings: Settings, clip: Path):
    report = await report_of(settings, clip, fakes.Failing, fakes.Seconds, fakes.Weightless)
    assert result_of(report, "failing").status == Status.STATUS_FAILED
    assert result_of(report, "seconds").status == Status.STATUS_OK
    skipped = result_of(report, "weightless")
    assert skipped.status == Status.STATUS_SKIPPED
    assert skipped.reason.code == "weights_not_installed"
    assert skipped.reason.fix == "reelscribe models pull yolo99z"


async def test_a_video_of_many_parts_reads_as_one(settings: Settings, clip: Path):
    short_parts = GatewaySettings(part_s=3.0, sample_part_s=4.0, lead_in_s=1.0, parts_in_flight=1)
    settings = settings.model_copy(update={"gateway": short_parts})
    report = await report_of(settings, clip, fakes.Seconds, fakes.Counting, fakes.Loud)
    seconds = result_of(report, "seconds")
    assert [span_s(finding.span) for finding in seconds.findings] == [(s, s + 1) for s in range(10)]
    assert seconds.coverage.received_count == seconds.coverage.offered_count == 100
    assert [span_s(item) for item in seconds.coverage.spans] == [(0, 10)]
    assert len(result_of(report, "loud").findings) == 10
    assert result_of(report, "counting").status == Status.STATUS_OK


async def test_media_stays_within_its_budget_whatever_the_length(settings: Settings, tmp_path: Path):
    window_bytes = 160 * 96 * 3 * 10
    gateway = GatewaySettings(part_s=5.0, lead_in_s=1.0, parts_in_flight=1)
    settings = settings.model_copy(update={"gateway": gateway})
    peaks = []
    for length_s in (20, 40):
        clip = write_clip(tmp_path / f"{length_s}.mkv", Pictures(times_s=every(10, length_s), rate_hz=10))
        report = await report_of(settings, clip, fakes.Seconds)
        assert result_of(report, "seconds").coverage.received_count == length_s * 10
        peaks.append(report.decoding.peak_media_bytes)
    assert peaks[1] <= peaks[0] * 1.1
    assert peaks[1] <= window_bytes * 8


async def test_a_setting_of_the_request_reaches_the_analyzer_and_the_report(settings: Settings, clip: Path):
    dark = Setting(name="brightness.threshold", number=255.0)
    report = await report_of(settings, clip, fakes.Brightness, settings=[dark])
    brightness = result_of(report, "brightness")
    assert brightness.status == Status.STATUS_EMPTY
    assert [(item.name, item.number) for item in brightness.settings] == [("brightness.threshold", 255.0)]


@pytest.mark.parametrize(
    ("request_", "error"),
    [
        ({"analyzers": ["cuts"]}, UnknownAnalyzer),
        ({"settings": [Setting(name="brightness.treshold", number=1)]}, InvalidSetting),
    ],
)
async def test_a_wrong_request_is_refused(
    settings: Settings, clip: Path, request_: dict[str, object], error: type[ReelscribeError]
):
    with pytest.raises(error):
        await report_of(settings, clip, fakes.Brightness, **request_)


async def test_a_setting_of_a_wrong_kind_fails_by_name(settings: Settings, clip: Path):
    wrong = Setting(name="brightness.threshold", text="much")
    report = await report_of(settings, clip, fakes.Brightness, settings=[wrong])
    assert result_of(report, "brightness").status == Status.STATUS_FAILED
    assert result_of(report, "brightness").reason.code == "invalid_setting"


async def test_what_is_no_video_is_refused(settings: Settings, tmp_path: Path):
    text = tmp_path / "notes.mp4"
    text.write_text("not a video")
    with pytest.raises(NotAVideo):
        await report_of(settings, text, fakes.Seconds)


async def test_a_video_without_sound_skips_who_listens(settings: Settings, tmp_path: Path):
    clip = write_clip(tmp_path / "mute.mkv", Pictures(times_s=every(10, 2.0)))
    report = await report_of(settings, clip, fakes.Seconds, fakes.Loud)
    loud = result_of(report, "loud")
    assert loud.status == Status.STATUS_SKIPPED
    assert loud.reason.code == "no_audio_stream"
    assert result_of(report, "seconds").status == Status.STATUS_OK


async def test_a_full_media_directory_is_an_error_and_leaves_nothing(settings: Settings, clip: Path, tmp_path: Path):
    tiny = settings.model_copy(update={"media": MediaSettings(directory=tmp_path / "media", budget_bytes=1000)})
    with pytest.raises(MediaDirectoryFull):
        await report_of(tiny, clip, fakes.Seconds)


async def test_leaving_early_cancels(settings: Settings, clip: Path):
    async with embedded(settings, catalogue={"vision": [fakes.Seconds, fakes.Sleeping]}) as analyst:
        events: AsyncIterator[AnalyzeVideoResponse] = analyst.analyze(clip)
        async with aclosing(events):  # type: ignore[type-var]
            async for event in events:
                if event.HasField("finding"):
                    break
        again = [event async for event in analyst.analyze(clip, analyzers=["seconds"])]
    assert again[-1].HasField("report")


async def test_the_deadline_ends_what_hangs_by_name(settings: Settings, clip: Path):
    fakes.Hanging.release.clear()
    releasing = asyncio.get_running_loop().call_later(2.0, fakes.Hanging.release.set)
    report = await report_of(settings, clip, fakes.Hanging, fakes.Seconds, deadline_s=1.0)
    releasing.cancel()
    fakes.Hanging.release.set()
    hanging = result_of(report, "hanging")
    assert hanging.status == Status.STATUS_TIMED_OUT
    assert hanging.reason.code == "deadline"
    assert result_of(report, "seconds").status == Status.STATUS_OK


async def test_more_than_may_be_in_flight_is_told_to_come_back(settings: Settings, clip: Path):
    one = settings.model_copy(update={"gateway": GatewaySettings(analyses_in_flight=1)})
    async with embedded(one, catalogue={"vision": [fakes.Sleeping]}) as analyst:
        first = analyst.analyze(clip)
        await anext(first)
        with pytest.raises(TooMuch) as refused:
            await anext(analyst.analyze(clip))
        assert refused.value.retry_after_s > 0
        rest = [event async for event in first]
    assert rest[-1].HasField("report")


async def test_two_videos_at_a_time_do_not_mix(settings: Settings, clip: Path, tmp_path: Path):
    other = write_clip(tmp_path / "other.mkv", Pictures(times_s=every(10, 4.0)))

    async def run(path: Path) -> Report:
        assembler = Assembler()
        async for event in analyst.analyze(path):
            assembler.take(event)
        return assembler.report

    async with embedded(settings, catalogue={"vision": [fakes.Seconds, fakes.Counting]}) as analyst:
        ten, four = await asyncio.gather(run(clip), run(other))
    assert [len(result.findings) for result in ten.results] == [10, 10]
    assert [len(result.findings) for result in four.results] == [4, 4]


async def concluded(settings: Settings, clip: Path, *names: str) -> tuple[list[AnalyzeVideoResponse], Report]:
    """With two insights that read `seconds` and `loud`."""
    catalogue = {"vision": [fakes.Seconds, fakes.Failing], "audio": [fakes.Loud]}
    assembler, events = Assembler(), []
    async with embedded(
        settings, analyzers=names, catalogue=catalogue, insights=(fakes.Stumbling, fakes.Pairs)
    ) as analyst:
        async for event in analyst.analyze(clip, analyzers=names):
            events.append(event)
            assembler.take(event)
    return events, assembler.report


async def test_insights_read_what_the_others_found(settings: Settings, clip: Path):
    events, report = await concluded(settings, clip)
    assert [result.analyzer for result in report.results] == ["seconds", "failing", "loud", "stumbling", "pairs"]
    pairs = result_of(report, "pairs")
    assert (pairs.service, pairs.status, len(pairs.findings)) == ("gateway", Status.STATUS_OK, 20)
    known = {finding.id for result in report.results for finding in result.findings}
    assert all(known.issuperset(finding.evidence_ids) for finding in pairs.findings)
    assert pairs.findings[0].id == "pairs/1"
    ended = [event.analyzer_ended.analyzer for event in events if event.HasField("analyzer_ended")]
    assert sorted(ended) == ["failing", "loud", "pairs", "seconds", "stumbling"]
    assert set(ended[-2:]) == {"stumbling", "pairs"}
    told = [event.finding.finding for event in events if event.finding.analyzer == "pairs"]
    assert len(told) == 20
    assert not any(finding.id for finding in told)
    assert list(events[0].accepted.analyzers) == [result.analyzer for result in report.results]
    assert report.summary.requested_count == 5


async def test_an_insight_that_fails_takes_nobody_along(settings: Settings, clip: Path):
    _, report = await concluded(settings, clip)
    stumbling = result_of(report, "stumbling")
    assert (stumbling.status, stumbling.error.type) == (Status.STATUS_FAILED, "RuntimeError")
    assert result_of(report, "pairs").status == Status.STATUS_OK
    assert report.summary.failed_count == 2


async def test_an_insight_reads_only_what_was_chosen(settings: Settings, clip: Path):
    _, report = await concluded(settings, clip, "seconds", "pairs")
    assert [result.analyzer for result in report.results] == ["seconds", "pairs"]
    assert len(result_of(report, "pairs").findings) == 10


async def test_an_insight_asked_for_alone_is_skipped_and_says_what_it_would_read(settings: Settings, clip: Path):
    _, report = await concluded(settings, clip, "pairs")
    (pairs,) = report.results
    assert pairs.status == Status.STATUS_SKIPPED
    assert "seconds took no part" in pairs.reason.message
    assert pairs.reason.fix == "reelscribe analyze VIDEO -a seconds,loud,pairs"


async def test_insights_nobody_asked_for_do_not_answer(settings: Settings, clip: Path):
    _, report = await concluded(settings, clip, "seconds")
    assert [result.analyzer for result in report.results] == ["seconds"]


async def test_insights_are_listed(settings: Settings):
    async with embedded(settings, catalogue={"vision": [fakes.Seconds]}, insights=(fakes.Pairs,)) as analyst:
        listed = await analyst.analyzers()
    assert [(item.name, item.service) for item in listed] == [("seconds", "vision"), ("pairs", "gateway")]
