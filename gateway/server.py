"""The gateway as a process."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import structlog
from grpc_health.v1 import health_pb2

from gateway.analyses import analyses
from gateway.api import MediaDoor, VideoAnalysisDoor
from gateway.uploads import Uploads
from reelscribe.v1 import analysis_pb2, media_pb2
from reelscribe.v1.analysis_pb2_grpc import add_VideoAnalysisServiceServicer_to_server
from reelscribe.v1.media_pb2_grpc import add_MediaServiceServicer_to_server
from services.common.server import connected_bus, grpc_server
from services.common.settings import Settings

log = structlog.get_logger()

SERVICE_NAME = analysis_pb2.DESCRIPTOR.services_by_name["VideoAnalysisService"].full_name
MEDIA_SERVICE_NAME = media_pb2.DESCRIPTOR.services_by_name["MediaService"].full_name


async def serve_gateway(settings: Settings, *, stop: asyncio.Event, ready: Callable[[], None] = lambda: None) -> None:
    """Run the gateway until `stop` is set; calls in progress are finished first.

    Raises BusUnavailable if no bus answers at the start, OSError if the address is taken.
    """
    section = settings.gateway
    names = [SERVICE_NAME, MEDIA_SERVICE_NAME]
    async with connected_bus(settings) as bus, analyses(settings, bus) as running:
        with Uploads(section) as uploads:
            async with grpc_server(section.address, names) as (server, checks):
                door = VideoAnalysisDoor(running, uploads, section)
                add_VideoAnalysisServiceServicer_to_server(door, server)  # type: ignore[no-untyped-call]
                add_MediaServiceServicer_to_server(MediaDoor(running.store), server)  # type: ignore[no-untyped-call]
                await server.start()
                for name in names:
                    await checks.set(name, health_pb2.HealthCheckResponse.SERVING)
                ready()
                log.info("serving", service="gateway", address=section.address)
                await stop.wait()
                for name in names:
                    await checks.set(name, health_pb2.HealthCheckResponse.NOT_SERVING)
