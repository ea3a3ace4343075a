from __future__ import annotations

import asyncio
import gc
import sys
import threading
import weakref
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import numpy as np
import pytest
from pydantic import BaseModel

from reelscribe.v1.analyzer_pb2 import AnalyzerResult, ModelUse, Status
from reelscribe.v1.finding_pb2 import Finding
from reelscribe.v1.media_pb2 import Damage
from services.common.analyzer import Analyzer, Percept
from services.common.errors import MediaLost
from services.common.native_threads import NativeThreads
from services.common.part_run import Ended, Event, Found, PartRun
from services.common.window import FrameBatch, Need, Part, Window
from tests import fakes
from tests.windows import part_of


@dataclass
class LaidDown:
    """Ten frames of one second."""

    index: int
    frame_count: int = 10

    @property
    def start_s(self) -> float:
        return float(self.index)

    @property
    def end_s(self) -> float:
        return self.index + 1.0

    def count(self, need: Need) -> int:
        return self.frame_count

    def batch(self, need: Need) -> FrameBatch:
        rgb = np.zeros((self.frame_count, 4, 4, 3), np.uint8)
        pts_s = self.index + np.arange(self.frame_count) / 10
        return FrameBatch(rgb=rgb, pts_s=pts_s, index=np.arange(self.frame_count))


class Run:
    """A PartRun over fakes, its events collected."""

    def __init__(self, *analyzers: type[Analyzer], percepts: tuple[type[Percept], ...] = (), own_start_s: float = 0.0):
        self.events: list[Event] = []
        made = [kind() for kind in analyzers]
        parts = [(analyzer, replace(part_of(analyzer), own_start_s=own_start_s)) for analyzer in made]
        shared = [(kind(), parts[0][1]) for kind in percepts]
        self.run = PartRun(parts, shared, self.events.append, NativeThreads())

    def feed(self, count: int, damage: Damage | None = None) -> Run:
        for index in range(count):
            self.run.feed(LaidDown(index))
        self.run.end(damage)
        self.run.join()
        return self

    def result(self, name: str) -> AnalyzerResult:
        return next(event.result for event in self.events if isinstance(event, Ended) and event.analyzer == name)

    def found(self, name: str) -> int:
        return sum(1 for event in self.events if isinstance(event, Found) and event.analyzer == name)


def test_findings_come_before_the_result_and_coverage_counts_every_frame():
    run = Run(fakes.Seconds).feed(3)
    assert [type(event).__name__ for event in run.events if not hasattr(event, "offset_s")] == ["Found"] * 3 + ["Ended"]
    result = run.result("seconds")
    assert result.status == Status.STATUS_OK
    assert (result.coverage.offered_count, result.coverage.received_count) == (30, 30)
    assert [(span.start_offset.seconds, span.end_offset.seconds) for span in result.coverage.spans] == [(0, 3)]


def test_nothing_found_is_empty_and_not_ok():
    assert Run(fakes.Silent).feed(2).result("silent").status == Status.STATUS_EMPTY


def test_a_part_without_windows_is_empty():
    assert Run(fakes.Seconds).feed(0).result("seconds").status == Status.STATUS_EMPTY


def test_one_that_fails_fails_alone_and_says_why():
    run = Run(fakes.Failing, fakes.Seconds).feed(3)
    failed = run.result("failing")
    assert failed.status == Status.STATUS_FAILED
    assert failed.error.type == "ZeroDivisionError"
    assert "window 0 broke it" in failed.reason.message
    assert run.result("seconds").status == Status.STATUS_OK


def test_one_that_returns_early_looked_at_a_part_only():
    """Twenty frames of a long video, and then no more: the old system called that a success."""
    result = Run(fakes.Lazy).feed(5).result("lazy")
    assert result.status == Status.STATUS_PARTIAL
    assert result.reason.code == "stopped_early"
    assert (result.coverage.offered_count, result.coverage.received_count) == (50, 10)


def test_a_percept_is_computed_once_whoever_asks():
    fakes.FrameCount.runs = 0
    run = Run(fakes.Counting, fakes.CountingToo, percepts=(fakes.FrameCount,)).feed(4)
    assert fakes.FrameCount.runs == 1
    assert run.found("counting") == run.found("counting_too") == 4


