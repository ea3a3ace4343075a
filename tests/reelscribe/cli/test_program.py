"""`reelscribe` itself: its help is fast and light, and every command is what the list says it is."""

from __future__ import annotations

import subprocess
import sys
import time
from importlib.metadata import version

import pytest
from typer.main import get_command
from typer.testing import CliRunner

from reelscribe.cli import COMMANDS, app

HEAVY = ("torch", "av", "grpc", "numpy", "pydantic", "cv2", "onnxruntime", "psutil", "google.protobuf")

HELP_CPU_S = 1.5
"""Processor time, since a busy machine makes no program slower by that measure."""


def run(*arguments: str) -> str:
    result = CliRunner().invoke(app, list(arguments))
    assert result.exit_code == 0, result.output
    return " ".join(result.output.split())


def test_help_is_fast_and_imports_no_library() -> None:
    code = (
        "import sys, time\n"
        "from reelscribe.cli import main\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\n"
        f"heavy = [name for name in {HEAVY!r} if name in sys.modules]\n"
        "print(heavy, time.process_time(), file=sys.stderr)\n"
    )
    started_s = time.monotonic()
    done = subprocess.run([sys.executable, "-c", code, "--help"], capture_output=True, text=True, check=True)
    heavy, _, cpu_s = done.stderr.strip().rpartition(" ")
    assert heavy == "[]"
    assert float(cpu_s) < HELP_CPU_S, f"and {time.monotonic() - started_s:.1f} s on the wall"
    assert "analyze" in done.stdout


@pytest.mark.parametrize("name", COMMANDS)
def test_each_command_is_what_the_list_says(name: str) -> None:
    assert COMMANDS[name].split(":")[0] in run(name, "--help")
    assert COMMANDS[name].split()[0] in run("--help")


def test_loading_a_command_keeps_the_order_of_the_list() -> None:
    run("version", "--help")
    assert list(get_command(app).commands) == list(COMMANDS)  # type: ignore[attr-defined]


def test_version() -> None:
    assert run("version") == f"reelscribe {version('reelscribe')}"


def test_unknown_command_is_bad_input_and_the_nearest_is_named() -> None:
    result = CliRunner().invoke(app, ["analyse"])
    assert result.exit_code == 2
    assert "analyze" in result.output


def test_the_module_is_the_program() -> None:
    done = subprocess.run([sys.executable, "-m", "reelscribe", "version"], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("reelscribe ")
