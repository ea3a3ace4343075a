"""An installation of its own for a benchmark: nats-server, services and gateway as processes, stopped at the end."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import psutil

from services.common.device import THREAD_VARIABLES

if TYPE_CHECKING:
    import grpc

    from reelscribe.analyst import Analyst
    from reelscribe.v1.analysis_pb2 import AnalyzeVideoResponse
    from reelscribe.v1.analyzer_pb2 import Analyzer, Setting

READY_LIMIT_S = 180.0
"""Loading six models on a busy machine takes a while."""

STOP_LIMIT_S = 40.0

NATS_LIMIT_S = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Installation:
    """Processes that are ready."""

    gateway_address: str
    media_directory: Path
    processes: Mapping[str, psutil.Process]
    """By name: "nats-server", "gateway" and each service."""

    def cpu_s(self) -> dict[str, float]:
        """Processor time each process has used so far, its children's too."""
        return {name: _cpu_s(process) for name, process in self.processes.items()}


def nats_is_here() -> bool:
    """Whether nats-server is on PATH."""
    return shutil.which("nats-server") is not None


@contextmanager
def nats_server(folder: Path) -> Iterator[tuple[str, psutil.Process]]:
    """A server with JetStream on a port of its own; its URL and process."""
    folder.mkdir(parents=True, exist_ok=True)
    command = ["nats-server", "-a", "127.0.0.1", "-p", "-1", "--ports_file_dir", str(folder)]
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen([*command, "-js", "-sd", str(folder / "store")], stdout=log, stderr=log)
    try:
        yield _nats_url(folder, server), psutil.Process(server.pid)
    finally:
        server.terminate()
        server.wait(timeout=STOP_LIMIT_S)


@asynccontextmanager
async def installation(
    folder: Path,
    *,
    core_count: int,
    clips: Path,
    catalogue: str = "",
    services: Sequence[str] = ("vision", "audio"),
    environment: Mapping[str, str] | None = None,
) -> AsyncIterator[Installation]:
    """Everything up and its models loaded. The gateway may read files under `clips`.

    `catalogue`: one of `stand_ins.CATALOGUES` in place of the services' own; the gateway and the bus are always the
    real ones. Each service may use all cores: what they share is decided by the system. Raises RuntimeError with
    the end of a log if a process does not come up.
    """
    # Not in `folder`: that may lie on a disk, and the media directory must not.
    from reelscribe.cli.up import CORE_WEIGHTS, divided
    from services.common.settings import default_media_directory

    media = default_media_directory().with_name(f"reelscribe-bench-{os.getpid()}")
    addresses = {name: _free_address() for name in ("gateway", *services)}
    with nats_server(folder / "nats") as (url, nats):
        variables = {**_environment(url, media, addresses, services, clips), **(environment or {})}
        cores = divided(core_count, {name: CORE_WEIGHTS[name] for name in services})
        children: dict[str, subprocess.Popen[bytes]] = {}
        try:
            for name in (*services, "gateway"):
                own = ["-m", "bench.common.service_process", name, catalogue]
                serve = own if catalogue and name != "gateway" else ["-m", "reelscribe", "serve", name]
                children[name] = _started(
                    [sys.executable, *serve],
                    folder / f"{name}.log",
                    {**variables, "REELSCRIBE_COMPUTE__CORES": str(cores.get(name, 1))},
                )
            for name, child in children.items():
                await _ready(name, addresses[name], child, folder / f"{name}.log")
            processes = {"nats-server": nats, **{name: psutil.Process(child.pid) for name, child in children.items()}}
            yield Installation(gateway_address=addresses["gateway"], media_directory=media, processes=processes)
        finally:
            for child in reversed(children.values()):
                child.terminate()
            for child in children.values():
                await asyncio.to_thread(_ended, child)
            shutil.rmtree(media, ignore_errors=True)


@asynccontextmanager
async def reached(there: Installation) -> AsyncIterator[Analyst]:
    """The installation's gateway as an Analyst that is given paths it may read: nothing is uploaded."""
    import grpc

    async with grpc.aio.insecure_channel(there.gateway_address) as channel:
        yield _ByPath(channel)