def test_a_percept_that_gives_too_little_fails_its_users_and_nobody_else():
    run = Run(fakes.UsingBroken, fakes.Seconds, percepts=(fakes.BrokenPercept,)).feed(3)
    broken = run.result("using_broken")
    assert broken.status == Status.STATUS_FAILED
    assert "BrokenPercept" in broken.reason.message
    assert run.result("seconds").status == Status.STATUS_OK


def test_lost_media_fails_every_analyzer_with_that_reason():
    run = Run(fakes.Silent)
    run.run.feed(LaidDown(0))
    run.run.fail(MediaLost("two windows are gone"))
    run.run.join()
    result = run.result("silent")
    assert result.status == Status.STATUS_FAILED
    assert result.reason.code == "media_lost"


def test_damaged_media_makes_a_result_partial():
    result = Run(fakes.Seconds).feed(2, Damage(reason="truncated", message="the file ends early")).result("seconds")
    assert result.status == Status.STATUS_PARTIAL
    assert result.reason.code == "truncated"


def test_cancelling_ends_all_threads_without_a_result():
    before = threading.active_count()
    run = Run(fakes.Silent, fakes.Counting, percepts=(fakes.FrameCount,))
    run.run.feed(LaidDown(0))
    run.run.cancel()
    run.run.join()
    assert threading.active_count() == before
    assert not [event for event in run.events if isinstance(event, Ended)]


def test_the_lead_in_is_looked_at_but_counted_by_the_part_before():
    result = Run(fakes.Seconds, own_start_s=2.0).feed(5).result("seconds")
    assert (result.coverage.offered_count, result.coverage.received_count) == (30, 30)


@pytest.mark.parametrize("analyzer", [fakes.Seconds, fakes.Silent, fakes.Failing, fakes.Lazy])
def test_every_result_names_its_cost(analyzer: type[Analyzer]):
    cost = Run(analyzer).feed(2).result(analyzer.name).cost
    assert cost.wall_duration.ToNanoseconds() > 0
    assert not cost.HasField("gpu_duration")


class Eager(fakes.Seconds):
    """Fails before it looks at anything, and is no generator."""

    name = "eager"

    def analyze(self, part: Part, windows: Iterator[Window]) -> Iterator[Finding]:
        raise ValueError("no")


class EagerPercept(Percept):
    """The same among percepts."""

    needs = fakes.SMALL

    def perceive(self, part: Part, windows: Iterator[Window]) -> Iterator[int]:
        raise ValueError("no value")


class UsingEager(fakes.Seconds):
    """Waits for what never comes."""

    name = "using_eager"
    uses = (EagerPercept,)


class Exiting(fakes.Seconds):
    """Its library ends the program, as it thinks."""

    name = "exiting"

    def analyze(self, part: Part, windows: Iterator[Window]) -> Iterator[Finding]:
        next(windows)
        sys.exit("bad model")
        yield


class Stubborn(fakes.Seconds):
    """Takes the cancellation for the end, and reports what it has."""

    name = "stubborn"

    def analyze(self, part: Part, windows: Iterator[Window]) -> Iterator[Finding]:
        try:
            for _ in windows:
                pass
        except BaseException:
            yield Finding(label="all")


class Breaking(fakes.Seconds):
    """Fails while it cleans up."""

    name = "breaking"

    def analyze(self, part: Part, windows: Iterator[Window]) -> Iterator[Finding]:
        try:
            yield from super().analyze(part, windows)
        finally:
            raise ValueError("while cleaning up")


class Waiting(fakes.Seconds):
    """Waits for a model, and asks now and then whether it should."""

    name = "waiting"

    def analyze(self, part: Part, windows: Iterator[Window]) -> Iterator[Finding]:
        next(windows)
        while True:
            part.count_processed(0)
            threading.Event().wait(0.005)
        yield


class Choosing(fakes.Seconds):
    """Other weights for a request than the service's own."""

    name = "choosing"
    models = (ModelUse(name="usual"),)

    def models_for(self, settings: BaseModel) -> tuple[ModelUse, ...]:
        return (ModelUse(name="chosen"),)


@pytest.mark.parametrize(("analyzer", "kind"), [(Eager, "ValueError"), (Exiting, "SystemExit")])
def test_one_that_fails_in_an_unusual_way_still_answers(analyzer: type[Analyzer], kind: str):
    result = Run(analyzer).feed(2).result(analyzer.name)
    assert result.status == Status.STATUS_FAILED
    assert result.error.type == kind


