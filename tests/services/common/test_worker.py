from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from reelscribe.v1.analyzer_pb2 import Status
from reelscribe.v1.bus_pb2 import Presence
from services.common.analyzer import Analyzer
from services.common.part_run import Event, PartRun
from services.common.service import Service
from services.common.worker import CANCELLED_KEPT_COUNT, Worker
from tests import fakes
from tests.services.common.parts import Office, loaded, office, task
from tests.waiting import until


class Clumsy(Service):
    """Breaks at the start of every part, in a way nobody thought of."""

    def start(self, task: object, sink: Callable[[Event], None]) -> PartRun:
        raise OSError("too many open files")


@pytest.fixture(autouse=True)
def no_thread_left():
    before = set(threading.enumerate())
    fakes.Hanging.release.clear()
    fakes.Hanging.started.clear()
    yield
    fakes.Hanging.release.set()
    assert [thread.name for thread in set(threading.enumerate()) - before if "asyncio" not in thread.name] == []


def worker_of(here: Office, service: Service, parts_in_flight: int = 2) -> Worker:
    return Worker(service, here.bus, here.reader, replica_id="vision-1", parts_in_flight=parts_in_flight)


@asynccontextmanager
async def working(here: Office, *kinds: type[Analyzer], parts_in_flight: int = 2) -> AsyncIterator[Worker]:
    """A worker that is asked to stop at the end, and waited for."""
    worker = worker_of(here, loaded(*kinds), parts_in_flight)
    running = asyncio.create_task(worker.run())
    try:
        yield worker
        worker.stop()
        await asyncio.wait_for(running, 30)
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


async def test_every_task_is_answered(tmp_path: Path):
    async with office(tmp_path) as here, working(here, fakes.Seconds, parts_in_flight=2):
        for index in range(5):
            await here.bus.publish_task(task(f"frames-{index}", "seconds"))
            await here.publish(f"frames-{index}", 2)
        await until(lambda: len(here.results) == 5)
    assert {result.status for result in here.results.values()} == {Status.STATUS_OK}


async def test_it_takes_no_more_than_it_has_room_for(tmp_path: Path):
    async with office(tmp_path) as here, working(here, fakes.Hanging, parts_in_flight=1) as worker:
        for index in range(3):
            await here.bus.publish_task(task(f"frames-{index}", "hanging"))
            await here.publish(f"frames-{index}", 1)
        assert await asyncio.to_thread(fakes.Hanging.started.wait, 30)
        assert "1 parts in hand" in repr(worker)
        assert sum(thread.name == "hanging" for thread in threading.enumerate()) == 1
        fakes.Hanging.release.set()
        await until(lambda: len(here.results) == 3)


async def test_stopping_finishes_what_is_in_hand_and_takes_no_more(tmp_path: Path):
    async with office(tmp_path) as here:
        worker = worker_of(here, loaded(fakes.Hanging), 1)
        running = asyncio.create_task(worker.run())
        for index in range(2):
            await here.bus.publish_task(task(f"frames-{index}", "hanging"))
            await here.publish(f"frames-{index}", 1)
        assert await asyncio.to_thread(fakes.Hanging.started.wait, 30)
        worker.stop()
        await asyncio.sleep(0.02)
        assert not running.done()
        fakes.Hanging.release.set()
        await asyncio.wait_for(running, 30)
        assert list(here.results) == [("frames-0", "hanging")]


async def test_a_cancelled_analysis_is_dropped_and_its_room_free_again(tmp_path: Path):
    async with office(tmp_path) as here, working(here, fakes.Seconds, parts_in_flight=1) as worker:
        await here.bus.publish_task(task("frames-0", "seconds"))
        await here.publish("frames-0", 1, ended=False)
        await until(lambda: here.findings.get("seconds"))
        await here.bus.cancel("a")
        await until(lambda: "0 parts" in repr(worker))
        await here.bus.publish_task(task("frames-1", "seconds"))
        await here.publish("frames-1", 1)
        await until(lambda: "0 parts" in repr(worker))
        assert here.results == {}


async def test_cancelled_analyses_are_not_remembered_for_ever(tmp_path: Path):
    async with office(tmp_path) as here, working(here, fakes.Seconds) as worker, here.bus.presences() as presences:
        await anext(presences)
        for number in range(CANCELLED_KEPT_COUNT + 5):
            await here.bus.cancel(f"analysis-{number}")
        await until(lambda: f"analysis-{CANCELLED_KEPT_COUNT + 4}" in worker._cancelled)
        assert len(worker._cancelled) == CANCELLED_KEPT_COUNT


async def test_what_breaks_a_replica_fails_by_name_after_a_few_tries(tmp_path: Path):
    async with office(tmp_path) as here:
        service = Clumsy("vision", [fakes.Seconds], loaded().device)
        service.load()
        worker = worker_of(here, service)
        running = asyncio.create_task(worker.run())
        await here.bus.publish_task(task("frames-0", "seconds"))
        await until(lambda: here.results)
        worker.stop()
        await running
    assert here.results["frames-0", "seconds"].reason.code == "too_many_attempts"


async def test_a_replica_that_is_ended_gives_its_tasks_back(tmp_path: Path):
    async with office(tmp_path) as here:
        ended = asyncio.create_task(worker_of(here, loaded(fakes.Seconds)).run())
        await here.bus.publish_task(task("frames-0", "seconds"))
        await here.publish("frames-0", 1, ended=False)
        await until(lambda: here.findings.get("seconds"))
        ended.cancel()
        await asyncio.gather(ended, return_exceptions=True)
        async with working(here, fakes.Seconds):
            await here.publish("frames-0", 0, claimed=1)
            await until(lambda: here.results)
    assert here.results["frames-0", "seconds"].status == Status.STATUS_OK


async def test_it_shows_itself_ready_and_says_farewell(tmp_path: Path):
    async with office(tmp_path) as here, here.bus.presences() as presences:
        told: list[Presence] = []
        async with working(here, fakes.Seconds, fakes.Weightless):
            told.append(await anext(presences))
        told.append(await anext(presences))
    assert [presence.ready for presence in told] == [True, False]
    assert [item.name for item in told[0].analyzers] == ["seconds", "weightless"]
    assert told[0].analyzers[1].unavailable.code == "weights_not_installed"
