"""What `analyze --timing` prints: a table of costs, and the chain that was waited for last."""

from __future__ import annotations

from rich.console import Console
from rich.table import Table
from rich.text import Text

from reelscribe.report.account import price
from reelscribe.report.timing import path, rows
from reelscribe.v1.analysis_pb2 import Report

EDGES = None
"""No box around the table: it is copied into notes."""


def print_timing(console: Console, report: Report) -> None:
    """Costs, the costliest first, then the critical path, with the seconds since the beginning of its part."""
    table = Table(box=EDGES, pad_edge=False)
    for name in ("what", "", "service"):
        table.add_column(name, no_wrap=True)
    for name in ("wall s", "CPU s", "share"):
        table.add_column(name, justify="right")
    for row in rows(report):
        share = f"{row.cpu_share:.1%}"
        table.add_row(row.name, row.kind, row.service, f"{row.wall_s:.2f}", f"{row.cpu_s:.2f}", share)
    total = price(report)
    table.add_row("all", "", "", f"{total.wall_s:.2f}", f"{total.cpu_s:.2f}", "")
    console.print()
    console.print(table, highlight=False)
    steps = path(report)
    if steps:
        told = " → ".join(f"{step.name} {step.elapsed_s:.2f} s (+{step.beyond_s:.2f})" for step in steps)
        text = Text("critical path ", style="bold").append(
            f"({report.critical_path.service}, {report.critical_path.part_id}): {told}", style="not bold"
        )
        console.print(text)
