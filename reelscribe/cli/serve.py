"""`reelscribe serve`: one of the four processes, in the foreground until it is asked to stop."""

from __future__ import annotations

import asyncio
import enum
import importlib
import signal
from collections.abc import Coroutine
from typing import TYPE_CHECKING, Annotated, Any

import typer

from reelscribe.cli import options
from reelscribe.cli.ending import prepared, told
from services.common.errors import BusUnavailable

if TYPE_CHECKING:
    from services.common.settings import Settings

EPILOG = """\
Settings come from reelscribe.toml (REELSCRIBE_CONFIG names another file) and
the environment, for example:

  REELSCRIBE_VISION__ADDRESS=0.0.0.0:50051   where vision listens\n
  REELSCRIBE_BUS__URL=nats://nats:4222       the bus\n
  REELSCRIBE_COMPUTE__CORES=4                model calls at a time\n
  REELSCRIBE_LOG_FORMAT=json                 one JSON object a line, to stderr

Health is grpc.health.v1: "" while the process lives, the service's full name
once its models are loaded. SIGTERM: not serving first, then what is in work
is finished, then it leaves; a second one ends it at once.
"""

app = typer.Typer(add_completion=False)


class Process(enum.StrEnum):
    """The four processes."""

    GATEWAY = "gateway"
    VISION = "vision"
    AUDIO = "audio"
    VLM = "vlm"


@app.command(epilog=EPILOG)
def serve(
    process: Annotated[Process, typer.Argument(help="Which one.", show_default=False)],
    verbose: options.Traceback = False,
) -> None:
    """Run one of the processes: gateway, vision, audio or vlm.

    It needs a NATS server with JetStream; `reelscribe up` starts one, and all four, on this machine.
    """
    with told(verbose=verbose):
        settings = prepared(verbose=True)
        asyncio.run(_until_told(process, settings))


async def _until_told(process: Process, settings: Settings) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()

    def asked() -> None:
        stop.set()
        # The next one is not for us to handle: it ends the process as it would end any other.
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.remove_signal_handler(number)

    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, asked)
    try:
        await _serving(process, settings, stop)
    except BusUnavailable as error:
        error.fix = error.fix or "nats-server -js; or, with all four processes on this machine: reelscribe up"
        raise


def _serving(process: Process, settings: Settings, stop: asyncio.Event) -> Coroutine[Any, Any, None]:
    # Imported here, once thread pools are capped: numeric libraries read their limits when they are imported.
    if process is Process.GATEWAY:
        from gateway.server import serve_gateway

        return serve_gateway(settings, stop=stop)
    from services.common.server import serve_service

    module: Any = importlib.import_module(f"services.{process.value}")
    return serve_service(process.value, module.ANALYZERS, settings, stop=stop)
