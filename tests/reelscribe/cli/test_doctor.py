"""`reelscribe doctor`, on this machine."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from reelscribe.cli.doctor import app
from reelscribe.embedded import EVERYTHING


def test_everything_is_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    result = CliRunner().invoke(app, [])
    named = {line[2:].split("  ")[0].split(" ")[0] for line in result.stdout.splitlines()}
    assert {"python", "cores", "memory", "media", "gpu", "libraries", "opencv", "ffmpeg", "weights"} <= named
    assert {"nats-server", "bus", "port"} <= named
    assert all(len(line) <= 80 for line in result.stdout.splitlines())
    assert result.exit_code == (3 if "✘" in result.stdout else 0)


def test_missing_weights_are_code_3(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REELSCRIBE_MODEL_DIR", str(tmp_path))
    result = CliRunner().invoke(app, [])
    assert result.exit_code == 3
    assert "→ reelscribe models pull" in result.stdout
    assert "to mend" in result.stdout.splitlines()[-1]


def test_the_graph_names_every_analyzer_once() -> None:
    lines = CliRunner().invoke(app, ["--graph"]).stdout.splitlines()
    for analyzers in EVERYTHING.values():
        for analyzer in analyzers:
            assert sum(f" {analyzer.name} " in line for line in lines) == 1
