from __future__ import annotations

import asyncio
import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest

import gateway.reading
from gateway.decode import decode
from reelscribe.v1.analyzer_pb2 import Setting, Status, Task
from reelscribe.v1.bus_pb2 import MediaMessage
from reelscribe.v1.finding_pb2 import Finding
from services.common.bus import BusLost
from services.common.bus.memory import MemoryBus
from services.common.errors import BusUnavailable, DecodingFailed
from services.common.time import seconds, span_s
from services.common.window import Part, Window
from tests import fakes
from tests.clips import Pictures, Sound, clicks, every, write_clip
from tests.gateway.rooms import events_of, report_of, result_of, room, settings_for

LENGTH_S = 12.0


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    sound = Sound(blocks=[(0.0, clicks([0.5], LENGTH_S))])
    return write_clip(tmp_path / "clip.mkv", Pictures(times_s=every(10, LENGTH_S), rate_hz=10), sound)


@pytest.fixture(autouse=True)
def nothing_left(tmp_path: Path):
    fakes.Hanging.release.clear()
    fakes.Hanging.started.clear()
    yield
    fakes.Hanging.release.set()
    assert list((tmp_path / "media").iterdir()) == []


class Slow(fakes.Seconds):
    """A window at a time, and then waits to be told to go on."""

    name = "slow"

    def analyze(self, part: Part, windows: Iterator[Window]) -> Iterator[Finding]:
        for number, finding in enumerate(super().analyze(part, windows)):
            yield finding
            if number == 2:
                fakes.Hanging.started.set()
                fakes.Hanging.release.wait()


class Forgetful(MemoryBus):
    """A server that restarts without what it was given, as soon as it is told to."""

    def lose(self) -> None:
        for gathering in self._gatherings.values():
            gathering.inbox.fail(BusLost("the message bus lost tasks and media"))


class Refusing(MemoryBus):
    """Takes so many messages about media and tasks, and no more."""

    def __init__(self, *, media_count: int = 10**9, task_count: int = 10**9) -> None:
        super().__init__()
        self._media_left = iter(range(media_count))
        self._tasks_left = iter(range(task_count))

    async def publish_media(self, analysis_id: str, part_id: str, message: MediaMessage) -> None:
        if next(self._media_left, None) is None:
            raise BusUnavailable("no server")
        await super().publish_media(analysis_id, part_id, message)

    async def publish_task(self, task: Task) -> None:
        if next(self._tasks_left, None) is None:
            raise BusUnavailable("no server")
        await super().publish_task(task)


async def test_the_deadline_keeps_what_was_found_and_claims_no_more(tmp_path: Path, clip: Path):
    async with room(settings_for(tmp_path), [Slow, fakes.Loud]) as here:
        # Time enough to find something on a busy machine; the rest is held back until long after it.
        asyncio.get_running_loop().call_later(12, fakes.Hanging.release.set)
        report = await report_of(here, clip, deadline_s=4.0)
        fakes.Hanging.release.set()
    slow = result_of(report, "slow")
    assert (slow.status, slow.reason.code) == (Status.STATUS_PARTIAL, "deadline")
    assert len(slow.findings) == 3
    assert [span_s(item) for item in slow.coverage.spans] == [(0, 3)]
    assert result_of(report, "loud").status == Status.STATUS_OK


async def test_a_deadline_before_anything_was_decoded_is_not_a_missing_stream(
    tmp_path: Path, clip: Path, monkeypatch: pytest.MonkeyPatch
):
    """ "No audio stream" would be a lie about the file."""

    def stuck(*arguments: object, cancelled: object, **options: object) -> Iterator[object]:
        while not cancelled():  # type: ignore[operator]
            fakes.Hanging.release.wait(0.01)
        yield from ()

    monkeypatch.setattr(gateway.reading, "decode", stuck)
    async with room(settings_for(tmp_path), [fakes.Seconds, fakes.Loud]) as here:
        report = await report_of(here, clip, deadline_s=0.3)
    for result in report.results:
        assert (result.status, result.reason.code) == (Status.STATUS_TIMED_OUT, "deadline")
    assert report.summary.timed_out_count == 2
    assert seconds(report.video.duration) == 0
    assert report.completeness.score == 0


@pytest.mark.parametrize("part_s", [3.0, 60.0])
async def test_a_bus_that_lost_everything_fails_all_by_name_at_once(tmp_path: Path, clip: Path, part_s: float):
    """With short parts the publisher waits for a place at that moment; nobody would ever give it one."""
    bus = Forgetful()
    settings = settings_for(tmp_path, part_s=part_s, parts_in_flight=1)
    async with room(settings, [Slow, fakes.Silent], bus=bus) as here, asyncio.timeout(60):
        task = asyncio.create_task(report_of(here, clip))
        assert await asyncio.to_thread(fakes.Hanging.started.wait, 30)
        bus.lose()
        await asyncio.sleep(0.05)
        fakes.Hanging.release.set()
        report = await task
    slow = result_of(report, "slow")
    assert (slow.status, slow.reason.code) == (Status.STATUS_PARTIAL, "bus_lost")
    assert 1 <= len(slow.findings) <= 3


@pytest.mark.parametrize("media_count", [0, 1, 3, 5, 8])
async def test_a_bus_that_takes_no_more_media_leaves_nobody_waiting(tmp_path: Path, clip: Path, media_count: int):
    bus = Refusing(media_count=media_count)
    settings = settings_for(tmp_path, part_s=3.0, lead_in_s=0.0)
    async with room(settings, [fakes.Seconds], bus=bus) as here, asyncio.timeout(60):
        if media_count == 0:
            with pytest.raises(BusUnavailable):
                await report_of(here, clip)
            return
        report = await report_of(here, clip)
    result = result_of(report, "seconds")
    assert result.status in (Status.STATUS_PARTIAL, Status.STATUS_FAILED)
    assert result.reason.code == "bus_unavailable"
    assert len(result.findings) <= media_count
    assert [damage.reason for damage in report.video.damages] == ["bus_unavailable"]


