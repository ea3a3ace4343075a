"""A gateway and services on a real NATS server and real ports, in this process: for tests of what crosses them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from gateway.server import serve_gateway
from services.common.analyzer import Analyzer
from services.common.server import serve_service
from services.common.settings import GatewaySettings, MediaSettings, NatsSettings, ServiceSettings, Settings
from tests.ports import free_address


def served_settings(nats_url: str, folder: Path, **gateway: object) -> Settings:
    """Settings of one installation of its own: ports, subjects, directories."""
    return Settings(
        bus=NatsSettings(url=nats_url, prefix=f"test-{folder.name.replace('_', '-')}"),
        media=MediaSettings(directory=folder / "media"),
        gateway=GatewaySettings(
            **{
                "address": free_address(),
                "upload_directory": folder / "uploads",
                "services": ("vision", "audio"),
                **gateway,
            }
        ),
        vision=ServiceSettings(address=free_address()),
        audio=ServiceSettings(address=free_address()),
        vlm=ServiceSettings(address=free_address()),
    )


@asynccontextmanager
async def served(settings: Settings, catalogue: Mapping[str, Sequence[type[Analyzer]]]) -> AsyncIterator[str]:
    """Everything up and ready; gives the gateway's address. Stopped in reverse at the end."""
    stop = asyncio.Event()
    ready = asyncio.Semaphore(0)
    runs = [
        asyncio.create_task(serve_service(name, kinds, settings, stop=stop, ready=ready.release))
        for name, kinds in catalogue.items()
    ]
    runs.append(asyncio.create_task(serve_gateway(settings, stop=stop, ready=ready.release)))
    try:
        up = asyncio.gather(*(ready.acquire() for _ in runs))
        await asyncio.wait([up, *runs], return_when=asyncio.FIRST_COMPLETED, timeout=90)
        if not up.done():
            up.cancel()
            await asyncio.gather(*(run for run in runs if run.done()))
            raise TimeoutError("not everything came up")
        yield settings.gateway.address
    finally:
        stop.set()
        await asyncio.wait_for(asyncio.gather(*runs), 90)
