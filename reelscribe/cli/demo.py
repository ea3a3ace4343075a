"""`reelscribe demo`: makes a clip whose content is known, analyzes it in this process, and compares."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TextIO

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.text import Text

from reelscribe.cli import options
from reelscribe.cli.analysis import Run, analyzed
from reelscribe.cli.directory import Directory
from reelscribe.cli.ending import LACKING, OK, prepared, run, told
from reelscribe.cli.options import Wanted
from reelscribe.cli.screen import own_screen
from reelscribe.cli.summary import PAGE

if TYPE_CHECKING:
    from reelscribe.cli.screen import Screen
    from reelscribe.demo.clip import DemoClip
    from reelscribe.demo.clip import Progress as Told
    from reelscribe.demo.truth import Check

app = typer.Typer(add_completion=False)


@app.command()
def demo(
    out: Annotated[
        Path, typer.Option(metavar="DIR", help="Where clip, truth, report and its page go; made if missing.")
    ] = Path("demo"),
    language: options.Language = "en",
    verbose: options.Verbose = False,
    quiet: options.Quiet = False,
) -> None:
    """Make a clip with a known content, analyze it, and compare the two.

    The clip is vertical and about 20 s long: photos from installed packages
    under camera moves and cuts, a synthetic voice (fetched once), its words
    as captions. Exit code 3 if an analyzer did not do its work, or missed
    what is truly there.
    """
    with told(verbose=verbose):
        here = prepared(verbose=verbose)
        directory = Directory(path=out, language=language)
        directory.prepare()
        with own_screen(verbose=verbose) as screen:
            clip = _made(out, screen, quiet=quiet)
            job = Run(settings=here, wanted=Wanted(), verbose=verbose)
            console = None if quiet else Console(file=screen.err)
            done = run(analyzed(clip.video, job, console), console=console)
            written = directory.write(done.report, clip.video, lambda text: screen.err.write(f"{text}\n"))
            checks = _compared(done.json(), clip.truth)
            if not quiet:
                done.print_summary(screen.out, [*written, clip.video, clip.truth])
                _print_checks(screen.out, checks)
                _print_page(screen.out, out / PAGE)
        well = not done.lacking and all(check.ok for check in checks)
        raise typer.Exit(OK if well else LACKING)


def _made(out: Path, screen: Screen, *, quiet: bool) -> DemoClip:
    from reelscribe.demo.clip import make_demo

    if quiet:
        return make_demo(out)
    with _bar(Console(file=screen.err)) as moved:
        return make_demo(out, moved)


@contextmanager
def _bar(console: Console) -> Iterator[Told]:
    if not console.is_terminal:
        console.print("making the clip", highlight=False)
        yield lambda _share: None
        return
    columns = (TextColumn("making the clip"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True, refresh_per_second=4) as bar:
        task = bar.add_task("", total=1.0)
        yield lambda share: bar.update(task, completed=share)


def _compared(report_json: str, truth: Path) -> list[Check]:
    from reelscribe.demo.truth import truth_check

    return truth_check(json.loads(report_json), json.loads(truth.read_text(encoding="utf-8")))


def _print_checks(stream: TextIO, checks: list[Check]) -> None:
    console = Console(file=stream)
    console.print()
    console.print(Text("compared with what is truly in the clip", style="bold"))
    for check in checks:
        mark = Text("  ✔ ", style="green") if check.ok else Text("  ✘ ", style="bold red")
        console.print(mark.append(check.detail, style=""), highlight=False)


def _print_page(stream: TextIO, page: Path) -> None:
    console = Console(file=stream)
    console.print()
    # Not wrapped, so that it can be copied whole.
    console.print(Text("look at it: ", style="bold").append(str(page), style="not bold"), soft_wrap=True)
