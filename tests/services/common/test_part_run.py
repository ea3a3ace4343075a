from __future__ import annotations

import threading
from dataclasses import dataclass

import numpy as np
import pytest

from reelscribe.v1.analyzer_pb2 import AnalyzerResult, Status
from reelscribe.v1.media_pb2 import Damage
from services.common.analyzer import Analyzer, Percept
from services.common.errors import MediaLost
from services.common.native_threads import NativeThreads
from services.common.part_run import Ended, Event, Found, PartRun
from services.common.window import FrameBatch, Need
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
        from dataclasses import replace

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
