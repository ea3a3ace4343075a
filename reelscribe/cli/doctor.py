"""`reelscribe doctor`: what is missing, too old or too small on this machine, each with what mends it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from reelscribe.cli import options
from reelscribe.cli.checkup import Check, Grade
from reelscribe.cli.ending import LACKING, OK, prepared, told

if TYPE_CHECKING:
    from services.common.settings import Settings

MARKS = {Grade.GOOD: ("✔", "green"), Grade.NOTE: ("!", "yellow"), Grade.BAD: ("✘", "bold red")}

app = typer.Typer(add_completion=False)


@app.command()
def doctor(
    graph: Annotated[
        bool, typer.Option("--graph", help="Draw which percepts, renditions and weights each analyzer uses.")
    ] = False,
    verbose: options.Traceback = False,
) -> None:
    """Tell what is missing, too old or too small on this machine, and how to mend it.

    ✔ is well; ! is not there, and `reelscribe analyze` works without it;
    ✘ has to be mended: then the exit code is 3.
    """
    with told(verbose=verbose):
        settings = prepared(verbose=verbose)
        console = Console()
        if graph:
            _print_graph(console)
            return
        checks = list(examined(settings))
        _print_checks(console, checks)
        raise typer.Exit(LACKING if any(check.grade is Grade.BAD for check in checks) else OK)


def examined(settings: Settings) -> Iterator[Check]:
    """Every check, from the machine up."""
    from reelscribe.cli.check_machine import check_machine
    from reelscribe.cli.check_network import check_network
    from reelscribe.cli.check_software import check_software

    yield from check_machine(settings)
    yield from check_software()
    yield from check_network(settings)


def _print_checks(console: Console, checks: list[Check]) -> None:
    table = Table.grid(padding=(0, 1))
    table.add_column(width=1)
    table.add_column(style="bold", no_wrap=True)
    table.add_column(overflow="fold")
    for check in checks:
        mark, style = MARKS[check.grade]
        text = Text(check.told)
        if check.fix:
            text.append(f"\n→ {check.fix}", style="green")
        table.add_row(Text(mark, style=style), check.name, text)
    console.print(table, highlight=False)
    bad_count = sum(check.grade is Grade.BAD for check in checks)
    end = f"{bad_count} to mend" if bad_count else "nothing has to be mended"
    console.print(Text(end, style="bold red" if bad_count else "bold green"))


def _print_graph(console: Console) -> None:
    from reelscribe.cli.graph import graph as drawn
    from reelscribe.embedded import EVERYTHING, reading

    console.print(drawn(EVERYTHING, reading()), highlight=False)
