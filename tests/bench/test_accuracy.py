from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.bench.sheets import rows, sheet_of


def test_one_row_for_each_figure_and_unmeasured_where_there_is_no_truth(tmp_path: Path):
    sheet = sheet_of("accuracy", tmp_path, "--only", "cuts,text,colors")
    measured = rows(sheet, "Accuracy")
    assert [row["analyzer"] for row in measured][:1] == ["cut_analysis"]
    assert {row["analyzer"] for row in measured} == {"cut_analysis", "text_overlay", "color_analysis"}
    for row in measured:
        assert row["ours_value"] is not None or row["ours"].startswith("unmeasured: ")
    table = (tmp_path / "accuracy.md").read_text().splitlines()
    assert len(table) == len(measured) + 2
    assert table[0].startswith("| analyzer")


def test_a_part_that_there_is_not_is_refused() -> None:
    """It was passed over once: an analyzer's name instead of a part's measured nothing, and said so to nobody."""
    done = subprocess.run(
        [sys.executable, "-m", "bench.accuracy", "--only", "sound_effects"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert "there is no part 'sound_effects'" in done.stderr
