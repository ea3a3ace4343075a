"""`--formats`: which files of a directory are written."""

from __future__ import annotations

from pathlib import Path

from reelscribe.report.json import to_json
from tests.reelscribe.cli.conftest import Program
from tests.reelscribe.report.made import story


def test_only_the_named_are_written(program: Program):
    folder = program.directory / "clip"
    folder.mkdir()
    (folder / "report.json").write_text(to_json(story()))
    done = program("report", "clip/report.json", "--formats", "otio, srt")
    assert done.returncode == 0, done.stderr
    assert {path.name for path in folder.iterdir()} == {"report.json", "timeline.otio", "speech.srt"}


def test_an_unknown_one_is_bad_input_and_nothing_is_written(program: Program):
    (program.directory / "report.json").write_text(to_json(story()))
    done = program("report", "report.json", "--formats", "docx", "--out", "there")
    assert done.returncode == 2
    assert "docx" in done.stderr
    assert not (program.directory / "there").exists()


def test_without_a_directory_there_is_nowhere_to_write_them(program: Program, clip: Path):
    done = program("analyze", clip, "--formats", "srt")
    assert done.returncode == 2
    assert "--out" in done.stderr