def test_a_percept_that_fails_at_once_does_not_leave_its_users_waiting():
    result = Run(UsingEager, percepts=(EagerPercept,)).feed(2).result("using_eager")
    assert result.reason.code == "percept_failed"
    assert "EagerPercept failed: no value" in result.reason.message


def test_one_that_failed_says_how_much_there_was_to_look_at():
    coverage = Run(fakes.Failing).feed(5).result("failing").coverage
    assert (coverage.offered_count, coverage.received_count) == (50, 10)


def test_one_that_returned_before_the_media_were_lost_did_not_look_everywhere():
    run = Run(fakes.Lazy)
    run.run.feed(LaidDown(0))
    run.run.fail(MediaLost("two windows are gone"))
    run.run.join()
    result = run.result("lazy")
    assert (result.status, result.reason.code) == (Status.STATUS_PARTIAL, "media_lost")


@pytest.mark.parametrize("analyzer", [Stubborn, Breaking, Waiting])
def test_however_an_analyzer_takes_a_cancellation_no_result_comes(analyzer: type[Analyzer]):
    run = Run(analyzer)
    run.run.feed(LaidDown(0))
    run.run.cancel()
    run.run.join()
    assert [event for event in run.events if isinstance(event, Ended)] == []


def test_one_that_fails_while_cleaning_up_has_failed():
    result = Run(Breaking).feed(2).result("breaking")
    assert (result.status, result.error.type) == (Status.STATUS_PARTIAL, "ValueError")


def test_models_are_those_the_settings_chose():
    assert [model.name for model in Run(Choosing).feed(1).result("choosing").models] == ["chosen"]


def test_a_run_without_analyzers_is_over_at_once():
    run = PartRun([], [], lambda event: None, NativeThreads())
    assert run.join() == []


async def test_an_event_loop_can_wait_for_a_run_without_a_thread():
    run = Run(fakes.Counting, percepts=(fakes.FrameCount,))
    waiting = asyncio.ensure_future(run.run.over())
    await asyncio.sleep(0)
    assert not waiting.done()
    run.run.feed(LaidDown(0))
    run.run.end()
    assert [cost.percept for cost in await waiting] == ["FrameCount"]
    assert not [thread for thread in threading.enumerate() if thread.name in ("counting", "FrameCount")]


async def test_giving_up_waiting_does_not_end_the_run():
    run = Run(fakes.Silent)
    waiting = asyncio.ensure_future(run.run.over())
    await asyncio.sleep(0)
    waiting.cancel()
    await asyncio.gather(waiting, return_exceptions=True)
    assert run.feed(1).result("silent").status == Status.STATUS_EMPTY


@dataclass
class Pixels:
    """Stands for a mapped file, which stays mapped as long as anybody has it."""

    index: int


@dataclass
class Mapped(LaidDown):
    """A window that holds pixels."""

    pixels: Pixels = field(default_factory=lambda: Pixels(0))


class Tripping(fakes.Seconds):
    """Fails with a window in its hands."""

    name = "tripping"

    def analyze(self, part: Part, windows: Iterator[Window]) -> Iterator[Finding]:
        for window in windows:
            pixels = window._contents._laid_down.pixels  # type: ignore[attr-defined]
            raise ZeroDivisionError(f"{pixels}")
            yield


@pytest.mark.parametrize("how", ["end", "fail", "cancel"])
@pytest.mark.parametrize("analyzer", [fakes.Seconds, Tripping, fakes.UsingBroken, fakes.Lazy])
def test_nothing_of_a_part_stays_in_memory(analyzer: type[Analyzer], how: str):
    """Without the help of the garbage collector, which comes when it likes: pixels are in shared memory."""
    gc.collect()
    gc.disable()
    try:
        run = Run(analyzer, percepts=(fakes.BrokenPercept,) if analyzer is fakes.UsingBroken else ())
        pixels = []
        for index in range(3):
            window = Mapped(index, pixels=Pixels(index))
            pixels.append(weakref.ref(window.pixels))
            run.run.feed(window)
        del window
        {"end": run.run.end, "fail": lambda: run.run.fail(MediaLost("gone")), "cancel": run.run.cancel}[how]()
        run.run.join()
        assert [reference() for reference in pixels] == [None] * 3
    finally:
        gc.enable()
