from __future__ import annotations

from pathlib import Path

from tests.bench.sheets import rows, sheet_of
from tests.nats_server import require_nats_server


def test_a_longer_clip_is_measured_beside_a_shorter_one(tmp_path: Path):
    require_nats_server()
    sheet = sheet_of("memory", tmp_path)
    short, long = rows(sheet, "Each measurement")
    assert short["clip_s"] * 2 == long["clip_s"]
    assert short["frames"] < long["frames"]
    for row in (short, long):
        processes = sum(row[f"{name}_MiB"] for name in ("nats-server", "gateway", "vision", "audio"))
        assert abs(row["peak total_MiB"] - processes - row["media_MiB"]) < 0.1
        assert row["peak media_MiB"] >= row["media_MiB"] >= 0
