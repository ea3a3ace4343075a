from __future__ import annotations

from pathlib import Path

import pytest

from services.common.errors import WeightsNotInstalled
from services.common.weights import locate
from tests.bench.sheets import rows, sheet_of


def test_both_arms_do_the_same_jobs(tmp_path: Path):
    pytest.importorskip("scenedetect")
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
