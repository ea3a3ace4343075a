"""`python -m bench.common.service_process SERVICE CATALOGUE`: a service with a benchmark's own analyzers.

CATALOGUE: "sleepers" or "readers", see `stand_ins`. Settings come from the environment.
"""

from __future__ import annotations

import asyncio
import signal
import sys

from bench.common.stand_ins import CATALOGUES
from reelscribe.cli.ending import prepared
from services.common.server import serve_service


async def _serve(name: str, catalogue: str) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    await serve_service(name, CATALOGUES[catalogue][name], prepared(verbose=True), stop=stop)


if __name__ == "__main__":
    asyncio.run(_serve(sys.argv[1], sys.argv[2]))
