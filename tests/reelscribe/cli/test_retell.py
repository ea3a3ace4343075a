"""`reelscribe retell`: text on stdout, in the language that is asked for."""

from __future__ import annotations

from pathlib import Path

import pytest

from reelscribe.report.json import to_json
from tests.reelscribe.cli.conftest import Program
from tests.reelscribe.report.made import story


@pytest.fixture
def report(program: Program) -> Path:
    path = program.directory / "story.report.json"
    path.write_text(to_json(story()))
    return path


def test_a_line_for_every_second(program: Program, report: Path):
    done = program("retell", report)
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert [line.split()[0] for line in lines[2:14]] == [f"0:{second:02d}" for second in range(12)]


def test_german_is_spoken(program: Program, report: Path):
    assert "harter Schnitt bei 0:04,00" in program("retell", report, "--language", "de").stdout


def test_what_is_no_report_is_bad_input(program: Program):
    (program.directory / "other.json").write_text("[]")
    for name in ("other.json", "absent.json"):
        assert program("retell", name).returncode == 2
    assert program("retell", "other.json").stderr.startswith("error:")
