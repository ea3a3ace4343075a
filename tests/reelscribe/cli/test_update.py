"""`reelscribe analyze --update`: results of the named analyzers replaced, or the reason why not."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.reelscribe.cli.conftest import Program, program_in


@pytest.fixture(scope="module")
def made(clip: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A report of seconds and brightness, in which nothing is bright enough."""
    program = program_in(tmp_path_factory.mktemp("before"))
    arguments = ("analyze", clip, "--quiet", "--json", "-", "--set", "brightness.threshold=255")
    done = program(*arguments, fakes="seconds,brightness,loud")
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture
def before(program: Program, made: str) -> Path:
    path = program.directory / "before.json"
    path.write_text(made)
    return path


def read(path: Path) -> dict[str, Any]:
    return json.loads(path.read_text())


def statuses(report: dict[str, Any]) -> dict[str, str]:
    return {result["analyzer"]: result["status"] for result in report["results"]}


def test_only_the_named_are_run_and_the_report_is_written_where_it_was(program: Program, clip: Path, before: Path):
    old = read(before)
    arguments = ("analyze", clip, "--update", before, "-a", "brightness", "-s", "brightness.threshold=0.5")
    done = program(*arguments, fakes="seconds,brightness,loud")
    assert done.returncode == 0, done.stderr
    new = read(before)
    assert statuses(new) == statuses(old) | {"brightness": "STATUS_OK"}
    assert [item for item in new["results"] if item["analyzer"] != "brightness"] == [
        item for item in old["results"] if item["analyzer"] != "brightness"
    ]
    assert new["summary"]["okCount"] == old["summary"]["okCount"] + 1
    assert new["decoding"]["passCount"] == 2
    assert "seconds: ok" not in done.stderr


def test_with_json_the_old_report_is_left_as_it_is(program: Program, clip: Path, before: Path):
    old = before.read_text()
    done = program("analyze", clip, "--update", before, "-a", "loud", "--json", "after.json", "-q")
    assert done.returncode == 0, done.stderr
    assert before.read_text() == old
    assert statuses(read(program.directory / "after.json")) == statuses(json.loads(old))


def test_another_clip_is_refused_before_anything_is_loaded(program: Program, clip: Path, before: Path):
    other = program.directory / "other.mp4"
    other.write_bytes(clip.read_bytes() + b"\0")
    done = program("analyze", other, "--update", before, "-a", "loud")
    assert done.returncode == 2
    assert "another video" in done.stderr
    assert "loading" not in done.stderr


def test_another_version_is_refused(program: Program, clip: Path, before: Path):
    before.write_text(before.read_text().replace('"reelscribeVersion": "', '"reelscribeVersion": "0.0.0-'))
    done = program("analyze", clip, "--update", before, "-a", "loud")
    assert done.returncode == 2
    assert "made by reelscribe 0.0.0-" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [(("--update", "before.json"), "needs --analyzers"), (("--update", "absent.json", "-a", "loud"), "no file")],
)
def test_what_cannot_be_updated_is_said(
    program: Program, clip: Path, before: Path, arguments: tuple[str, ...], reason: str
):
    done = program("analyze", clip, *arguments)
    assert done.returncode == 2
    assert reason in done.stderr
