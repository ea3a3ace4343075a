"""`reelscribe up`: nats-server and the four processes on this machine, for as long as this one runs."""

from __future__ import annotations

import asyncio
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from reelscribe.cli.ending import prepared, told
from reelscribe.cli.family import ChildDied, Family
from reelscribe.cli.ports import Address, address_of, is_taken, nats_address, nats_info
from services.common.errors import BusUnavailable, InvalidSetting, ReelscribeError

if TYPE_CHECKING:
    from services.common.settings import Settings

NATS_RANK, SERVICE_RANK, GATEWAY_RANK = 0, 1, 2
"""Stopped from the highest down: the gateway takes no more calls while the services finish, and the bus goes last."""

CORE_WEIGHTS = {"vision": 2, "audio": 1, "vlm": 1}
"""Shares of the machine's cores; decoding, in the gateway, has one thread of its own."""

ASK_S = 0.25
"""Between two questions whether a process is ready."""

NATS_START_S = 10.0

NATS_FIX = "install nats-server (your distribution's package, or https://github.com/nats-io/nats-server/releases)"

EPILOG = """\
Examples:

  reelscribe up\n
  reelscribe analyze clip.mp4 --gateway 127.0.0.1:50050    elsewhere

A NATS server that answers at the bus's URL (REELSCRIBE_BUS__URL) is used;
otherwise one is started, with its store in a temporary directory. The cores
(REELSCRIBE_COMPUTE__CORES) are divided among the services. One Ctrl-C or
SIGTERM: what is in work is finished, then all stop. Another one: all end at
once. If one process dies, all stop, with its exit code.
"""

app = typer.Typer(add_completion=False)


class PortTaken(ReelscribeError):
    """Another program listens where one of ours should."""

    reason = "port_taken"

    def __init__(self, name: str, address: Address) -> None:
        super().__init__(f"{name} should listen on {address}, and somebody does already")
        self.fix = f"stop that program, or set REELSCRIBE_{name.upper()}__ADDRESS to another host:port"


class Asked(Exception):
    """Ctrl-C or SIGTERM."""


@app.command(epilog=EPILOG)
def up(
    verbose: Annotated[
        bool, typer.Option("--verbose", "-v", help="All that nats-server says, and the traceback of an error.")
    ] = False,
) -> None:
    """Run NATS and the four processes on this machine; one Ctrl-C stops them all."""
    with told(verbose=verbose):
        settings = prepared(verbose=True)
        console = Console(stderr=True)
        try:
            with tempfile.TemporaryDirectory(prefix="reelscribe-nats-") as store:
                asyncio.run(_up(settings, console, Path(store), verbose=verbose))
        except ChildDied as death:
            console.print(f"[bold red]error:[/] {death}", highlight=False, soft_wrap=True)
            raise typer.Exit(death.exit_code) from None


async def _up(settings: Settings, console: Console, store: Path, *, verbose: bool) -> None:
    from services.common.background import background

    addresses = _addresses(settings)
    async with Family(console, marked=settings.log_format != "json") as family:
        stop = _stop_event(family)
        try:
            async with background(family.deaths(), _raise_when(stop)):
                await _start_bus(family, settings, store, verbose=verbose)
                await _start_processes(family, settings, console)
                await _all_ready(addresses, console)
                _print_ready(addresses["gateway"].dialled)
                await asyncio.Event().wait()
        except Asked:
            console.print("stopping: what is in work is finished first (Ctrl-C again: at once)", highlight=False)


def _addresses(settings: Settings) -> dict[str, Address]:
    """Where each process listens. Raises InvalidSetting or PortTaken."""
    texts = {"gateway": settings.gateway.address, **{name: settings.service(name).address for name in CORE_WEIGHTS}}
    addresses = {}
    for name, text in texts.items():
        try:
            addresses[name] = address_of(text)
        except ValueError as error:
            raise InvalidSetting(f"settings: {name}.address: {error}") from None
        if is_taken(addresses[name]):
            raise PortTaken(name, addresses[name])
    return addresses


def _stop_event(family: Family) -> asyncio.Event:
    """Set by the first signal; a second one kills."""
    stop = asyncio.Event()

    def asked() -> None:
        if stop.is_set():
            family.kill()
        stop.set()

    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, asked)
    return stop


async def _raise_when(stop: asyncio.Event) -> None:
    await stop.wait()
    raise Asked


