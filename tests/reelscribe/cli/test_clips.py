"""Which clips a batch is about, and their names."""

from __future__ import annotations

from pathlib import Path

import pytest

from reelscribe.cli.clips import clips_of, named
from services.common.errors import InvalidInput


def test_a_directory_is_searched_in_order_and_for_videos_only(tmp_path: Path) -> None:
    for name in ("b.MP4", "a.webm", "deep/c.mov", "a.txt", "a.report.json"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    (tmp_path / "folder.mp4").mkdir()
    assert [clip.video.name for clip in clips_of(tmp_path)] == ["a.webm", "b.MP4", "c.mov"]


def test_a_list_may_name_files_of_any_kind(tmp_path: Path) -> None:
    (tmp_path / "list").write_text("clip.bin\n/abs/other.mp4\n")
    assert [clip.video for clip in clips_of(tmp_path / "list")] == [tmp_path / "clip.bin", Path("/abs/other.mp4")]


def test_an_empty_list_is_bad_input(tmp_path: Path) -> None:
    (tmp_path / "list").write_text("# nothing\n")
    with pytest.raises(InvalidInput, match="names no video"):
        clips_of(tmp_path / "list")


def test_names_are_the_clips_own_unless_two_share_one() -> None:
    clips = named([Path("x/a.mp4"), Path("y/a.mp4"), Path("x/b.mp4"), Path("x/b.mp4")])
    first, second, third = (clip.report_name for clip in clips)
    assert third == "b.report.json"
    assert first != second
    assert first.startswith("a.")
    assert named([Path("x/a.mp4"), Path("y/a.mp4")])[0].report_name == first
