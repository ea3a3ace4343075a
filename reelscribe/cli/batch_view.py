"""Progress of a batch on stderr: a line for each clip that ended, and below them how far the clips in work are."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from rich.console import Console, ConsoleOptions, RenderResult
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from reelscribe.cli.ledger import Entry
from reelscribe.cli.progress import Watch
from reelscribe.report.clock import clock

REDRAWS_HZ = 4
BAR_WIDTH = 16

MARKS = {"ok": ("✔", "green"), "lacking": ("!", "yellow"), "failed": ("✘", "bold red")}


@dataclass(slots=True)
class BatchView:
    """Told of every clip that starts and ends; draws itself."""

    console: Console
    total_count: int
    quiet: bool = False
    counts: Counter[str] = field(default_factory=Counter)
    """By state; "kept" are those whose report stood already."""
    working: dict[str, Watch] = field(default_factory=dict)
    started_s: float = field(default_factory=time.monotonic)

    @contextmanager
    def work(self, name: str) -> Iterator[Watch]:
        """One clip while it is analyzed."""
        self.working[name] = watch = Watch(name)
        try:
            yield watch
        finally:
            del self.working[name]

    def keep(self) -> None:
        """A clip's report stands."""
        self.counts["kept"] += 1

    def end(self, entry: Entry, detail: str) -> None:
        """A clip has ended."""
        self.counts[entry.state] += 1
        if self.quiet:
            return
        mark, style = MARKS[entry.state]
        line = Text(f"{mark} ", style=style).append(f"{entry.video}  ", style="").append(detail, style="dim")
        self.console.print(line, highlight=False, soft_wrap=not self.console.is_terminal)

    def say(self, text: str) -> None:
        """Something about the whole."""
        if not self.quiet:
            self.console.print(text, highlight=False, markup=False, soft_wrap=True)

    @property
    def done_count(self) -> int:
        """Clips with which nothing is left to do."""
        return sum(self.counts.values())

    def told(self) -> str:
        """ "12 of 40 clips: 9 ok, 2 kept, 1 failed"."""
        parts = ", ".join(f"{count} {state}" for state, count in self.counts.items())
        return f"{self.done_count} of {self.total_count} clips" + (f": {parts}" if parts else "")

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        text = Text(self.told(), style="bold")
        yield text.append(f", {clock(time.monotonic() - self.started_s, 0)}", style="not bold")
        table = Table.grid(padding=(0, 1))
        table.add_column(no_wrap=True, overflow="ellipsis", ratio=1)
        table.add_column(width=BAR_WIDTH)
        table.add_column(justify="right", no_wrap=True)
        table.expand = True
        for name, watch in list(self.working.items()):
            found = sum(lane.found_count for lane in watch.lanes.values())
            state = f"{found} found, {watch.elapsed_s:.0f} s"
            table.add_row(name, ProgressBar(total=1.0, completed=watch.share), state)
        yield table


@contextmanager
def shown(view: BatchView, *, plain: bool) -> Iterator[None]:
    """Live at the foot of a terminal; elsewhere the lines alone."""
    if view.quiet or plain or not view.console.is_terminal:
        yield
        return
    with Live(view, console=view.console, refresh_per_second=REDRAWS_HZ, transient=True):
        yield
