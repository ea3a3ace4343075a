"""`reelscribe retell`: a report as plain text, one line a second."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from reelscribe.cli.ending import told
from reelscribe.cli.report import read_report

EPILOG = """\
Examples:

  reelscribe retell clip.report.json\n
  reelscribe retell clip.report.json --language de > clip.txt
"""

app = typer.Typer(add_completion=False)


@app.command(epilog=EPILOG)
def retell(
    report: Annotated[Path, typer.Argument(help="A report: NAME.report.json.", show_default=False)],
    language: Annotated[
        str, typer.Option(metavar="en|de", help="Of the text around what was said and written.")
    ] = "en",
) -> None:
    """Retell a video from its report, one line a second.

    What goes on is said once, where it begins. At the end stands how complete
    the account is, and what it lacks.
    """
    with told():
        from reelscribe.report.retelling.lines import retell

        sys.stdout.write(retell(read_report(report), language))
