"""`reelscribe schema`: the schema on stdout."""

from __future__ import annotations

import json

from reelscribe.report.formats.schema import report_schema
from tests.reelscribe.cli.conftest import Program


def test_it_is_printed_whole(program: Program):
    done = program("schema")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == report_schema()