async def _start_bus(family: Family, settings: Settings, store: Path, *, verbose: bool) -> None:
    """Unless one answers already. Raises BusUnavailable."""
    address = nats_address(settings.bus.url)
    info = await asyncio.to_thread(nats_info, address)
    if info is not None:
        if not info.get("jetstream"):
            raise _bus_error(f"the NATS server at {address} runs without JetStream", "start it with -js")
        return
    if not address.is_local:
        raise _bus_error(f"no NATS server answers at {address}", "start it there, or set REELSCRIBE_BUS__URL")
    program = shutil.which("nats-server")
    if program is None:
        raise _bus_error(f"no NATS server answers at {address}, and nats-server is not on PATH", NATS_FIX)
    command = (program, "-a", address.dialled.host, "-p", str(address.port), "-js", "-sd", str(store))
    await family.start("nats", command, rank=NATS_RANK, shows=lambda line: verbose or "[INF]" not in line)
    try:
        async with asyncio.timeout(NATS_START_S):
            while await asyncio.to_thread(nats_info, address) is None:  # noqa: ASYNC110  (another process's port)
                await asyncio.sleep(ASK_S / 5)
    except TimeoutError:
        raise _bus_error(f"nats-server was started and does not answer at {address}", "see its lines with -v") from None


def _bus_error(message: str, fix: str) -> BusUnavailable:
    error = BusUnavailable(message)
    error.fix = fix
    return error


async def _start_processes(family: Family, settings: Settings, console: Console) -> None:
    cores = divided(settings.compute.cores, CORE_WEIGHTS)
    told = ", ".join(f"{name} {count}" for name, count in cores.items())
    console.print(f"starting the gateway and its services (cores: {told})", highlight=False)
    for name in (*CORE_WEIGHTS, "gateway"):
        environment = {"REELSCRIBE_COMPUTE__CORES": str(cores.get(name, 1))}
        if console.is_terminal:
            environment["FORCE_COLOR"] = "1"
        rank = GATEWAY_RANK if name == "gateway" else SERVICE_RANK
        command = (sys.executable, "-m", "reelscribe", "serve", name)
        await family.start(name, command, rank=rank, environment=environment)


def divided(core_count: int, weights: Mapping[str, int]) -> dict[str, int]:
    """Cores by weight, at least one each: on a small machine they overlap, since a share of nothing cannot work.

    >>> divided(8, {"vision": 2, "audio": 1, "vlm": 1})
    {'vision': 4, 'audio': 2, 'vlm': 2}
    """
    whole = sum(weights.values())
    return {name: max(1, core_count * weight // whole) for name, weight in weights.items()}


async def _all_ready(addresses: Mapping[str, Address], console: Console) -> None:
    """Wait until each answers SERVING for its full name, that is: until its models are loaded."""
    from reelscribe.v1 import analysis_pb2, analyzer_pb2

    service = analyzer_pb2.DESCRIPTOR.services_by_name["AnalyzerService"].full_name
    gateway = analysis_pb2.DESCRIPTOR.services_by_name["VideoAnalysisService"].full_name
    started_s = time.monotonic()

    async def ready(name: str, address: Address) -> None:
        await _serving(address, gateway if name == "gateway" else service)
        console.print(f"{name} is ready after {time.monotonic() - started_s:.1f} s", highlight=False)

    async with asyncio.TaskGroup() as group:
        for name, address in addresses.items():
            group.create_task(ready(name, address.dialled))


async def _serving(address: Address, service: str) -> None:
    import grpc
    from grpc_health.v1 import health_pb2, health_pb2_grpc

    async with grpc.aio.insecure_channel(str(address)) as channel:
        stub = health_pb2_grpc.HealthStub(channel)
        request = health_pb2.HealthCheckRequest(service=service)
        while True:
            try:
                answer = await stub.Check(request, timeout=5.0)
                if answer.status == health_pb2.HealthCheckResponse.SERVING:
                    return
            except grpc.RpcError:
                # Not listening yet; whether it still lives is watched elsewhere.
                pass
            await asyncio.sleep(ASK_S)


def _print_ready(gateway: Address) -> None:
    typer.echo(f"ready: the gateway is at {gateway}. In another terminal:")
    typer.echo(f"  reelscribe analyze clip.mp4 --gateway {gateway}")
    sys.stdout.flush()
