"""The program as a process, with fakes for analyzers, and clips to give to it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests import nats_server as nats_fixtures
from tests.clips import Pictures, Sound, clicks, every, write_clip
from tests.reelscribe.cli.fakes_program import FAKES_VARIABLE

nats_server = nats_fixtures.nats_server

ROOT = Path(__file__).resolve().parents[3]

LIMIT_S = 120
"""Long enough for a busy machine; then the process says where it hangs."""

Done = subprocess.CompletedProcess[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """`reelscribe` in a directory of its own."""

    directory: Path
    environment: Mapping[str, str]

    def __call__(self, *arguments: str | Path, fakes: str = "seconds,silent,loud") -> Done:
        with self.start(*arguments, fakes=fakes) as process:
            try:
                out, err = process.communicate(timeout=LIMIT_S)
            except subprocess.TimeoutExpired:
                process.send_signal(signal.SIGABRT)
                out, err = process.communicate(timeout=10)
                pytest.fail(f"{arguments} did not end within {LIMIT_S} s:\n{out}\n{err}")
        return Done(process.args, process.returncode, out, err)

    def start(self, *arguments: str | Path, fakes: str = "seconds,silent,loud") -> subprocess.Popen[str]:
        """Without waiting for its end."""
        return subprocess.Popen(
            self.command(*arguments),
            cwd=self.directory,
            env={**self.environment, FAKES_VARIABLE: fakes},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def command(self, *arguments: str | Path) -> list[str]:
        return [sys.executable, "-m", "tests.reelscribe.cli.fakes_program", *map(str, arguments)]

    @property
    def media(self) -> list[Path]:
        """What lies in its media directory."""
        directory = Path(self.environment["REELSCRIBE_MEDIA__DIRECTORY"])
        return list(directory.iterdir()) if directory.exists() else []


@pytest.fixture
def program(tmp_path: Path) -> Program:
    return program_in(tmp_path)


def program_in(folder: Path) -> Program:
    directory = folder / "here"
    directory.mkdir()
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("REELSCRIBE_")},
        "PYTHONPATH": str(ROOT),
        "COLUMNS": "80",
        "REELSCRIBE_MEDIA__DIRECTORY": str(folder / "media"),
    }
    return Program(directory=directory, environment=environment)


@pytest.fixture(scope="session")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three seconds of pictures and sound."""
    path = tmp_path_factory.mktemp("clips") / "clip.mp4"
    sound = Sound(blocks=[(0.0, clicks([0.5, 1.5, 2.5], 3.0))], codec="aac")
    return write_clip(path, Pictures(times_s=every(25, 3.0)), sound)


@pytest.fixture(scope="session")
def make_clip() -> Callable[[Path, float], Path]:
    """Writes a clip of some length, without sound."""

    def make(path: Path, length_s: float) -> Path:
        path.parent.mkdir(parents=True, exist_ok=True)
        return write_clip(path, Pictures(times_s=every(25, length_s)))

    return make
