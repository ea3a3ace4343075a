"""Runs a benchmark at its tiny size, as `python -m bench` does, and reads what it wrote."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]

LIMIT_S = 280
"""Under pytest's own: loading a few models on a busy machine takes a minute."""


def sheet_of(name: str, out: Path, *options: str, written: str = "") -> dict[str, Any]:
    """The JSON of one tiny run, whose shape is checked; what it measured means nothing.

    `written`: what the script calls its sheet, if not by its own name.
    """
    command = [sys.executable, "-m", "bench", name, "--out", str(out), "--tiny", *options]
    done = subprocess.run(command, capture_output=True, text=True, timeout=LIMIT_S, cwd=ROOT, env=os.environ)
    assert done.returncode == 0, done.stderr[-3000:]
    sheet: dict[str, Any] = json.loads((out / f"{written or name}.json").read_text())
    check(sheet, written or name)
    for table in sheet["tables"]:
        assert f"**{table['title']}**" in done.stdout
    return sheet


def check(sheet: dict[str, Any], name: str) -> None:
    """What every sheet has."""
    keys = ["benchmark", "title", "tiny", "machine", "conditions", "tables", "goals", "notes"]
    assert list(sheet) == keys
    assert sheet["benchmark"] == name
    assert sheet["tiny"] is True
    assert sheet["machine"]["core_count"] >= 1
    for table in sheet["tables"]:
        assert table["rows"]
        for row in table["rows"]:
            assert set(row) <= set(table["columns"])
    for goal in sheet["goals"]:
        assert goal["relation"] in ("<=", ">=", "==")
        assert goal["reached"] in (True, False, None)
        assert (goal["measured"] is None) == (goal["reached"] is None)


def rows(sheet: dict[str, Any], title: str) -> list[dict[str, Any]]:
    """Of the table whose title starts so."""
    return next(table["rows"] for table in sheet["tables"] if table["title"].startswith(title))
