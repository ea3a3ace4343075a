"""`reelscribe analyze --timing`: what each took, and what was waited for last."""

from __future__ import annotations

import json
from pathlib import Path

from tests.reelscribe.cli.conftest import Program


def test_costs_are_printed_and_stand_in_the_report(program: Program, clip: Path):
    done = program("analyze", clip, "--timing", "-q", "--json", "out.json")
    assert done.returncode == 0, done.stderr
    assert {"decoder", "seconds", "silent", "loud", "all"} <= {
        line.split()[0] for line in done.stdout.splitlines() if line.split()
    }
    assert "CPU s" in done.stdout
    report = json.loads((program.directory / "out.json").read_text())
    (step,) = report["criticalPath"]["steps"]
    assert step["name"] in ("seconds", "silent", "loud")
    assert f"critical path ({report['criticalPath']['service']}" in done.stdout


def test_without_it_nothing_is_printed(program: Program, clip: Path):
    assert "critical path" not in program("analyze", clip, "--json", "out.json").stdout
