from __future__ import annotations

from pathlib import Path

import pytest

from tests.bench.sheets import rows, sheet_of


def test_calls_are_counted_with_and_without_the_gate_at_equal_recall(tmp_path: Path):
    pytest.importorskip("rapidocr")
    pytest.importorskip("matplotlib")
    sheet = sheet_of("ocr_gate", tmp_path)
    (clip,) = rows(sheet, "Calls of the reader")
    assert clip["calls ungated"] >= clip["calls gated"] >= 1
    assert clip["recall ungated"] == clip["recall gated"] == "1 of 1"
    assert [(goal["relation"], goal["wanted"]) for goal in sheet["goals"]] == [(">=", 4.0), (">=", 1.0)]
