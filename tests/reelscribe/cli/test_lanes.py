"""Lanes as a person sees them: on a terminal of 80 columns, in a log, and when there are more than fit."""

from __future__ import annotations

import io

from rich.console import Console

from reelscribe.cli.lanes import Lanes, Picture, lanes
from reelscribe.cli.progress import Watch
from reelscribe.v1.analysis_pb2 import AnalyzeVideoResponse
from reelscribe.v1.analyzer_pb2 import AnalyzerFinding, AnalyzerResult, Reason, Status
from reelscribe.v1.finding_pb2 import Finding, Text
from services.common.time import span
from tests.reelscribe.cli.test_progress import accepted, ended, progress

READ = AnalyzeVideoResponse(
    finding=AnalyzerFinding(
        analyzer="text_overlay", finding=Finding(span=span(3, 4), text=Text(content="[b]ein Satz " * 10))
    )
)

SKIPPED = AnalyzeVideoResponse(
    analyzer_ended=AnalyzerResult(
        analyzer="vlm", status=Status.STATUS_SKIPPED, reason=Reason(message="not [installed] here")
    )
)


def drawn(*events: AnalyzeVideoResponse, height: int = 24) -> list[str]:
    watch = Watch("clip.mp4", now_s=lambda: 0.0)
    for event in events:
        watch.take(event)
    console = Console(file=io.StringIO(), width=80, height=height, force_terminal=False)
    console.print(Picture(watch, "loading models"))
    lines = console.file.getvalue().splitlines()  # type: ignore[attr-defined]
    assert all(len(line) <= 80 for line in lines)
    return [line.rstrip() for line in lines]


def test_before_it_is_accepted_it_says_what_is_waited_for() -> None:
    (line,) = drawn()
    assert "clip.mp4: loading models (0 s)" in line


def test_a_lane_each_with_what_was_found_last() -> None:
    heading, *rows = drawn(accepted("text_overlay", "vlm", length_s=20), progress(10, text_overlay=5), READ, SKIPPED)
    assert heading == "clip.mp4  0:10.0 of 0:20.0 decoded, 0 s"
    reading, skipping = rows
    assert reading.startswith("text_overlay ━━━━")
    assert "0:05 1 “[b]ein Satz" in reading
    assert reading.endswith("…")
    assert skipping.split(maxsplit=1) == ["vlm", "skipped  not [installed] here"]


def test_an_analyzer_that_has_ended_says_how_and_when() -> None:
    (_, row) = drawn(accepted("a"), ended("a", Status.STATUS_EMPTY, end_s=20))
    assert row.endswith("0:20  empty  after 0 s")


def test_on_a_low_terminal_those_at_work_are_shown() -> None:
    names = [f"analyzer_{number}" for number in range(20)]
    lines = drawn(accepted(*names), *(ended(name) for name in names[:15]), height=10)
    assert lines[1].startswith("analyzer_15")
    assert lines[-1] == "and 15 that have ended"
    assert len(lines) <= 10


def log_of(*events: AnalyzeVideoResponse) -> list[str]:
    console = Console(file=io.StringIO(), width=80)
    with lanes(console, "clip.mp4", preparing="loading models") as told:
        tell(told, events)
    return console.file.getvalue().splitlines()  # type: ignore[attr-defined,no-any-return]


def tell(told: Lanes, events: tuple[AnalyzeVideoResponse, ...]) -> None:
    for event in events:
        told.take(event)


def test_without_a_terminal_a_line_for_each_end() -> None:
    first, start, text, skip = log_of(accepted("text_overlay", "vlm"), READ, ended("text_overlay"), SKIPPED)
    assert first == "clip.mp4: loading models"
    assert start.endswith("2 analyzers at work")
    assert text.endswith("text_overlay: ok, 1 found")
    assert skip.endswith("vlm: skipped, not [installed] here")