async def test_a_bus_that_takes_no_more_tasks_leaves_nobody_waiting(tmp_path: Path, clip: Path):
    bus = Refusing(task_count=1)
    async with room(settings_for(tmp_path, part_s=3.0), [fakes.Seconds], bus=bus) as here, asyncio.timeout(60):
        report = await report_of(here, clip)
    result = result_of(report, "seconds")
    assert (result.status, len(result.findings)) == (Status.STATUS_PARTIAL, 3)
    assert result.reason.code == "bus_unavailable"


async def test_a_decoder_that_breaks_in_the_middle_loses_only_the_rest(
    tmp_path: Path, clip: Path, monkeypatch: pytest.MonkeyPatch
):
    def breaking(*arguments: object, **options: object) -> Iterator[object]:
        yield from itertools.islice(decode(*arguments, **options), 8)  # type: ignore[arg-type]
        raise ValueError("a picture of size 0")

    monkeypatch.setattr(gateway.reading, "decode", breaking)
    async with room(settings_for(tmp_path), [fakes.Seconds, fakes.Loud]) as here:
        report = await report_of(here, clip)
    found = result_of(report, "seconds")
    assert (found.status, found.reason.code) == (Status.STATUS_PARTIAL, "decoding_failed")
    assert 2 <= len(found.findings) <= 8
    assert seconds(report.video.duration) < LENGTH_S
    assert report.decoding.decoded_frame_count == found.coverage.received_count
    assert [damage.reason for damage in report.video.damages] == ["decoding_failed"]
    assert report.completeness.score == 0


async def test_a_decoder_that_breaks_at_once_is_an_error(tmp_path: Path, clip: Path, monkeypatch: pytest.MonkeyPatch):
    def broken(*arguments: object, **options: object) -> Iterator[object]:
        raise ValueError("nothing")
        yield

    monkeypatch.setattr(gateway.reading, "decode", broken)
    async with room(settings_for(tmp_path), [fakes.Seconds]) as here:
        with pytest.raises(DecodingFailed, match="ValueError: nothing"):
            await report_of(here, clip)


async def test_analyzers_that_fail_at_once_leave_no_media_behind(tmp_path: Path, clip: Path):
    """Every part is answered while it is still being filled."""
    wrong = Setting(name="brightness.threshold", text="much")
    async with room(settings_for(tmp_path, part_s=3.0, lead_in_s=1.0), [fakes.Brightness]) as here:
        report = await report_of(here, clip, settings=[wrong])
        assert here.laid_down() == []
    assert result_of(report, "brightness").reason.code == "invalid_setting"


async def test_a_request_is_echoed_also_for_who_did_not_answer(tmp_path: Path, clip: Path):
    asked = Setting(name="brightness.threshold", number=7.0)
    async with room(settings_for(tmp_path), [fakes.Brightness, fakes.Hanging], parts_in_flight=1) as here:
        task = asyncio.create_task(report_of(here, clip, analyzers=["hanging"]))
        assert await asyncio.to_thread(fakes.Hanging.started.wait, 30)
        late = await report_of(here, clip, analyzers=["brightness"], settings=[asked], deadline_s=0.3)
        fakes.Hanging.release.set()
        await task
    assert [(item.name, item.number) for item in late.results[0].settings] == [("brightness.threshold", 7.0)]
    assert late.results[0].status == Status.STATUS_TIMED_OUT


async def test_each_analyzers_end_is_told_once_and_before_the_results(tmp_path: Path, clip: Path):
    kinds = [fakes.Seconds, fakes.Silent, fakes.Failing, fakes.Lazy, fakes.Weightless, fakes.Loud]
    async with room(settings_for(tmp_path, part_s=3.0), kinds) as here:
        events = await events_of(here, clip)
    ended = [event.analyzer_ended.analyzer for event in events if event.HasField("analyzer_ended")]
    assert sorted(ended) == sorted(kind.name for kind in kinds)
    first_result = next(number for number, event in enumerate(events) if event.HasField("result"))
    assert not any(event.HasField("analyzer_ended") for event in events[first_result:])


async def test_what_the_pass_cost_is_measured(tmp_path: Path, clip: Path):
    async with room(settings_for(tmp_path), [fakes.Seconds]) as here:
        report = await report_of(here, clip)
    assert report.decoding.pass_count == 1
    assert 0 < seconds(report.decoding.cpu_duration) <= seconds(report.cost.cpu_duration)
    assert 0 < seconds(report.decoding.wall_duration) <= seconds(report.cost.wall_duration)
    assert report.decoding.peak_media_bytes > 0


@pytest.mark.parametrize("parts_in_flight", [1, 2])
async def test_a_budget_of_a_few_windows_slows_down_and_does_not_stop(tmp_path: Path, clip: Path, parts_in_flight: int):
    """Two videos with sound at a time, on room for about ten windows of frames."""
    settings = settings_for(
        tmp_path,
        budget_bytes=10 * 160 * 96 * 3 * 10,
        part_s=4.0,
        sample_part_s=4.0,
        lead_in_s=1.0,
        parts_in_flight=parts_in_flight,
    )
    # A service that reads both streams has two parts open for each analysis.
    async with room(settings, [fakes.Seconds, fakes.Loud], parts_in_flight=4) as here, asyncio.timeout(90):
        reports = await asyncio.gather(report_of(here, clip), report_of(here, clip))
    for report in reports:
        assert report.summary.ok_count == 2
        assert len(result_of(report, "seconds").findings) == 12
