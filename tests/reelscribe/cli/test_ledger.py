"""The index of a batch, and which reports stand."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from reelscribe.cli.ledger import Entry, Ledger, entry_of, standing
from reelscribe.report.json import to_json
from reelscribe.v1.analysis_pb2 import Report, Summary
from reelscribe.v1.analyzer_pb2 import AnalyzerResult, Setting
from reelscribe.v1.media_pb2 import Video

READER = Setting(name="texts.reader", text="easyocr")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    report = Report(video=Video(sha256="aa"), results=[AnalyzerResult(analyzer="text_overlay", settings=[READER])])
    (tmp_path / "a.report.json").write_text(to_json(report))
    return tmp_path / "a.report.json"


def test_a_report_stands_for_the_same_bytes_analyzers_and_settings(path: Path) -> None:
    assert standing(path, "aa", ["text_overlay"], [READER]) is not None
    assert standing(path, "aa", [], []) is not None


def test_it_does_not_stand_for_others(path: Path) -> None:
    assert standing(path, "bb", ["text_overlay"], []) is None
    assert standing(path, "aa", ["text_overlay", "yamnet"], []) is None
    assert standing(path, "aa", ["text_overlay"], [Setting(name="texts.reader", text="rapidocr")]) is None


def test_what_is_no_report_does_not_stand(path: Path) -> None:
    assert standing(path.with_name("missing"), "aa", [], []) is None
    path.write_text(path.read_text()[:50])
    assert standing(path, "aa", [], []) is None
    path.write_bytes(b"\xff\xfe")
    assert standing(path, "aa", [], []) is None


def test_settling_leaves_the_last_line_of_each_clip(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path)
    ledger.write(Entry(video="ä.mp4"))
    ledger.write(Entry(video="b.mp4", state="ok"))
    ledger.write(Entry(video="ä.mp4", state="ok"))
    with ledger.path.open("a") as file:
        file.write('{"video": "cut o')
    ledger.settle()
    lines = ledger.path.read_text().splitlines()
    assert [(json.loads(line)["video"], json.loads(line)["state"]) for line in lines] == [
        ("ä.mp4", "ok"),
        ("b.mp4", "ok"),
    ]


def test_settling_nothing_makes_nothing(tmp_path: Path) -> None:
    Ledger(tmp_path).settle()
    assert list(tmp_path.iterdir()) == []


def test_a_line_counts_how_analyzers_ended() -> None:
    report = Report(summary=Summary(requested_count=3, ok_count=2, failed_count=1))
    entry = entry_of(Path("a.mp4"), "aa", "a.report.json", report, lacking=True)
    assert entry.state == "lacking"
    assert entry.summary == {"requested_count": 3, "ok_count": 2, "failed_count": 1}
