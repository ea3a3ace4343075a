from __future__ import annotations

from pathlib import Path

from tests.bench.sheets import rows, sheet_of


def test_the_first_finding_comes_before_the_report(tmp_path: Path):
    sheet = sheet_of("first_finding", tmp_path, "--analyzers", "color_analysis")
    (warm,) = rows(sheet, "Warm")
    assert warm["which"].startswith("color_analysis: ")
    assert 0 < warm["first finding_s"] < warm["total_s"]
    (cold,) = rows(sheet, "Cold")
    assert cold["models loaded_s"] < cold["first finding_s"]
    assert {row["who"] for row in rows(sheet, "The last warm run")} == {"color_analysis", "(decoding)"}
