"""What a container's health check is told."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from grpc_health.v1 import health_pb2

from services.common.healthcheck import BAD_USAGE, NOT_SERVING, SERVING, main
from services.common.server import grpc_server
from tests.ports import free_address

NAME = "reelscribe.v1.AnalyzerService"


@pytest.fixture
async def address() -> AsyncIterator[str]:
    """A process that lives, whose models are not ready."""
    where = free_address()
    async with grpc_server(where, [NAME]) as (server, _):
        await server.start()
        yield where


async def test_a_process_that_lives_is_told_from_one_that_is_ready(address: str):
    assert await asyncio.to_thread(main, [address]) == SERVING
    assert await asyncio.to_thread(main, [address, NAME]) == NOT_SERVING


async def test_a_service_is_ready_once_it_says_so():
    where = free_address()
    async with grpc_server(where, [NAME]) as (server, checks):
        await server.start()
        await checks.set(NAME, health_pb2.HealthCheckResponse.SERVING)
        assert await asyncio.to_thread(main, [where, NAME]) == SERVING


def test_a_dead_process_is_not_serving(capsys: pytest.CaptureFixture[str]):
    where = free_address()
    assert main([where]) == NOT_SERVING
    assert capsys.readouterr().err == f"{where}: not serving\n"


@pytest.mark.parametrize("arguments", [[], ["a:1", "b", "c"]])
def test_a_wrong_call_is_told_how_to_do_it(arguments: list[str], capsys: pytest.CaptureFixture[str]):
    assert main(arguments) == BAD_USAGE
    assert "HOST:PORT" in capsys.readouterr().err
