"""NATS and ports under `doctor`."""

from __future__ import annotations

import socket
from pathlib import Path

import grpc
import pytest

from reelscribe.cli.check_network import check_nats_program, check_nats_server, check_port
from reelscribe.cli.checkup import Grade
from services.common.server import SERVICE_NAME, grpc_server
from tests.nats_server import NatsServer
from tests.ports import free_address


def program(folder: Path, version: str) -> None:
    (folder / "nats-server").write_text(f"#!/bin/sh\necho nats-server: v{version}\n")
    (folder / "nats-server").chmod(0o755)


def test_nats_server_is_looked_for_on_the_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert check_nats_program().grade is Grade.NOTE
    program(tmp_path, "2.10.4")
    assert check_nats_program().told == f"2.10.4 at {tmp_path}/nats-server"
    assert check_nats_program().grade is Grade.GOOD


def test_an_old_nats_server_is_noted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    program(tmp_path, "2.8.9")
    assert check_nats_program().grade is Grade.NOTE


def test_a_server_that_answers_is_named(nats_server: NatsServer) -> None:
    check = check_nats_server(nats_server.url)
    assert check.grade is Grade.GOOD
    assert "answers at 127.0.0.1" in check.told


def test_none_that_answers_is_no_fault_since_up_starts_one() -> None:
    assert check_nats_server(f"nats://{free_address()}").grade is Grade.GOOD


def test_a_free_port_and_one_that_another_program_has() -> None:
    assert check_port("vision", free_address()).grade is Grade.GOOD
    with socket.create_server(("127.0.0.1", 0)) as server:
        check = check_port("vision", f"127.0.0.1:{server.getsockname()[1]}")
    assert check.grade is Grade.NOTE
    assert "REELSCRIBE_VISION__ADDRESS" in check.fix


async def test_a_port_that_one_of_ours_has_is_well() -> None:
    import asyncio

    address = free_address()
    async with grpc_server(address, [SERVICE_NAME]) as (server, _):
        assert isinstance(server, grpc.aio.Server)
        await server.start()
        check = await asyncio.to_thread(check_port, "vision", address)
    assert check.told == f"vision: runs at {address}"
    assert check.grade is Grade.GOOD


def test_what_is_no_address_is_noted() -> None:
    assert check_port("vision", "nowhere").grade is Grade.NOTE
