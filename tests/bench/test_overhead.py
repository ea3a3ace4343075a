from __future__ import annotations

import shutil
from pathlib import Path

from tests.bench.sheets import rows, sheet_of


def test_sleepers_are_timed_on_both_roads(tmp_path: Path):
    sheet = sheet_of("overhead", tmp_path)
    roads = [row["road"] for row in rows(sheet, "Services that only sleep")]
    bus = ["processes and NATS"] if shutil.which("nats-server") else []
    assert sorted(roads) == sorted([*bus, "embedded, bus in memory"])
    for row in rows(sheet, "Services that only sleep"):
        assert float(row["wall / the sleep itself"]) > 1.0
