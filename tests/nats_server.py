"""A real NATS server with JetStream for tests: its own port, its own folder, ended by its own process id."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.ports import free_address

START_LIMIT_S = 60.0
"""It takes about 20 ms; a machine busy with models may be slow."""


class NatsServer:
    """`start`, `stop` and `start` again: the same port and the same files, as after a restart of the machine."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._port = int(free_address().rpartition(":")[2])
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"nats://127.0.0.1:{self._port}"

    def start(self, *, jetstream: bool = True) -> None:
        command = ["nats-server", "-a", "127.0.0.1", "-p", str(self._port)]
        if jetstream:
            command += ["-js", "-sd", str(self._folder / "jetstream")]
        with (self._folder / "log").open("ab") as log:
            self._process = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT)
        limit_s = time.monotonic() + START_LIMIT_S
        while not self._answers():
            ended = self._process.poll()
            if ended is not None or time.monotonic() > limit_s:
                self.stop()
                why = f"ended with {ended}" if ended is not None else f"did not answer within {START_LIMIT_S:.0f} s"
                raise RuntimeError(f"nats-server {why}; it says:\n{(self._folder / 'log').read_text()}")
            time.sleep(0.01)

    def stop(self, *, suddenly: bool = False) -> None:
        """End it and wait; `suddenly`: as a power cut would."""
        process, self._process = self._process, None
        if process is not None:
            process.kill() if suddenly else process.terminate()
            process.wait(timeout=START_LIMIT_S)

    def _answers(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self._port), timeout=1.0) as connection:
                return connection.recv(4) == b"INFO"
        except OSError:
            return False


def require_nats_server() -> None:
    """Skip where the program is missing, fail where it must not be."""
    if shutil.which("nats-server") is None:
        reason = "nats-server is not on PATH: https://docs.nats.io/running-a-nats-service/introduction/installation"
        if os.environ.get("REELSCRIBE_REQUIRE_TEST_DATA") == "1":
            pytest.fail(reason)
        pytest.skip(reason)


@pytest.fixture(scope="session")
def nats_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[NatsServer]:
    """One server for all tests; each uses a prefix of its own."""
    require_nats_server()
    server = NatsServer(tmp_path_factory.mktemp("nats"))
    server.start()
    yield server
    server.stop()


@pytest.fixture
def own_nats_server(tmp_path: Path) -> Iterator[NatsServer]:
    """A server that a test may stop and start."""
    require_nats_server()
    server = NatsServer(tmp_path)
    server.start()
    yield server
    server.stop()
