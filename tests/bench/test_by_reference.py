from __future__ import annotations

import shutil
from pathlib import Path

from tests.bench.sheets import rows, sheet_of


def test_every_way_to_count_is_shown_for_every_arm(tmp_path: Path):
    sheet = sheet_of("by_reference", tmp_path)
    arms = [row["arm"] for row in rows(sheet, "Each frame")]
    bus = ["reference over NATS"] if shutil.which("nats-server") else []
    assert arms == [*bus, "reference over gRPC", "bytes over gRPC (asyncio)", "bytes over gRPC (threads)"]
    assert [row["counted"] for row in rows(sheet, "How many times faster")] == [
        "the way",
        "the way, every byte read",
        "laying down and the way",
        "laying down and the way, every byte read",
    ]
