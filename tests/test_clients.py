"""The example clients, each a process of its own, against a gateway on a real port with a real bus behind it."""

from __future__ import annotations

import asyncio
import json
import shutil
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests import fakes
from tests.clips import Pictures, Sound, clicks, every, write_clip
from tests.nats_server import NatsServer, nats_server  # noqa: F401  (a fixture)
from tests.served import served, served_settings

ROOT = Path(__file__).resolve().parent.parent
PYTHON = ROOT / "examples" / "clients" / "python" / "analyze.py"
NODE = ROOT / "examples" / "clients" / "node"
CATALOGUE = {"vision": [fakes.Seconds, fakes.Failing], "audio": [fakes.Loud]}
NPM_LIMIT_S = 120


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    sound = Sound(blocks=[(0.0, clicks([0.5, 1.5], 3.0))])
    return write_clip(tmp_path / "clip.mkv", Pictures(times_s=every(10, 3.0), rate_hz=10), sound)


@pytest.fixture
async def gateway(nats_server: NatsServer, tmp_path: Path) -> AsyncIterator[str]:  # noqa: F811
    async with served(served_settings(nats_server.url, tmp_path), CATALOGUE) as address:
        yield address


@pytest.fixture(scope="session")
def node_client(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example in a tree of its own, its two packages installed."""
    for program in ("node", "npm"):
        if shutil.which(program) is None:
            pytest.skip(f"{program} is not on this machine")
    tree = tmp_path_factory.mktemp("tree")
    (tree / "protos").symlink_to(ROOT / "protos")
    folder = tree / NODE.relative_to(ROOT)
    folder.mkdir(parents=True)
    for name in ("analyze.js", "package.json"):
        shutil.copy(NODE / name, folder)
    command = ["npm", "install", "--no-audit", "--no-fund", "--no-package-lock", "--ignore-scripts"]
    try:
        installed = subprocess.run(
            command, cwd=folder, capture_output=True, text=True, timeout=NPM_LIMIT_S, check=False
        )
    except subprocess.TimeoutExpired:
        pytest.skip("npm could not fetch the client's packages in time")
    if installed.returncode != 0:
        pytest.skip(f"npm could not fetch the client's packages: {installed.stderr.strip().splitlines()[-1:]}")
    return folder / "analyze.js"


async def output_of(*command: str | Path) -> tuple[int, list[str], str]:
    """Exit code, lines of stdout, stderr. In a thread: the gateway runs in this process's loop."""
    words = [str(word) for word in command]
    done = await asyncio.to_thread(subprocess.run, words, capture_output=True, text=True, timeout=60, check=False)
    return done.returncode, done.stdout.splitlines(), done.stderr


def assert_told(lines: list[str]) -> None:
    """What was accepted, every finding as it came, every analyzer's end."""
    assert lines[0] == "clip.mkv: seconds, failing, loud"
    for second in range(3):
        assert f"{second:6.1f} - {second + 1:6.1f} s  seconds  second" in lines
    assert lines[-3:] == [
        "seconds: OK, 3 findings",
        "failing: FAILED, 0 findings: window 0 broke it",
        "loud: OK, 2 findings",
    ]


async def test_python_prints_what_is_found(gateway: str, clip: Path, tmp_path: Path):
    report = tmp_path / "report.json"
    code, lines, _ = await output_of(sys.executable, PYTHON, clip, "--gateway", gateway, "--json", report)
    assert code == 0
    assert_told(lines)
    told = json.loads(report.read_text())
    assert [result["analyzer"] for result in told["results"]] == ["seconds", "failing", "loud"]
    assert told["results"][0]["findings"][0]["span"] == {"startOffset": "0s", "endOffset": "1s"}


async def test_python_says_what_the_gateway_says(gateway: str, clip: Path):
    code, _, err = await output_of(sys.executable, PYTHON, clip, "--gateway", gateway, "--analyzers", "nobody")
    assert code == 1
    assert err.startswith("INVALID_ARGUMENT: ")
    assert "nobody" in err


async def test_node_prints_what_is_found(gateway: str, clip: Path, node_client: Path):
    code, lines, err = await output_of(shutil.which("node") or "", node_client, clip, gateway)
    assert code == 0, err
    assert_told(lines)


async def test_node_says_what_the_gateway_says(gateway: str, clip: Path, node_client: Path):
    code, _, err = await output_of(shutil.which("node") or "", node_client, clip, gateway, "nobody")
    assert code == 1
    assert "nobody" in err


async def test_node_says_that_there_is_no_file(gateway: str, node_client: Path, tmp_path: Path):
    code, _, err = await output_of(shutil.which("node") or "", node_client, tmp_path / "none.mp4", gateway)
    assert code == 1
    assert "none.mp4" in err


def test_versions_of_the_node_client_are_exact():
    packages = json.loads((NODE / "package.json").read_text())["dependencies"]
    assert all(version.replace(".", "").isdigit() for version in packages.values())
