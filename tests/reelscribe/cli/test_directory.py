"""The directory that `--out` names."""

from __future__ import annotations

from pathlib import Path

import pytest

from reelscribe.cli.directory import Directory, video_hrefs
from reelscribe.cli.files import CannotWrite
from reelscribe.report.json import from_json
from services.common.errors import InvalidInput
from tests.reelscribe.report import stories
from tests.reelscribe.report.reports import report, result
from tests.reelscribe.report.test_keyframes import clip, shots

__all__ = ["clip"]


def test_everything_is_written_and_the_page_has_its_pictures(clip: Path, tmp_path: Path):
    written = Directory(path=tmp_path).write(shots((0, 1), (1, 3)), clip, pytest.fail)
    assert [path.name for path in written[:3]] == ["keyframes", "report.json", "report.html"]
    assert len(list((tmp_path / "keyframes").iterdir())) == 2
    html = (tmp_path / "report.html").read_text()
    assert "kf-2{background-image:url(data:image/webp;base64," in html
    assert from_json((tmp_path / "report.json").read_text()) == shots((0, 1), (1, 3))


def test_pictures_of_an_earlier_report_do_not_stay(clip: Path, tmp_path: Path):
    directory = Directory(path=tmp_path)
    directory.write(shots((0, 1), (1, 3)), clip, pytest.fail)
    (tmp_path / "keyframes" / "mine.webp").touch()
    directory.write(shots((0, 3)), clip, pytest.fail)
    assert sorted(path.name for path in (tmp_path / "keyframes").iterdir()) == ["mine.webp", "shot-001-0001.500.webp"]


def test_a_video_that_cannot_be_read_leaves_a_page_without_pictures_and_is_told(tmp_path: Path):
    video = tmp_path / "text.mp4"
    video.write_text("no video " * 100)
    told: list[str] = []
    Directory(path=tmp_path / "out").prepare()
    Directory(path=tmp_path / "out").write(shots((0, 1)), video, told.append)
    assert told[0].startswith("no keyframes: ")
    assert "No keyframes" in (tmp_path / "out" / "report.html").read_text()


def test_a_report_that_stands_there_is_not_written_again(tmp_path: Path):
    standing = tmp_path / "report.json"
    standing.write_text("{}")
    written = Directory(path=tmp_path, language="de").write(report(result("odd")), None, pytest.fail, standing=standing)
    assert standing not in written
    assert standing.read_text() == "{}"
    assert '<html lang="de">' in (tmp_path / "report.html").read_text()


def test_a_place_or_language_that_will_not_do_is_refused_before_the_work(tmp_path: Path):
    (tmp_path / "file").touch()
    with pytest.raises(CannotWrite, match="cannot be made a directory"):
        Directory(path=tmp_path / "file" / "out").prepare()
    with pytest.raises(InvalidInput, match="'fr'"):
        Directory(path=tmp_path, language="fr").prepare()


def test_the_page_looks_for_the_video_beside_itself_and_nearby():
    assert video_hrefs("a b#1.mp4", None, Path("/x/out")) == ("a%20b%231.mp4",)
    assert video_hrefs("a.mp4", Path("/x/a.mp4"), Path("/x/out")) == ("a.mp4", "../a.mp4")
    assert video_hrefs("a.mp4", Path("/x/out/a.mp4"), Path("/x/out")) == ("a.mp4",)


def test_names_of_directories_far_away_are_not_told():
    assert video_hrefs("a.mp4", Path("/home/me/secret/a.mp4"), Path("/srv/pages/out")) == ("a.mp4",)


def test_a_name_with_directories_in_it_is_only_a_name():
    assert video_hrefs("../../etc/a.mp4", None, Path("/x")) == ("a.mp4",)


def test_a_full_report_is_written_in_both_languages(tmp_path: Path):
    for language in ("en", "de"):
        Directory(path=tmp_path, language=language).write(stories.full(), None, pytest.fail)
        assert f'<html lang="{language}">' in (tmp_path / "report.html").read_text()
