"""`reelscribe schema`: the schema on stdout."""

from __future__ import annotations

import json

from typer.testing import CliRunner

from reelscribe.cli import app
from reelscribe.report.formats.schema import report_schema


def test_it_is_printed_whole():
    done = CliRunner().invoke(app, ["schema"])
    assert done.exit_code == 0
    assert json.loads(done.stdout) == report_schema()
