from __future__ import annotations

from pathlib import Path

from tests.bench.sheets import rows, sheet_of


def test_every_frame_is_decoded_once_in_every_set(tmp_path: Path):
    sheet = sheet_of("decode_once", tmp_path)
    assert [row["analyzers"] for row in rows(sheet, "CPU seconds")] == ["2 of vision", "4 of vision", "all 6"]
    exact = [goal for goal in sheet["goals"] if goal["name"].startswith("frames decoded")]
    assert [goal["measured"] for goal in exact] == [1.0, 1.0, 1.0]
    saved = [goal["wanted"] for goal in sheet["goals"] if goal["name"].startswith("processor time")]
    assert saved == [1.3, 1.9]
    for row in rows(sheet, "CPU seconds"):
        assert "every frame" in row["renditions"]
