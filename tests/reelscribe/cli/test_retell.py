"""`reelscribe retell`: text on stdout, in the language that is asked for."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from reelscribe.cli import app
from reelscribe.report.json import to_json
from tests.reelscribe.report.made import story


@pytest.fixture
def report(tmp_path: Path) -> str:
    path = tmp_path / "story.report.json"
    path.write_text(to_json(story()))
    return str(path)


def test_a_line_for_every_second(report: str):
    done = CliRunner().invoke(app, ["retell", report])
    assert done.exit_code == 0
    lines = done.stdout.splitlines()
    assert [line.split()[0] for line in lines[2:14]] == [f"0:{second:02d}" for second in range(12)]


def test_german_is_spoken(report: str):
    done = CliRunner().invoke(app, ["retell", report, "--language", "de"])
    assert "harter Schnitt bei 0:04,00" in done.stdout


@pytest.mark.parametrize(("name", "content"), [("other.json", "[]"), ("absent.json", None)])
def test_what_is_no_report_is_bad_input(tmp_path: Path, name: str, content: str | None):
    if content is not None:
        (tmp_path / name).write_text(content)
    done = CliRunner().invoke(app, ["retell", str(tmp_path / name)])
    assert done.exit_code == 2
    assert done.stdout == ""
    assert name in done.stderr


def test_another_language_is_bad_input(report: str):
    assert CliRunner().invoke(app, ["retell", report, "--language", "fr"]).exit_code == 2
