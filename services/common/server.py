"""A service as a process: its gRPC door, its health, and its worker on the bus."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, closing

import grpc
import structlog
from grpc_health.v1 import health, health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection

from reelscribe.v1 import analyzer_pb2
from reelscribe.v1.analyzer_pb2_grpc import add_AnalyzerServiceServicer_to_server
from services.common.analyzer import Analyzer
from services.common.background import background
from services.common.bus import BusSettings
from services.common.bus.jetstream import JetStreamBus
from services.common.device import Device, device_kind
from services.common.door import AnalyzerDoor
from services.common.media import MediaReader
from services.common.service import Service
from services.common.settings import Settings
from services.common.worker import Worker

log = structlog.get_logger()

SERVICE_NAME = analyzer_pb2.DESCRIPTOR.services_by_name["AnalyzerService"].full_name
MESSAGE_LIMIT_BYTES = 64 << 20
"""A window of frames carried in a message may take this much; only callers without the gateway send such."""

STOP_GRACE_S = 30.0
"""Calls in progress may take this long to end once the process is asked to stop."""


ServerAndHealth = tuple[grpc.aio.Server, health.aio.HealthServicer]


@asynccontextmanager
async def grpc_server(
    address: str, names: Sequence[str]
) -> AsyncIterator[tuple[grpc.aio.Server, health.aio.HealthServicer]]:
    """A server with health and reflection on it: the process lives ("" SERVING), `names` are not ready yet.

    Started by the caller; stopped at the end, after the calls in progress.
    """
    server = grpc.aio.server(
        options=[
            ("grpc.max_receive_message_length", MESSAGE_LIMIT_BYTES),
            # Otherwise a second process on the same port would be told nothing, and take half of the calls.
            ("grpc.so_reuseport", 0),
        ]
    )
    checks = health.aio.HealthServicer()
    health_pb2_grpc.add_HealthServicer_to_server(checks, server)
    reflection.enable_server_reflection([*names, health.SERVICE_NAME, reflection.SERVICE_NAME], server)
    for name in names:
        await checks.set(name, health_pb2.HealthCheckResponse.NOT_SERVING)
    await checks.set("", health_pb2.HealthCheckResponse.SERVING)
    _listen(server, address)
    try:
        yield server, checks
    finally:
        await server.stop(STOP_GRACE_S)


def _listen(server: grpc.aio.Server, address: str) -> None:
    try:
        port = server.add_insecure_port(address)
    except RuntimeError as error:
        raise OSError(f"{address} cannot be listened on") from error
    if port == 0:  # how older versions of gRPC say it
        raise OSError(f"{address} cannot be listened on")


def connected_bus(settings: Settings) -> JetStreamBus:
    """The bus a process is set to use; connects where it is entered."""
    return JetStreamBus(settings.bus.url, BusSettings(prefix=settings.bus.prefix))


async def serve_service(
    name: str,
    analyzers: Sequence[type[Analyzer]],
    settings: Settings,
    *,
    stop: asyncio.Event,
    ready: Callable[[], None] = lambda: None,
) -> None:
    """Run a service until `stop` is set: NOT_SERVING first, then what is in flight is finished, then it leaves.

    Raises BusUnavailable if no bus answers at the start, OSError if the address is taken.
    """
    compute = settings.compute
    device = Device(
        kind=device_kind(compute.device), core_count=compute.cores, threads_per_call=compute.threads_per_call
    )
    service = Service(name, analyzers, device, settings.analyzers)
    with closing(MediaReader(settings.media.directory)) as reader:
        await _serve(service, settings, reader, stop, ready)


async def _serve(
    service: Service, settings: Settings, reader: MediaReader, stop: asyncio.Event, ready: Callable[[], None]
) -> None:
    section = settings.service(service.name)
    async with connected_bus(settings) as bus, grpc_server(section.address, [SERVICE_NAME]) as (server, checks):
        add_AnalyzerServiceServicer_to_server(AnalyzerDoor(service), server)  # type: ignore[no-untyped-call]
        await server.start()
        await asyncio.to_thread(service.load)
        worker = Worker(
            service,
            bus,
            reader,
            replica_id=f"{service.name}-{secrets.token_hex(4)}",
            parts_in_flight=section.parts_in_flight,
        )
        async with background(worker.run()) as working:
            await checks.set(SERVICE_NAME, health_pb2.HealthCheckResponse.SERVING)
            ready()
            log.info("serving", service=service.name, address=section.address, device=repr(service.device))
            await stop.wait()
            await checks.set(SERVICE_NAME, health_pb2.HealthCheckResponse.NOT_SERVING)
            worker.stop()
            await asyncio.gather(*working)
