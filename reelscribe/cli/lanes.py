"""Progress on stderr: one lane per analyzer that moves in place, or plain lines where stderr is no terminal."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.spinner import Spinner
from rich.table import Table
from rich.text import Text

from reelscribe.cli.progress import Lane, Watch
from reelscribe.report.brief import brief
from reelscribe.report.clock import clock
from reelscribe.v1.analysis_pb2 import AnalyzeVideoResponse

REDRAWS_HZ = 4
"""Often enough to look alive; drawing takes processor time from the models."""

PLAIN_STEP_S = 10.0
"""Plain lines tell how far it is when this much more wall time has passed."""

BAR_WIDTH = 16

ROWS_AROUND = 3
"""Heading, prompt and one to spare: a terminal this much taller than the lanes shows them all."""

STYLES = {
    "waiting": "dim",
    "looking": "",
    "ok": "green",
    "empty": "green",
    "partial": "yellow",
    "failed": "bold red",
    "timed out": "bold red",
    "skipped": "dim",
}


class Lanes(Protocol):
    """Somebody who is told every event."""

    def take(self, event: AnalyzeVideoResponse) -> None:
        """Show the next event of the analysis."""
        ...


class Silence:
    """Shows nothing: `--quiet`."""

    def take(self, event: AnalyzeVideoResponse) -> None:
        pass


@contextmanager
def lanes(console: Console, name: str, *, preparing: str, plain: bool = False) -> Iterator[Lanes]:
    """Lanes for one analysis: live on a terminal, else (or if `plain`) lines; `preparing` until the first event."""
    watch = Watch(name)
    if plain or not console.is_terminal:
        console.print(f"{name}: {preparing}", highlight=False, soft_wrap=True, markup=False)
        yield PlainLanes(console, watch)
        return
    picture = Picture(watch, preparing)
    with Live(picture, console=console, refresh_per_second=REDRAWS_HZ):
        yield LiveLanes(watch)


class LiveLanes:
    """Moves the lanes; the picture is drawn by its own clock."""

    def __init__(self, watch: Watch) -> None:
        self._watch = watch

    def take(self, event: AnalyzeVideoResponse) -> None:
        self._watch.take(event)


class PlainLanes:
    """A line when something worth a line has happened."""

    def __init__(self, console: Console, watch: Watch) -> None:
        self._console = console
        self._watch = watch
        self._told_s = 0.0

    def take(self, event: AnalyzeVideoResponse) -> None:
        self._watch.take(event)
        match event.WhichOneof("event"):
            case "accepted":
                self._say(f"{len(self._watch.lanes)} analyzers at work")
            case "progress" if self._watch.elapsed_s - self._told_s >= PLAIN_STEP_S:
                self._told_s = self._watch.elapsed_s
                total = sum(lane.found_count for lane in self._watch.lanes.values())
                self._say(f"{self._watch.share:.0%} looked at, {total} found")
            case "analyzer_ended":
                lane = self._watch.lanes[event.analyzer_ended.analyzer]
                reason = f", {lane.ended.reason.message}" if lane.ended and lane.ended.HasField("reason") else ""
                found = f", {lane.found_count} found" if lane.found_count else ""
                self._say(f"{lane.analyzer}: {lane.state}{found}{reason}")
            case "retracted":
                self._say(f"{event.retracted.analyzer}: a replica was lost, its part is analyzed again")

    def _say(self, text: str) -> None:
        line = f"{self._watch.elapsed_s:6.1f} s  {text}"
        self._console.print(line, highlight=False, soft_wrap=True, markup=False)


class Picture:
    """The lanes as they stand when they are drawn."""

    def __init__(self, watch: Watch, preparing: str) -> None:
        self._watch = watch
        self._preparing = preparing
        self._spinner = Spinner("dots")

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        if not self._watch.accepted:
            yield self._waiting()
            return
        shown = self._shown((options.height or console.height) - ROWS_AROUND)
        rest = len(self._watch.lanes) - len(shown)
        more = [Text(f"and {rest} that have ended", style="dim")] if rest else []
        yield Group(self._heading(), self._table(shown), *more)

    def _waiting(self) -> RenderableType:
        text = f"{self._watch.name}: {self._preparing} ({self._watch.elapsed_s:.0f} s)"
        self._spinner.update(text=Text(text, overflow="ellipsis", no_wrap=True))
        return self._spinner

    def _heading(self) -> Text:
        watch = self._watch
        total = f" of {clock(watch.expected_s)}" if watch.expected_s else ""
        text = Text(no_wrap=True, overflow="ellipsis")
        text.append(watch.name, style="bold")
        return text.append(f"  {clock(watch.decoded_s)}{total} decoded, {watch.elapsed_s:.0f} s")

    def _shown(self, row_count: int) -> list[Lane]:
        """All where they fit; otherwise those at work."""
        every = list(self._watch.lanes.values())
        if len(every) <= row_count:
            return every
        return [lane for lane in every if lane.ended is None][: max(1, row_count - 1)]

    def _table(self, shown: list[Lane]) -> Table:
        table = Table.grid(padding=(0, 1))
        table.add_column(no_wrap=True)
        table.add_column(width=BAR_WIDTH)
        table.add_column(justify="right", no_wrap=True)
        table.add_column(justify="right", no_wrap=True)
        table.add_column(no_wrap=True, overflow="ellipsis", ratio=1)
        table.expand = True
        for lane in shown:
            style = STYLES.get(lane.state, "")
            table.add_row(
                Text(lane.analyzer, style=style),
                self._bar(lane),
                Text("" if lane.state == "skipped" else clock(lane.reached_s, 0), style="dim"),
                Text(str(lane.found_count or "")),
                _last_column(lane, style),
            )
        return table

    def _bar(self, lane: Lane) -> RenderableType:
        if lane.state == "skipped":
            return Text("")
        style = STYLES[lane.state] if lane.ended is not None and lane.state in STYLES else "bar.complete"
        return ProgressBar(total=1.0, completed=self._watch.share_of(lane), complete_style=style, finished_style=style)


def _last_column(lane: Lane, style: str) -> Text:
    if lane.ended is not None:
        return Text(f"{lane.state}  ", style=style).append(_ending(lane), style="dim")
    return Text(brief(lane.latest) if lane.latest is not None else "", style="italic")


def _ending(lane: Lane) -> str:
    """The reason where there is one; otherwise when. Its own processor time says little: shared work is not in it."""
    assert lane.ended is not None
    return lane.ended.reason.message if lane.ended.HasField("reason") else f"after {lane.ended_s:.0f} s"
