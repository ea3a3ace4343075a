from __future__ import annotations

from pathlib import Path

import pytest

from services.common.errors import WeightsNotInstalled
from services.common.weights import locate
from tests.bench.sheets import rows, sheet_of


def test_both_inputs_are_timed_on_the_same_frames(tmp_path: Path):
    pytest.importorskip("ultralytics")
    try:
        locate("yolo11n")
    except WeightsNotInstalled as missing:
        pytest.skip(f"{missing}: {missing.fix}")
    sheet = sheet_of("rectangular", tmp_path)
    assert [row["input"] for row in rows(sheet, "Per frame")] == ["square", "rectangular"]
    assert sheet["conditions"]["input"].startswith("square 640x640, rectangular ")
    assert [goal["wanted"] for goal in sheet["goals"]] == [1.4]
