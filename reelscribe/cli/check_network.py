"""What the four processes need beyond the machine, under `doctor`: a NATS server and free ports."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from typing import TYPE_CHECKING

from reelscribe.cli.checkup import Check, good, note
from reelscribe.cli.ports import Address, address_of, is_taken, nats_address, nats_info

if TYPE_CHECKING:
    from services.common.settings import Settings

NATS_FIX = "install it (your distribution's package, or https://github.com/nats-io/nats-server/releases)"

OLD_NATS = (2, 9)
"""Below this JetStream lacks what the bus asks of it."""

PROCESSES = ("gateway", "vision", "audio", "vlm")

ASK_S = 2.0


def check_network(settings: Settings) -> Iterator[Check]:
    """`reelscribe up` and `serve` need these; `analyze` without a gateway needs none of them."""
    yield check_nats_program()
    yield check_nats_server(settings.bus.url)
    for name in PROCESSES:
        section = settings.gateway if name == "gateway" else settings.service(name)
        yield check_port(name, section.address)


def check_nats_program() -> Check:
    """On PATH, and new enough."""
    program = shutil.which("nats-server")
    if program is None:
        return note("nats-server", "not on PATH; `reelscribe up` starts it", NATS_FIX)
    version = _version(program)
    told = f"{'.'.join(map(str, version)) or 'of unknown version'} at {program}"
    if version and version < OLD_NATS:
        return note("nats-server", told, f"{'.'.join(map(str, OLD_NATS))} is needed: {NATS_FIX}")
    return good("nats-server", told)


def _version(program: str) -> tuple[int, ...]:
    try:
        done = subprocess.run([program, "-v"], capture_output=True, text=True, timeout=ASK_S, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return ()
    match = re.search(r"v(\d+)\.(\d+)\.(\d+)", done.stdout)
    return tuple(map(int, match.groups())) if match else ()


def check_nats_server(url: str) -> Check:
    """Whether one answers where the settings say; `up` starts one where none does."""
    address = nats_address(url)
    info = nats_info(address)
    if info is None:
        return good("bus", f"none at {address}; `reelscribe up` starts one there")
    told = f"NATS {info.get('version', '')} answers at {address}"
    if not info.get("jetstream"):
        return note("bus", f"{told}, without JetStream", "start it with -js")
    return good("bus", told)


def check_port(name: str, text: str) -> Check:
    """Free, or taken by the very process it is for."""
    try:
        address = address_of(text)
    except ValueError as error:
        return note("port", f"{name}: {error}", f"REELSCRIBE_{name.upper()}__ADDRESS=127.0.0.1:50050")
    if not is_taken(address):
        return good("port", f"{name}: {address} is free")
    if _is_ours(address.dialled):
        return good("port", f"{name}: runs at {address}")
    fix = f"REELSCRIBE_{name.upper()}__ADDRESS=another host:port, or stop what listens there"
    return note("port", f"{name}: {address} is taken by another program", fix)


def _is_ours(address: Address) -> bool:
    """Knows a service of ours, ready or not."""
    import grpc
    from grpc_health.v1 import health_pb2, health_pb2_grpc

    from reelscribe.v1 import analysis_pb2, analyzer_pb2

    services = [
        analyzer_pb2.DESCRIPTOR.services_by_name["AnalyzerService"].full_name,
        analysis_pb2.DESCRIPTOR.services_by_name["VideoAnalysisService"].full_name,
    ]
    with grpc.insecure_channel(str(address)) as channel:
        stub = health_pb2_grpc.HealthStub(channel)
        for service in services:
            try:
                stub.Check(health_pb2.HealthCheckRequest(service=service), timeout=ASK_S)
            except grpc.RpcError:
                continue
            return True
    return False