class _ByPath:
    """What `reached` gives."""

    def __init__(self, channel: grpc.aio.Channel) -> None:
        from reelscribe.v1.analysis_pb2_grpc import VideoAnalysisServiceStub

        self._stub = VideoAnalysisServiceStub(channel)  # type: ignore[no-untyped-call]  # generated

    async def analyze(
        self,
        path: Path,
        *,
        analyzers: Sequence[str] = (),
        settings: Sequence[Setting] = (),
        deadline_s: float | None = None,
    ) -> AsyncIterator[AnalyzeVideoResponse]:
        """See Analyst.analyze."""
        from reelscribe.v1.analysis_pb2 import AnalyzeVideoRequest
        from services.common.time import duration

        request = AnalyzeVideoRequest(path=str(path.resolve()), analyzers=analyzers, settings=settings)
        if deadline_s is not None:
            request.deadline_duration.CopyFrom(duration(deadline_s))
        async for event in self._stub.AnalyzeVideo(request):
            yield event

    async def analyzers(self) -> list[Analyzer]:
        """See Analyst.analyzers."""
        from reelscribe.v1.analysis_pb2 import VideoAnalysisServiceListAnalyzersRequest

        answer = await self._stub.ListAnalyzers(VideoAnalysisServiceListAnalyzersRequest())
        return list(answer.analyzers)


def _started(command: Sequence[str], log: Path, variables: Mapping[str, str]) -> subprocess.Popen[bytes]:
    with log.open("wb") as lines:
        return subprocess.Popen(command, stdout=lines, stderr=lines, env={**os.environ, **variables})


def _environment(
    url: str, media: Path, addresses: Mapping[str, str], services: Sequence[str], clips: Path
) -> dict[str, str]:
    variables = dict.fromkeys(THREAD_VARIABLES, "1")
    for name, address in addresses.items():
        variables[f"REELSCRIBE_{name.upper()}__ADDRESS"] = address
    return variables | {
        "REELSCRIBE_BUS__URL": url,
        "REELSCRIBE_MEDIA__DIRECTORY": str(media),
        "REELSCRIBE_GATEWAY__SERVICES": json.dumps(list(services)),
        "REELSCRIBE_GATEWAY__ALLOWED_ROOTS": json.dumps([str(clips.resolve())]),
        "REELSCRIBE_LOG_LEVEL": "warning",
    }


def _nats_url(folder: Path, server: subprocess.Popen[bytes]) -> str:
    limit_s = time.monotonic() + NATS_LIMIT_S
    while time.monotonic() < limit_s and server.poll() is None:
        for file in folder.glob("*.ports"):
            try:
                url: str = json.loads(file.read_text())["nats"][0]
            except (ValueError, KeyError):
                break
            return url
        time.sleep(0.01)
    raise RuntimeError(f"nats-server did not start:\n{(folder / 'log').read_text()}")


async def _ready(name: str, address: str, child: subprocess.Popen[bytes], log: Path) -> None:
    import grpc
    from grpc_health.v1 import health_pb2, health_pb2_grpc

    from reelscribe.v1 import analysis_pb2, analyzer_pb2

    descriptor = analysis_pb2.DESCRIPTOR if name == "gateway" else analyzer_pb2.DESCRIPTOR
    kind = "VideoAnalysisService" if name == "gateway" else "AnalyzerService"
    request = health_pb2.HealthCheckRequest(service=descriptor.services_by_name[kind].full_name)
    limit_s = time.monotonic() + READY_LIMIT_S
    async with grpc.aio.insecure_channel(address) as channel:
        stub = health_pb2_grpc.HealthStub(channel)
        while child.poll() is None and time.monotonic() < limit_s:
            try:
                answer = await stub.Check(request, timeout=5.0)
                if answer.status == health_pb2.HealthCheckResponse.SERVING:
                    return
            except grpc.RpcError:
                # Not listening yet.
                pass
            await asyncio.sleep(0.1)
    raise RuntimeError(f"{name} did not come up:\n{log.read_text()[-2000:]}")


def _ended(child: subprocess.Popen[bytes]) -> None:
    try:
        child.wait(timeout=STOP_LIMIT_S)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()


def _free_address() -> str:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return f"127.0.0.1:{probe.getsockname()[1]}"


def _cpu_s(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system + times.children_user + times.children_system)
