from __future__ import annotations

import grpc
import pytest
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection_pb2, reflection_pb2_grpc

from services.common.server import SERVICE_NAME, grpc_server
from tests.ports import free_address

Status = health_pb2.HealthCheckResponse


async def health(channel: grpc.aio.Channel, name: str) -> int:
    answer = await health_pb2_grpc.HealthStub(channel).Check(health_pb2.HealthCheckRequest(service=name))
    return int(answer.status)


async def test_it_lives_before_it_is_ready():
    address = free_address()
    async with grpc_server(address, [SERVICE_NAME]) as (server, checks):
        await server.start()
        async with grpc.aio.insecure_channel(address) as channel:
            assert await health(channel, "") == Status.SERVING
            assert await health(channel, SERVICE_NAME) == Status.NOT_SERVING
            await checks.set(SERVICE_NAME, Status.SERVING)
            assert await health(channel, SERVICE_NAME) == Status.SERVING


async def test_it_tells_what_can_be_called():
    address = free_address()
    async with grpc_server(address, [SERVICE_NAME]) as (server, _):
        await server.start()
        async with grpc.aio.insecure_channel(address) as channel:
            stub = reflection_pb2_grpc.ServerReflectionStub(channel)
            asked = reflection_pb2.ServerReflectionRequest(list_services="")
            answers = [answer async for answer in stub.ServerReflectionInfo(iter([asked]))]
    names = [service.name for service in answers[0].list_services_response.service]
    assert {SERVICE_NAME, "grpc.health.v1.Health"} <= set(names)


async def test_a_port_that_is_taken_is_an_error_and_is_not_shared():
    """Two processes that share a port would each get half of the calls."""
    address = free_address()
    async with grpc_server(address, [SERVICE_NAME]) as (server, _):
        await server.start()
        with pytest.raises(OSError, match=address):
            async with grpc_server(address, [SERVICE_NAME]):
                pass
