from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import reelscribe
from reelscribe.v1.analyzer_pb2 import Status
from services.common.errors import InvalidSetting, UnknownAnalyzer
from tests.clips import Pictures, every, write_clip


@pytest.fixture
def clip(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("REELSCRIBE_MEDIA__DIRECTORY", str(tmp_path / "media"))
    return write_clip(tmp_path / "clip.mkv", Pictures(times_s=every(10, 2.0), rate_hz=10))


def test_one_call_gives_one_report(clip: Path):
    seen = []
    report = reelscribe.analyze(clip, analyzers=["color_analysis"], on_event=seen.append)
    assert [result.analyzer for result in report.results] == ["color_analysis"]
    assert report.results[0].status == Status.STATUS_OK
    assert seen[-1].HasField("report")


def test_what_is_not_there_is_refused(clip: Path):
    with pytest.raises(UnknownAnalyzer):
        reelscribe.analyze(clip, analyzers=["colour_analysis"])
    with pytest.raises(InvalidSetting):
        reelscribe.analyze(clip, analyzers=["color_analysis"], settings={"color_analysis.nothing": 1})


def test_importing_it_loads_nothing_heavy():
    code = "import sys, reelscribe; print([m for m in ('torch', 'av', 'grpc', 'numpy', 'cv2') if m in sys.modules])"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "[]"


def test_every_name_it_offers_is_there():
    for name in reelscribe.__all__:
        assert getattr(reelscribe, name) is not None
    with pytest.raises(AttributeError):
        reelscribe.nothing  # noqa: B018
