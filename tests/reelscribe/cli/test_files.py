"""Where reports go, and that half a one is never seen."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from reelscribe.cli.files import CannotWrite, check_writable, report_path, write_whole


def test_the_report_is_named_after_the_clip_unless_a_file_is_wished_for(tmp_path: Path) -> None:
    clip = Path("/videos/a.b.mp4")
    assert report_path(clip, None) == Path("a.b.report.json")
    assert report_path(clip, tmp_path) == tmp_path / "a.b.report.json"
    assert report_path(clip, tmp_path / "x.json") == tmp_path / "x.json"


def test_a_place_that_takes_nothing_is_told_beforehand(tmp_path: Path) -> None:
    check_writable(tmp_path / "x.json")
    with pytest.raises(CannotWrite, match="there is no directory"):
        check_writable(tmp_path / "missing" / "x.json")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_directory_without_the_right_to_write_is_told_beforehand(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(CannotWrite, match="not writable"):
        check_writable(tmp_path / "x.json")


def test_writing_replaces_and_leaves_nothing_beside(tmp_path: Path) -> None:
    write_whole(tmp_path / "x.json", "old")
    write_whole(tmp_path / "x.json", "größer")
    assert [(path.name, path.read_text(encoding="utf-8")) for path in tmp_path.iterdir()] == [("x.json", "größer")]


def test_a_pipe_is_written_to_and_stays_one(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    reader = os.open(tmp_path / "pipe", os.O_RDONLY | os.O_NONBLOCK)
    write_whole(tmp_path / "pipe", "report")
    assert os.read(reader, 100) == b"report"
    os.close(reader)
    assert (tmp_path / "pipe").is_fifo()


def test_what_cannot_be_written_leaves_the_old_file(tmp_path: Path) -> None:
    write_whole(tmp_path / "x.json", "old")
    with pytest.raises(UnicodeEncodeError):
        write_whole(tmp_path / "x.json", "\ud800")
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [("x.json", "old")]
