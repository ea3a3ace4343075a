"""`reelscribe serve`: one process in the foreground."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from reelscribe.cli.serve import Process, app
from services.common.settings import SERVICES
from tests.nats_server import NatsServer
from tests.ports import free_address

JSON_READY = '"event": "serving"'


def environment(folder: Path, **more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("REELSCRIBE_")}
    return {
        **kept,
        "REELSCRIBE_GATEWAY__ADDRESS": free_address(),
        "REELSCRIBE_MEDIA__DIRECTORY": str(folder / "media"),
        "REELSCRIBE_GATEWAY__UPLOAD_DIRECTORY": str(folder / "uploads"),
        "REELSCRIBE_LOG_FORMAT": "json",
        **more,
    }


def test_every_service_of_the_settings_can_be_served() -> None:
    assert {process.value for process in Process} == {"gateway", *SERVICES}


def test_an_unknown_process_is_bad_input() -> None:
    result = CliRunner().invoke(app, ["video"])
    assert result.exit_code == 2
    assert "gateway" in result.stderr


def test_without_a_bus_it_says_how_to_have_one(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "reelscribe", "serve", "gateway"],
        env=environment(tmp_path, REELSCRIBE_BUS__URL=f"nats://{free_address()}"),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 1
    assert "mend it: nats-server -js" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_asked_to_stop_it_ends_with_0(nats_server: NatsServer, tmp_path: Path, number: signal.Signals) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "reelscribe", "serve", "gateway"],
        env=environment(tmp_path, REELSCRIBE_BUS__URL=nats_server.url, REELSCRIBE_BUS__PREFIX=f"serve-{number}"),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr is not None
    for line in process.stderr:
        if JSON_READY in line:
            break
    process.send_signal(number)
    out, err = process.communicate(timeout=60)
    assert (process.returncode, out) == (0, ""), err
