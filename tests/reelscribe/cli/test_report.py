"""`reelscribe report`: a page again, without analyzing; and `analyze --out`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from reelscribe.cli.report import app
from reelscribe.report.json import from_json, to_json
from services.common.weights import file_sha256
from tests.reelscribe.cli.conftest import Program
from tests.reelscribe.report.test_keyframes import clip as numbered
from tests.reelscribe.report.test_keyframes import shots

__all__ = ["numbered"]

RUNNER = CliRunner()


@pytest.fixture
def report_file(numbered: Path, tmp_path: Path) -> Path:
    """Of the clip, which does not lie beside it."""
    made = shots((0, 1), (1, 3))
    made.video.sha256 = file_sha256(numbered)
    path = tmp_path / "report.json"
    path.write_text(to_json(made))
    return path


def told(*arguments: object) -> tuple[int, str]:
    done = RUNNER.invoke(app, [str(each) for each in arguments])
    return done.exit_code, done.output


def pictures(page: Path) -> int:
    return page.read_text().count("{background-image:url(")


def test_it_goes_where_the_report_is(report_file: Path):
    code, output = told(report_file, "--language", "de")
    assert code == 0, output
    assert '<html lang="de">' in (report_file.parent / "report.html").read_text()
    assert "report.html" in output


def test_the_clip_gives_it_pictures_and_they_are_kept_for_the_next_time(report_file: Path, numbered: Path):
    assert told(report_file, "--video", numbered, "--quiet") == (0, "")
    page = report_file.parent / "report.html"
    assert pictures(page) == 2
    assert told(report_file, "--language", "de", "-q") == (0, "")
    assert pictures(page) == 2
    assert len(list((report_file.parent / "keyframes").iterdir())) == 2


def test_the_clip_is_found_by_its_name_beside_the_report(report_file: Path, numbered: Path):
    (report_file.parent / "clip.mp4").write_bytes(numbered.read_bytes())
    assert told(report_file, "-q", "--out", report_file.parent / "out") == (0, "")
    assert pictures(report_file.parent / "out" / "report.html") == 2
    assert from_json((report_file.parent / "out" / "report.json").read_text()).video.name == "clip.mp4"


def test_another_file_of_its_name_is_not_taken_for_it(report_file: Path):
    (report_file.parent / "clip.mp4").write_bytes(b"something else")
    assert told(report_file, "-q") == (0, "")
    assert pictures(report_file.parent / "report.html") == 0


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("nowhere.json",), "there is no file nowhere.json"),
        (("REPORT", "--video", "nowhere.mp4"), "there is no file nowhere.mp4"),
        (("REPORT", "--video", "OTHER"), "is another video than the one"),
        (("OTHER",), "is no report"),
        (("REPORT", "--language", "fr"), "en or de, not 'fr'"),
        (("REPORT", "--out", "OTHER"), "cannot be made a directory"),
    ],
)
def test_bad_input_is_code_2_and_one_line(report_file: Path, arguments: tuple[str, ...], message: str):
    other = report_file.parent / "other.mp4"
    other.write_text('{"no": "report"}')
    names = {"REPORT": report_file, "OTHER": other}
    code, output = told(*(names.get(each, each) for each in arguments))
    assert code == 2
    assert message in output.replace("\n", " ")
    assert not (report_file.parent / "report.html").exists()


def test_analyze_writes_a_directory(program: Program, clip: Path):
    done = program("analyze", clip, "--out", "out", "--language", "de")
    assert done.returncode == 0, done.stderr
    directory = program.directory / "out"
    assert json.loads((directory / "report.json").read_text())["video"]["name"] == clip.name
    page = (directory / "report.html").read_text()
    assert '<html lang="de">' in page
    assert "{background-image:url(" in page
    assert "out/report.html" in done.stdout
    assert list(program.directory.iterdir()) == [directory]


def test_analyze_writes_json_beside_the_directory_if_asked(program: Program, clip: Path):
    done = program("analyze", clip, "--out", "out", "--json", "-", "--quiet")
    assert json.loads(done.stdout)["video"]["name"] == clip.name
    assert (program.directory / "out" / "report.html").exists()


def test_a_directory_that_cannot_be_is_refused_before_models_are_loaded(program: Program, clip: Path):
    (program.directory / "file").touch()
    done = program("analyze", clip, "--out", "file/out")
    assert (done.returncode, done.stdout) == (2, "")
    assert "cannot be made a directory" in done.stderr
