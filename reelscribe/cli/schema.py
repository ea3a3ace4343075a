"""`reelscribe schema`: the JSON Schema of reports."""

from __future__ import annotations

import sys

import typer

from reelscribe.cli.ending import told

app = typer.Typer(add_completion=False)


@app.command()
def schema() -> None:
    """Print the JSON Schema of reports.

    Draft 2020-12, of reports as this version writes them.
    """
    with told():
        from reelscribe.report.formats.schema import report_schema_json

        sys.stdout.write(report_schema_json())
