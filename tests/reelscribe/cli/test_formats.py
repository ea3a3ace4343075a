"""`--formats`: which files of a directory are written."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from reelscribe.cli import app
from reelscribe.report.json import to_json
from tests.reelscribe.cli.conftest import Program
from tests.reelscribe.report.made import story


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "report.json").write_text(to_json(story()))
    return tmp_path


def test_only_the_named_are_written(folder: Path):
    done = CliRunner().invoke(app, ["report", str(folder / "report.json"), "--formats", "otio, srt"])
    assert done.exit_code == 0, done.stderr
    assert {path.name for path in folder.iterdir()} == {"report.json", "timeline.otio", "speech.srt"}


def test_an_unknown_one_is_bad_input_and_nothing_is_written(folder: Path):
    arguments = ["report", str(folder / "report.json"), "--formats", "docx", "--out", str(folder / "there")]
    done = CliRunner().invoke(app, arguments)
    assert done.exit_code == 2
    assert "docx" in done.stderr
    assert not (folder / "there").exists()


def test_without_a_directory_there_is_nowhere_to_write_them(program: Program, clip: Path):
    done = program("analyze", clip, "--formats", "srt")
    assert done.returncode == 2
    assert "--out" in done.stderr
