"""What `analyze` ends with: found at a glance, not looked at and how to mend it, the cost, the licences, the files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from reelscribe.report.account import LicenceUse, found_nothing, licences, price, shared_lacks
from reelscribe.report.clock import clock
from reelscribe.report.glance import Section, glance
from reelscribe.report.sparkline import curves
from reelscribe.v1.analysis_pb2 import Report
from reelscribe.v1.media_pb2 import Video
from services.common.time import seconds

TITLE_WIDTH = 13

MOST_LINES, FEWEST_LINES = 46, 20
"""Of the table, so that all of it is seen at once on most screens; on a smaller terminal it is fitted to that."""

FRAME_LINES = 4
"""A blank line, the video, the file written, the prompt."""

PAGE = "report.html"
"""What a person opens."""

NOTE_WIDTH = 12
"""Room beside a curve: "-14.0 LUFS"."""

CURVE_WIDTH = 60
"""Characters at most: a second of a minute's clip is one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Here:
    """What the analysis took of this process, beside what the report says. `peak_bytes` is without media."""

    peak_bytes: int
    preparing_s: float


def print_summary(console: Console, report: Report, *, here: Here | None = None, written: Sequence[Path] = ()) -> None:
    """The whole summary. `here`: what this process took, None where the work was done elsewhere."""
    table = _fitting(console, report, here)
    console.print()
    console.print(Text(_about(report.video), style="bold"), highlight=False)
    console.print(table, highlight=False)
    for line in _places(written):
        # Not wrapped, so that it can be copied whole.
        console.print(Text(f"{'written':<{TITLE_WIDTH}} ", style="bold").append(line, style="not bold"), soft_wrap=True)


def _places(written: Sequence[Path]) -> list[str]:
    """Of one file its name and size; of several in one directory the page, or the first, and how many stand by it."""
    together: dict[Path, list[Path]] = {}
    for path in written:
        together.setdefault(path.parent, []).append(path)
    told = []
    for paths in together.values():
        shown = next((path for path in paths if path.name == PAGE), paths[0])
        beside = f" and {len(paths) - 1} more beside it" if len(paths) > 1 else ""
        told.append(f"{shown} ({bytes_text(shown.stat().st_size)}){beside}")
    return told


def _fitting(console: Console, report: Report, here: Here | None) -> Table:
    """With as many lines as a screen has room for, the least of the lists cut first. What is left out is counted."""
    room = min(MOST_LINES, max(FEWEST_LINES, console.height - FRAME_LINES)) if console.is_terminal else MOST_LINES
    sections = list(glance(report))
    while True:
        table = _table(console, report, here, sections)
        if len(console.render_lines(table)) <= room or not _cut(sections):
            return table


def _cut(sections: list[Section]) -> bool:
    """Make the last section that can be shorter by a row so; whether there was one. What matters most stands first.

    Saying that one is left out takes a row.
    """
    rows = [len(section.lines) - (0 if section.left_out_count else 1) for section in sections]
    last = next((index for index in reversed(range(len(rows))) if rows[index] >= 2), None)
    if last is None:
        return False
    section = sections[last]
    kept = rows[last] - 1
    left_out_count = section.left_out_count + len(section.lines) - kept
    sections[last] = replace(section, lines=section.lines[:kept], left_out_count=left_out_count)
    return True


def _table(console: Console, report: Report, here: Here | None, sections: Sequence[Section]) -> Table:
    table = Table.grid(padding=(0, 1))
    table.add_column(width=TITLE_WIDTH, style="bold")
    table.add_column(overflow="fold")
    for curve in curves(report, max(1, min(CURVE_WIDTH, console.width - TITLE_WIDTH - NOTE_WIDTH - 2))):
        table.add_row(curve.title, Text(f"{curve.drawn} ", style="cyan").append(curve.note, style="default"))
    for section in sections:
        table.add_row(section.title, _section(section))
    if not report.summary.finding_count:
        table.add_row("found", "nothing")
    if nothing := found_nothing(report):
        table.add_row("nothing by", ", ".join(nothing))
    _add_lacks(table, report)
    _add_account(table, report, here)
    return table


def _section(section: Section) -> Table:
    lines = Table.grid(padding=(0, 1))
    timed = any(line.start_s is not None for line in section.lines)
    if timed:
        lines.add_column(style="cyan", justify="right", no_wrap=True)
    lines.add_column(overflow="fold")
    for line in section.lines:
        at = "" if line.start_s is None else clock(line.start_s)
        lines.add_row(*([at] if timed else []), Text(line.text))
    if section.left_out_count:
        lines.add_row(*([""] if timed else []), Text(f"and {section.left_out_count} more in the report", style="dim"))
    return lines


def _add_lacks(table: Table, report: Report) -> None:
    title = "not looked at"
    for lack in shared_lacks(report):
        style = "dim" if lack.status == "skipped" else "yellow"
        text = Text(f"{', '.join(lack.analyzers)} ", style="bold").append(
            f"{lack.status}: {lack.message}", style=f"not bold {style}"
        )
        if lack.fix:
            text.append(f"\n→ {lack.fix}", style="not bold green")
        table.add_row(Text(title, style="bold yellow"), text)
        title = ""


def _add_account(table: Table, report: Report, here: Here | None) -> None:
    cost = price(report)
    ratio = f" ({cost.realtime_ratio:.2f} × realtime)" if cost.realtime_ratio is not None else ""
    memory = f", {bytes_text(here.peak_bytes)} memory" if here else ""
    media = f", {bytes_text(cost.media_bytes)} media"
    loading = f"; before it {here.preparing_s:.1f} s to load models" if here else ""
    table.add_row("cost", f"{cost.wall_s:.1f} s{ratio}, {cost.cpu_s:.1f} s CPU{memory}{media}{loading}")
    completeness = report.completeness
    told = f"{completeness.score:.0%}: evidence in {completeness.evidence_share:.0%} of the seconds"
    table.add_row("completeness", f"{told}, descriptions in {completeness.description_share:.0%}")
    if uses := licences(report):
        table.add_row("licences", _licences(uses))


def _licences(uses: Sequence[LicenceUse]) -> str:
    """Those that bind whoever ships the weights, with the weights; of all others the names alone."""
    told, others = [], []
    for use in uses:
        marks = [word for word, holds in (("copyleft", use.copyleft), ("non-commercial", use.non_commercial)) if holds]
        if marks:
            told.append(f"{use.licence} [yellow]({', '.join(marks)})[/]: {', '.join(use.weights)}")
        else:
            others.append(use.licence)
    return "; ".join([*told, *([", ".join(others)] if others else [])])


def _about(video: Video) -> str:
    """ "clip.mp4  0:24.8, 720×1280 h264, aac"."""
    facts = [clock(seconds(video.duration))]
    if video.HasField("video_stream"):
        stream = video.video_stream
        facts.append(f"{stream.width_px}×{stream.height_px} {stream.codec}")
    facts.append(video.audio_stream.codec if video.HasField("audio_stream") else "no sound")
    return f"{video.name}  {', '.join(facts)}"


def bytes_text(count: int) -> str:
    """Decimal units, as disks are sold and file managers count: "212 kB", "1.4 GB"."""
    if count < 1000:
        return f"{count} B"
    if count < 1_000_000:
        return f"{count / 1000:.0f} kB"
    return f"{count / 1e6:.0f} MB" if count < 1_000_000_000 else f"{count / 1e9:.1f} GB"
