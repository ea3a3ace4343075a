"""`reelscribe analyze`: one video in, lanes while it runs, and at the end the report, at a glance and as JSON."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from reelscribe.cli import options
from reelscribe.cli.analysis import Run, analyzed, check_video
from reelscribe.cli.directory import Directory
from reelscribe.cli.ending import LACKING, OK, prepared, run, told
from reelscribe.cli.files import check_writable, report_path, write_whole
from reelscribe.cli.screen import own_screen
from reelscribe.cli.timing import print_timing
from reelscribe.cli.update import Before
from services.common.errors import InvalidInput

TO_STDOUT = Path("-")

EPILOG = """\
Examples:

  reelscribe analyze clip.mp4\n
  reelscribe analyze clip.mp4 --out clip/ --language de\n
  reelscribe analyze clip.mp4 --json - --quiet | jq '.results[].status'\n
  reelscribe analyze clip.mp4 -a text_overlay -s texts.reader=easyocr\n
  reelscribe analyze clip.mp4 --gateway 127.0.0.1:50050 --json reports/\n
  reelscribe analyze clip.mp4 --update clip.report.json -a text_overlay

Exit codes: 0 all well; 2 bad input; 1 nothing could be tried; 130 Ctrl-C;
3 an analyzer was partial, failed or timed out, or was named and is not
installed. What a clip lacks (sound, pictures) is no failure.
"""

app = typer.Typer(add_completion=False)


@app.command(epilog=EPILOG)
def analyze(
    video: Annotated[Path, typer.Argument(help="The file.", show_default=False)],
    json: Annotated[
        Path | None,
        typer.Option(metavar="FILE|DIR|-", help="Where the report goes; - is stdout. Default: ./NAME.report.json"),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Everything a report becomes: report.html, report.json, keyframes ..."),
    ] = None,
    language: options.Language = "en",
    formats: options.Formats = None,
    analyzers: options.Analyzers = None,
    gateway: options.Gateway = None,
    settings: options.Set = None,
    deadline: options.Deadline = None,
    update: Annotated[
        Path | None,
        typer.Option(
            metavar="REPORT", help="Replace the results of --analyzers in this report, and what depends on them."
        ),
    ] = None,
    timing: Annotated[bool, typer.Option("--timing", help="What each analyzer cost, and what was waited for.")] = False,
    verbose: options.Verbose = False,
    quiet: options.Quiet = False,
) -> None:
    """Analyze one video and tell what is in it.

    Progress goes to stderr, the summary to stdout, and the whole report as
    JSON into a file. With `--json -` the report alone goes to stdout, and
    the summary to stderr. With --out the report goes into that directory, as
    a page to look at and in all other formats.
    """
    with told(verbose=verbose):
        here = prepared(verbose=verbose)
        wanted = options.wanted(analyzers, settings, deadline)
        check_video(video)
        if formats and out is None:
            raise InvalidInput("--formats are what --out writes: name a directory")
        before = None if update is None else Before.read(update, video, wanted)
        directory = Directory(path=out, language=language, formats=options.names_in(formats)) if out else None
        destination = _destination(video, json, out, update)
        if destination is not None:
            check_writable(destination)
        if directory is not None:
            directory.prepare()
        with own_screen(verbose=verbose) as screen:
            job = Run(settings=here, wanted=wanted, gateway=gateway, verbose=verbose)
            console = None if quiet else Console(file=screen.err)
            work = analyzed(video, job, console) if before is None else before.updated(video, job, console)
            done = run(work, console=console)
            written = [destination] if destination else []
            if json == TO_STDOUT:
                screen.out.write(f"{done.json()}\n")
            elif destination is not None:
                write_whole(destination, done.json())
            if directory is not None:
                written += directory.write(done.report, video, lambda text: screen.err.write(f"{text}\n"))
            stream = screen.err if json == TO_STDOUT else screen.out
            if not quiet:
                done.print_summary(stream, written)
            if timing:
                print_timing(Console(file=stream), done.report)
        raise typer.Exit(LACKING if done.lacking else OK)


def _destination(video: Path, json: Path | None, out: Path | None, update: Path | None) -> Path | None:
    """The report's own file beside what goes into a directory; an updated report goes where it was."""
    if json == TO_STDOUT:
        return None
    if json is None and (out or update):
        return None if out else update
    return report_path(video, json)
