"""`reelscribe batch`: models loaded once, many videos, one report each; goes on where it was left."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from reelscribe.cli import options
from reelscribe.cli.analysis import Run, analyst_at
from reelscribe.cli.clips import Clip, clips_of
from reelscribe.cli.directory import Directory
from reelscribe.cli.ending import LACKING, OK, prepared, run, told
from reelscribe.cli.files import check_writable
from reelscribe.cli.screen import own_screen

if TYPE_CHECKING:
    from reelscribe.cli.batch_view import BatchView
    from reelscribe.cli.desk import Place

IN_FLIGHT_COUNT = 2
"""Clips at a time on a gateway, which takes two: one is decoded while the other is still being looked at."""

EPILOG = """\
Examples:

  reelscribe batch clips/ --out reports/\n
  reelscribe batch clips/ --out reports/ --pages --language de\n
  find /videos -name '*.mp4' -newer last | reelscribe batch - --out reports/\n
  reelscribe batch clips.txt -a speech_transcription --gateway gpu-box:50050

In DIR: NAME.report.json for each clip, and index.jsonl, a line for each:
video, sha256, report, state (ok, lacking, failed), summary, error. With
--pages or --formats also a directory NAME, as `analyze --out` writes it.
Exit codes: 0 all well, 3 some clips failed or are lacking, 2 bad input.
"""

app = typer.Typer(add_completion=False)


@app.command(epilog=EPILOG)
def batch(
    source: Annotated[
        Path, typer.Argument(help="A directory, or a text file with a path a line (- is stdin).", show_default=False)
    ],
    out: Annotated[Path, typer.Option(metavar="DIR", help="Where reports and index go; made if missing.")] = Path(
        "reports"
    ),
    analyzers: options.Analyzers = None,
    gateway: options.Gateway = None,
    settings: options.Set = None,
    deadline: options.Deadline = None,
    pages: Annotated[
        bool,
        typer.Option("--pages", help="A directory for each clip, too: report.html, timeline.parquet, keyframes ..."),
    ] = False,
    language: options.Language = "en",
    formats: options.Formats = None,
    again: Annotated[bool, typer.Option("--again", help="Analyze also clips whose report stands.")] = False,
    verbose: options.Verbose = False,
    quiet: options.Quiet = False,
) -> None:
    """Analyze many videos, one report each, and go on where it was left.

    A clip is passed over if a report of the same bytes, analyzers and
    settings is there. A file that is no video is noted, and stops nothing.
    """
    with told(verbose=verbose):
        here = prepared(verbose=verbose)
        wanted = options.wanted(analyzers, settings, deadline)
        clips = clips_of(source)
        out.mkdir(parents=True, exist_ok=True)
        check_writable(out / "any")
        each = Directory(path=out, language=language, formats=options.names_in(formats)) if pages or formats else None
        if each is not None:
            each.prepare()
        with own_screen(verbose=verbose) as screen:
            from reelscribe.cli.batch_view import BatchView
            from reelscribe.cli.desk import Place

            job = Run(settings=here, wanted=wanted, gateway=gateway, verbose=verbose)
            console = Console(file=screen.err)
            view = BatchView(console, len(clips), quiet=quiet)
            work = _batch(clips, job, Place(directory=out, again=again, pages=each), view)
            well = run(work, console=None if quiet else console)
            if not quiet:
                screen.out.write(f"{view.told()}\nwritten to {out}\n")
        raise typer.Exit(OK if well else LACKING)


async def _batch(clips: tuple[Clip, ...], job: Run, place: Place, view: BatchView) -> bool:
    """All clips. True if every one has a report that lacks nothing. Raises ReelscribeError if the gateway is gone."""
    from reelscribe.cli.batch_view import shown
    from reelscribe.cli.desk import Desk
    from reelscribe.cli.ledger import Ledger

    ledger = Ledger(place.directory)
    ledger.settle()
    view.say(f"{len(clips)} clips: {job.preparing}")
    try:
        with shown(view, plain=job.verbose):
            async with analyst_at(job) as analyst:
                names = job.wanted.analyzers or tuple(item.name for item in await analyst.analyzers())
                desk = Desk(analyst=analyst, names=names, job=job, place=place, ledger=ledger, view=view)
                await desk.work(clips, at_a_time_count=IN_FLIGHT_COUNT if job.gateway else 1)
    finally:
        ledger.settle()
    return desk.well
