"""Each contract test runs over each implementation, and leaves nothing behind."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from services.common.bus import BusSettings
from tests.nats_server import NatsServer, nats_server, own_nats_server
from tests.services.common.bus.sites import PATIENT, QUICK, MemorySite, NatsSite, Site, nothing_runs

__all__ = ["nats_server", "own_nats_server"]


@pytest.fixture(autouse=True)
async def nothing_left() -> AsyncIterator[None]:
    """Set up first, so that it looks when all else has been closed."""
    yield
    await nothing_runs()


@asynccontextmanager
async def opened_site(request: pytest.FixtureRequest, settings: BusSettings) -> AsyncIterator[Site]:
    opened: Site
    if request.param == "memory":
        opened = MemorySite(settings)
    else:
        opened = NatsSite(request.getfixturevalue("nats_server").url, settings)
        await opened.open()
    yield opened
    await opened.close()


@pytest.fixture(params=["memory", "nats"])
async def site(request: pytest.FixtureRequest) -> AsyncIterator[Site]:
    async with opened_site(request, QUICK) as opened:
        yield opened


@pytest.fixture(params=["memory", "nats"])
async def patient_site(request: pytest.FixtureRequest) -> AsyncIterator[Site]:
    """Where nothing is done again after a time, so that what comes was sent at once."""
    async with opened_site(request, PATIENT) as opened:
        yield opened


@pytest.fixture
async def nats_site(nats_server: NatsServer) -> AsyncIterator[NatsSite]:
    opened = NatsSite(nats_server.url)
    await opened.open()
    yield opened
    await opened.close()
