from __future__ import annotations

from pathlib import Path

import pytest

from services.common.errors import WeightsNotInstalled
from services.common.weights import locate
from tests.bench.sheets import rows, sheet_of


@pytest.fixture(autouse=True)
def scenedetect_is_here() -> None:
    pytest.importorskip("scenedetect")


def test_both_arms_do_the_same_jobs(tmp_path: Path):
    try:
        locate("yamnet")
    except WeightsNotInstalled as missing:
        pytest.skip(f"{missing}: {missing.fix}")
    sheet = sheet_of("peers", tmp_path, "--jobs", "cuts,sounds")
    arms = [row["arm"] for row in rows(sheet, "Whole jobs")]
    assert arms == ["reelscribe", "standalone, threads = cores", "standalone, own defaults"]
    assert [row["job"] for row in rows(sheet, "The standalone tools")] == ["cuts", "sounds"]
    whose = [row["who"] for row in rows(sheet, "Our last run") if not row["who"].startswith("(")]
    assert whose == ["cut_analysis", "audio_environment"]
    assert [goal["wanted"] for goal in sheet["goals"]] == [1.0, 2.0, 2.0]


def test_the_vision_set_compares_cpu_seconds_and_says_where_ours_go(tmp_path: Path):
    sheet = sheet_of("peers", tmp_path, "--set", "vision", "--jobs", "cuts", written="peers_vision")
    (job,) = rows(sheet, "The standalone tools")
    assert job["job"] == "cuts"
    assert job["one thread: cpu_s"] > 0
    costs = rows(sheet, "Where our CPU seconds go")
    assert {"cut_analysis", "(percept) Shots", "(decoding)"} <= {row["who"] for row in costs}
    assert [row["cpu_s"] for row in costs] == sorted((row["cpu_s"] for row in costs), reverse=True)
    assert [(goal["relation"], goal["wanted"]) for goal in sheet["goals"]] == [("<=", 1.0), *[("<=", 0.5)] * 3]
