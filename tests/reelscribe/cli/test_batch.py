"""`reelscribe batch`: a report for each clip, bad files in nobody's way, and going on where it was left."""

from __future__ import annotations

import json
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.reelscribe.cli.conftest import Program

MakeClip = Callable[[Path, float], Path]


@pytest.fixture
def clips(program: Program, make_clip: MakeClip) -> Path:
    """Two videos, one of them deeper, and a file that only looks like one."""
    make_clip(program.directory / "clips" / "a.mp4", 1.0)
    make_clip(program.directory / "clips" / "deeper" / "b.mp4", 2.0)
    (program.directory / "clips" / "broken.mp4").write_text("no video " * 100)
    (program.directory / "clips" / "notes.txt").write_text("not for us")
    return program.directory / "clips"


def index(program: Program) -> dict[str, dict[str, Any]]:
    """Lines of the index by the name of the clip."""
    lines = (program.directory / "reports" / "index.jsonl").read_text().splitlines()
    entries = [json.loads(line) for line in lines]
    assert len({entry["video"] for entry in entries}) == len(entries)
    return {Path(entry["video"]).name: entry for entry in entries}


def test_each_clip_has_a_report_and_a_line(program: Program, clips: Path) -> None:
    done = program("batch", "clips")
    assert done.returncode == 3
    assert "3 of 3 clips: 2 ok, 1 failed" in done.stdout
    entries = index(program)
    assert {name: entry["state"] for name, entry in entries.items()} == {
        "a.mp4": "ok",
        "b.mp4": "ok",
        "broken.mp4": "failed",
    }
    assert entries["broken.mp4"]["error"]["reason"] == "not_a_video"
    assert entries["broken.mp4"]["report"] is None
    report = json.loads((program.directory / "reports" / entries["b.mp4"]["report"]).read_text())
    assert report["video"]["sha256"] == entries["b.mp4"]["sha256"]
    assert entries["b.mp4"]["summary"]["finding_count"] == 2
    assert [path.name for path in (program.directory / "reports").glob(".*")] == []


def test_a_second_run_keeps_what_stands_and_tries_again_what_failed(
    program: Program, clips: Path, make_clip: MakeClip
) -> None:
    program("batch", "clips")
    make_clip(clips / "broken.mp4", 1.0)
    done = program("batch", "clips")
    assert done.returncode == 0
    assert "3 of 3 clips: 2 kept, 1 ok" in done.stdout
    assert {entry["state"] for entry in index(program).values()} == {"ok"}


def test_a_clip_that_changed_is_analyzed_again(program: Program, clips: Path, make_clip: MakeClip) -> None:
    program("batch", "clips")
    make_clip(clips / "a.mp4", 3.0)
    program("batch", "clips")
    assert index(program)["a.mp4"]["summary"]["finding_count"] == 3


def test_other_analyzers_or_again_let_no_report_stand(program: Program, clips: Path) -> None:
    program("batch", "clips", "-a", "silent")
    assert "2 kept" in program("batch", "clips", "-a", "silent").stdout
    assert "2 ok" in program("batch", "clips", "-a", "silent,seconds").stdout
    assert "2 ok" in program("batch", "clips", "-a", "silent,seconds", "--again").stdout


def test_a_list_names_clips_from_its_own_place(program: Program, clips: Path) -> None:
    (clips / "list.txt").write_text("# mine\na.mp4\n\ndeeper/b.mp4\na.mp4\n")
    done = program("batch", "clips/list.txt", "--out", "elsewhere")
    assert done.returncode == 0
    assert "2 of 2 clips: 2 ok" in done.stdout
    assert sorted(path.name for path in (program.directory / "elsewhere").iterdir()) == [
        "a.report.json",
        "b.report.json",
        "index.jsonl",
    ]


def test_a_clip_that_lacks_something_is_code_3(program: Program, clips: Path) -> None:
    (clips / "broken.mp4").unlink()
    done = program("batch", "clips", fakes="seconds,failing")
    assert done.returncode == 3
    assert "failing failed" in done.stderr
    assert index(program)["a.mp4"]["state"] == "lacking"


@pytest.mark.parametrize(("source", "told"), [("nowhere", "no directory or list"), ("empty", "there is no video in")])
def test_nothing_to_do_is_bad_input(program: Program, source: str, told: str) -> None:
    (program.directory / "empty").mkdir()
    done = program("batch", source)
    assert done.returncode == 2
    assert told in done.stderr


def test_a_video_in_place_of_a_list_is_pointed_to_analyze(program: Program, clip: Path) -> None:
    done = program("batch", clip)
    assert done.returncode == 2
    assert "reelscribe analyze" in done.stderr


def test_interrupted_it_goes_on_where_it_was(program: Program, clips: Path) -> None:
    (clips / "broken.mp4").unlink()
    process = program.start("batch", "clips", fakes="seconds,sleeping")
    assert process.stderr is not None
    for line in process.stderr:
        if "a.mp4" in line:
            break
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=60)
    assert process.returncode == 130
    assert set(index(program)) == {"a.mp4"}
    assert "1 kept, 1 ok" in program("batch", "clips", fakes="seconds,sleeping").stdout


def pages(program: Program) -> dict[str, str]:
    """The first lines of each clip's page."""
    return {page.parent.name: page.read_text()[:60] for page in (program.directory / "reports").glob("*/report.html")}


def test_pages_are_written_beside_the_reports_where_they_are_wanted(program: Program, clips: Path) -> None:
    assert pages(program) == {}
    program("batch", "clips", "--pages")
    assert set(pages(program)) == {"a", "b"}, "a file that is no video has none"
    reports = program.directory / "reports"
    assert (reports / "a" / "report.json").read_text() == (reports / "a.report.json").read_text()
    assert (reports / "b" / "timeline.parquet").exists()


def test_pages_of_reports_that_stand_are_written_without_analyzing_again(program: Program, clips: Path) -> None:
    program("batch", "clips")
    assert "2 kept" in program("batch", "clips", "--pages", "--language", "de").stdout
    assert all('lang="de"' in page for page in pages(program).values())
    page = program.directory / "reports" / "a" / "report.html"
    before = page.stat().st_mtime_ns
    program("batch", "clips", "--pages", "--language", "de")
    assert page.stat().st_mtime_ns == before, "it stands"
    program("batch", "clips", "--pages")
    assert all('lang="en"' in page for page in pages(program).values())


def test_a_format_that_there_is_not_stops_a_batch_before_it_begins(program: Program, clips: Path) -> None:
    done = program("batch", "clips", "--formats", "pdf")
    assert done.returncode == 2
    assert "there is no format 'pdf'" in done.stderr
    assert not list((program.directory / "reports").glob("*.report.json"))
