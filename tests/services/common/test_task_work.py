from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from reelscribe.v1.analyzer_pb2 import Reason, Setting, Status
from reelscribe.v1.bus_pb2 import ResultConfirmation, ResultDelivery
from reelscribe.v1.finding_pb2 import Finding, Text
from services.common.bus import GatewayGone
from services.common.part_run import Event, PartRun
from services.common.service import Service
from services.common.task_work import FINDING_LIMIT_BYTES, TaskDropped, TaskWork
from services.common.time import seconds
from services.common.window import Part, Window
from tests import fakes
from tests.services.common.parts import Office, loaded, office, task
from tests.waiting import until

Verdict = ResultConfirmation.Verdict


class Verbose(fakes.Seconds):
    """The first finding fits no message."""

    name = "verbose"

    def analyze(self, part: Part, windows: Iterator[Window]) -> Iterator[Finding]:
        yield Finding(label="novel", text=Text(content="x" * FINDING_LIMIT_BYTES))
        yield from super().analyze(part, windows)


@pytest.fixture(autouse=True)
def no_thread_left():
    before = set(threading.enumerate())
    yield
    assert [thread.name for thread in set(threading.enumerate()) - before if "asyncio" not in thread.name] == []


async def worked(here: Office, service: Service, *names: str, attempt: int = 1, part_id: str = "frames-0") -> None:
    await TaskWork(service, here.bus, here.reader, task(part_id, *names), attempt).run()


async def test_findings_and_results_are_delivered_with_the_percepts_cost_once(tmp_path: Path):
    async with office(tmp_path) as here:
        await here.publish("frames-0", 3)
        await worked(here, loaded(fakes.Seconds, fakes.Counting, fakes.CountingToo))
    assert {name: result.status for (_, name), result in here.results.items()} == dict.fromkeys(
        ("seconds", "counting", "counting_too"), Status.STATUS_OK
    )
    assert [len(findings) for findings in here.findings.values()] == [3, 3, 3]
    assert [(cost.percept, cost.service) for cost in here.percept_costs] == [("FrameCount", "vision")]
    assert seconds(here.results["frames-0", "seconds"].cost.wall_duration) > 0


async def test_windows_that_never_came_fail_every_analyzer_by_name(tmp_path: Path):
    async with office(tmp_path) as here:
        await here.publish("frames-0", 2, claimed=3)
        await worked(here, loaded(fakes.Seconds, fakes.Silent))
    assert here.results["frames-0", "silent"].reason.code == "media_lost"
    assert here.results["frames-0", "seconds"].status == Status.STATUS_PARTIAL


async def test_media_that_was_released_too_early_is_lost_by_name(tmp_path: Path):
    async with office(tmp_path) as here:
        await here.publish("frames-0", 2)
        for file in here.store.directory.glob("*.a.2"):
            here.store.release(file.name)
        await worked(here, loaded(fakes.Silent))
    assert here.results["frames-0", "silent"].reason.code == "media_lost"


async def test_a_task_that_cannot_be_done_is_refused_by_name(tmp_path: Path):
    async with office(tmp_path) as here:
        await here.publish("frames-0", 1)
        await worked(here, loaded(fakes.Seconds), "minutes")
    assert here.results["frames-0", "minutes"].reason.code == "unknown_analyzer"


async def test_a_task_tried_too_often_fails_by_name(tmp_path: Path):
    async with office(tmp_path) as here:
        work = TaskWork(loaded(fakes.Seconds), here.bus, here.reader, task("frames-0", "seconds"), 4)
        await work.fail_all(Reason(code="too_many_attempts", message="lost"))
    assert here.results["frames-0", "seconds"].status == Status.STATUS_FAILED


async def test_a_finding_that_fits_no_message_is_left_out_and_said_so(tmp_path: Path):
    async with office(tmp_path) as here:
        await here.publish("frames-0", 2)
        await worked(here, loaded(Verbose))
    result = here.results["frames-0", "verbose"]
    assert (result.status, result.reason.code) == (Status.STATUS_PARTIAL, "finding_too_large")
    assert [finding.label for finding in here.findings["verbose"]] == ["second", "second"]


