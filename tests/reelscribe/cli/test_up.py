"""`reelscribe up`: starts all, says when they are ready, and leaves nothing."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest
from typer.testing import CliRunner

from reelscribe.cli.up import app, divided
from tests.nats_server import require_nats_server
from tests.ports import free_address

START_S = 180
"""Four processes that import torch, on a small machine with other work."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Home:
    """Ports, directories and settings of one installation."""

    directory: Path
    environment: dict[str, str]

    @property
    def gateway(self) -> str:
        return self.environment["REELSCRIBE_GATEWAY__ADDRESS"]

    def start(self) -> subprocess.Popen[str]:
        with (self.directory / "log").open("w") as log:
            return subprocess.Popen(
                [sys.executable, "-m", "reelscribe", "up"],
                cwd=self.directory,
                env=self.environment,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )

    def log(self) -> str:
        return (self.directory / "log").read_text()


@pytest.fixture
def home(tmp_path: Path) -> Home:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("REELSCRIBE_")}
    for name in ("GATEWAY", "VISION", "AUDIO", "VLM"):
        environment[f"REELSCRIBE_{name}__ADDRESS"] = free_address()
    environment |= {
        "REELSCRIBE_BUS__URL": f"nats://{free_address()}",
        "REELSCRIBE_BUS__PREFIX": "test-up",
        "REELSCRIBE_MEDIA__DIRECTORY": str(tmp_path / "media"),
        "REELSCRIBE_GATEWAY__UPLOAD_DIRECTORY": str(tmp_path / "uploads"),
        # Weights that are not there need no time to load.
        "REELSCRIBE_MODEL_DIR": str(tmp_path / "models"),
    }
    return Home(directory=tmp_path, environment=environment)


@pytest.fixture
def up(home: Home) -> Iterator[subprocess.Popen[str]]:
    require_nats_server()
    process = home.start()
    yield process
    if process.poll() is None:
        process.kill()
    process.wait()
    assert process.stdout is not None
    process.stdout.close()


def children_of(process: subprocess.Popen[str]) -> list[psutil.Process]:
    return psutil.Process(process.pid).children(recursive=True)


@pytest.mark.timeout(START_S + 120)
def test_starts_analyzes_and_stops_with_nothing_left(home: Home, up: subprocess.Popen[str], clip: Path) -> None:
    assert up.stdout is not None
    assert home.gateway in up.stdout.readline(), home.log()
    assert f"reelscribe analyze clip.mp4 --gateway {home.gateway}" in up.stdout.readline()
    children = children_of(up)
    assert len(children) == 5

    analyzed = subprocess.run(
        [sys.executable, "-m", "reelscribe", "analyze", str(clip), "--gateway", home.gateway, "--json", "-"],
        env=home.environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert analyzed.returncode in (0, 3), analyzed.stderr
    report = json.loads(analyzed.stdout)
    assert {result["service"] for result in report["results"]} == {"vision", "audio", "vlm", "gateway"}
    assert report["decoding"]["passCount"] == 1

    up.send_signal(signal.SIGINT)
    assert up.wait(timeout=60) == 0, home.log()
    assert psutil.wait_procs(children, timeout=10)[1] == []
    assert "Traceback" not in home.log()
    assert list((home.directory / "media").iterdir()) == []


def test_one_that_dies_takes_all_down_with_its_code(home: Home, up: subprocess.Popen[str]) -> None:
    victim = None
    while victim is None:
        assert up.poll() is None, home.log()
        children = children_of(up)
        victim = next((child for child in children if "audio" in child.cmdline()), None)
    victim.kill()
    assert up.wait(timeout=60) == 137, home.log()
    assert "audio was killed by SIGKILL" in home.log()
    assert psutil.wait_procs(children, timeout=10)[1] == []


def test_a_taken_port_is_told_before_anything_is_started(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        monkeypatch.setenv("REELSCRIBE_VISION__ADDRESS", f"127.0.0.1:{server.getsockname()[1]}")
        result = CliRunner().invoke(app, [])
    assert result.exit_code == 1
    assert "vision should listen on" in result.stderr
    assert "REELSCRIBE_VISION__ADDRESS" in result.stderr


def test_a_bus_elsewhere_that_does_not_answer_is_not_started_here(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("GATEWAY", "VISION", "AUDIO", "VLM"):
        monkeypatch.setenv(f"REELSCRIBE_{name}__ADDRESS", free_address())
    monkeypatch.setenv("REELSCRIBE_BUS__URL", "nats://bus.invalid:4222")
    result = CliRunner().invoke(app, [])
    assert result.exit_code == 1
    assert "no NATS server answers at bus.invalid:4222" in result.stderr


def test_cores_are_divided_by_weight_and_nobody_gets_none() -> None:
    weights = {"vision": 2, "audio": 1, "vlm": 1}
    assert divided(16, weights) == {"vision": 8, "audio": 4, "vlm": 4}
    assert divided(2, weights) == {"vision": 1, "audio": 1, "vlm": 1}