async def test_findings_that_were_lost_on_the_way_are_sent_again(tmp_path: Path):
    asked: list[int] = []

    def decide(delivery: ResultDelivery) -> ResultConfirmation.Verdict:
        asked.append(delivery.finding_count)
        if len(asked) == 1:
            here.findings.clear()
            return Verdict.VERDICT_RESEND
        return Verdict.VERDICT_TAKEN

    async with office(tmp_path) as here:
        here.decide = decide
        await here.publish("frames-0", 3)
        await worked(here, loaded(fakes.Seconds))
    assert asked == [3, 3]
    assert len(here.findings["seconds"]) == 3


async def test_an_answer_nobody_wants_ends_the_work(tmp_path: Path):
    async with office(tmp_path) as here:
        here.decide = lambda delivery: Verdict.VERDICT_DROP
        await here.publish("frames-0", 3)
        with pytest.raises(TaskDropped):
            await worked(here, loaded(fakes.Seconds))


async def test_without_a_gateway_the_work_ends(tmp_path: Path):
    async with office(tmp_path) as here:
        work = TaskWork(loaded(fakes.Seconds), here.bus, here.reader, task("frames-0", analysis_id="gone"), 1)
        here.analysis_id = "gone"
        await here.publish("frames-0", 1)
        with pytest.raises(GatewayGone):
            await work.run()


async def test_a_bad_setting_fails_only_who_has_it(tmp_path: Path):
    wrong = Setting(name="brightness.threshold", text="much")
    async with office(tmp_path) as here:
        await here.publish("frames-0", 2)
        asked = task("frames-0", settings=(wrong,))
        await TaskWork(loaded(fakes.Brightness, fakes.Seconds), here.bus, here.reader, asked, 1).run()
    assert here.results["frames-0", "brightness"].reason.code == "invalid_setting"
    assert here.results["frames-0", "seconds"].status == Status.STATUS_OK


async def test_cancelling_in_the_middle_leaves_no_thread(tmp_path: Path):
    async with office(tmp_path) as here:
        await here.publish("frames-0", 2, ended=False)
        work = asyncio.create_task(worked(here, loaded(fakes.Seconds, fakes.Counting)))
        await until(lambda: here.findings.get("seconds"))
        work.cancel()
        with pytest.raises(asyncio.CancelledError):
            await work
        assert here.results == {}


class Starting(Service):
    """Is cancelled just while it starts its threads."""

    starting = threading.Event()
    go_on = threading.Event()

    def start(self, task: object, sink: Callable[[Event], None]) -> PartRun:
        self.starting.set()
        self.go_on.wait(30)
        return super().start(task, sink)  # type: ignore[arg-type]


async def test_cancelling_during_the_start_leaves_no_thread(tmp_path: Path):
    async with office(tmp_path) as here:
        service = Starting("vision", [fakes.Seconds], loaded().device)
        service.load()
        work = asyncio.create_task(worked(here, service))
        assert await asyncio.to_thread(Starting.starting.wait, 30)
        work.cancel()
        await asyncio.sleep(0.01)
        Starting.go_on.set()
        with pytest.raises(asyncio.CancelledError):
            await work


async def test_more_parts_than_the_pool_has_threads_do_not_hold_each_other_up(tmp_path: Path):
    """Waiting for parts in threads of the pool through which their windows come is a deadlock."""
    asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(1))
    async with office(tmp_path) as here, asyncio.timeout(60):
        service = loaded(fakes.Seconds)
        works = [asyncio.create_task(worked(here, service, part_id=f"frames-{index}")) for index in range(4)]
        for index in range(4):
            await here.publish(f"frames-{index}", 3)
        await asyncio.gather(*works)
    assert len(here.results) == 4
