"""The machine under `doctor`: Python, cores, memory, where media is laid down, and the GPU."""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import metadata
from pathlib import Path
from typing import TYPE_CHECKING

import psutil

from reelscribe.cli.check_software import satisfies
from reelscribe.cli.checkup import Check, bad, good, note
from reelscribe.cli.summary import bytes_text

if TYPE_CHECKING:
    from services.common.settings import ComputeSettings, MediaSettings, Settings

CGROUP = Path("/sys/fs/cgroup")

ENOUGH_MEMORY_BYTES = 4_000_000_000
"""All lite analyzers took 2.3 GB on a clip of 720x1280, and a minute of vertical 1080p lays down 1.2 GB more."""

ENOUGH_MEDIA_BYTES = 1_200_000_000
"""A minute of vertical 1080p at 30 frames a second."""

LITTLE_MEDIA_BYTES = 256_000_000
"""With less (a container's own /dev/shm has 64 MB) a clip of half a minute does not fit."""

ASK_S = 10.0


def check_machine(settings: Settings) -> Iterator[Check]:
    """All of it, in the order a person fixes it."""
    yield check_python(metadata("reelscribe")["Requires-Python"] or "")
    yield check_cores(settings.compute)
    yield check_memory()
    yield check_media(settings.media)
    yield check_gpu()


def check_python(required: str) -> Check:
    """Its version, against what the package says it runs on."""
    version = platform.python_version()
    told = f"{version} at {sys.executable}"
    if satisfies(version, required):
        return good("python", told)
    return bad("python", f"{told}, and {required} is needed", "install Python 3.11, and reelscribe again with it")


def check_cores(compute: ComputeSettings) -> Check:
    """What may be used here (affinity, a container's quota), against what the settings want to use."""
    count = usable_cores()
    told = f"{count} usable, {compute.cores} in the settings, {compute.threads_per_call} a model call"
    if compute.cores > count:
        fix = f"REELSCRIBE_COMPUTE__CORES={max(1, int(count))}: threads that wait for each other are slower than fewer"
        return note("cores", told, fix)
    return good("cores", told)


def usable_cores() -> float:
    """Cores this process may run on; a container's quota may be a fraction."""
    count: float = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    quota, _, period = _cgroup("cpu.max").partition(" ")
    if quota.isdigit() and period.isdigit():
        count = min(count, int(quota) / int(period))
    return int(count) if count == int(count) else round(count, 1)


def check_memory() -> Check:
    """What can be had now, within a container's limit."""
    memory = psutil.virtual_memory()
    limit = _cgroup("memory.max")
    total = min(memory.total, int(limit)) if limit.isdigit() else memory.total
    available = min(memory.available, total)
    told = f"{bytes_text(available)} of {bytes_text(total)} available"
    if available < ENOUGH_MEMORY_BYTES:
        fix = f"{bytes_text(ENOUGH_MEMORY_BYTES)} are needed for all lite analyzers: use fewer (-a)"
        return bad("memory", told, fix)
    return good("memory", told)


def check_media(media: MediaSettings) -> Check:
    """Room and kind of the file system under the media directory."""
    there = next(path for path in (media.directory, *media.directory.parents) if path.exists())
    free = shutil.disk_usage(there).free
    kind = _file_system(there)
    told = f"{media.directory} ({kind}): {bytes_text(free)} free, budget {bytes_text(media.budget_bytes)}"
    roomier = "give it more room (docker: --shm-size=4g), or REELSCRIBE_MEDIA__DIRECTORY=another tmpfs"
    if free < LITTLE_MEDIA_BYTES:
        return bad("media", told, roomier)
    if kind != "tmpfs":
        return note("media", told, "frames are written to disk here: REELSCRIBE_MEDIA__DIRECTORY=/dev/shm/reelscribe")
    if free < min(media.budget_bytes, ENOUGH_MEDIA_BYTES):
        return note("media", told, f"long clips wait for room: {roomier}")
    return good("media", told)


def check_gpu() -> Check:
    """By nvidia-smi; torch, which takes seconds to import, is asked only where there is a GPU."""
    program = shutil.which("nvidia-smi")
    answer = _output(program, "--query-gpu=name,memory.total", "--format=csv,noheader") if program else ""
    if not answer:
        return good("gpu", "none; everything runs on the CPU")
    told = "; ".join(answer.splitlines())
    try:
        import torch
    except ImportError:
        return note("gpu", f"{told}, and torch is not installed", "pip install 'reelscribe[full]'")
    if not torch.cuda.is_available():
        return note("gpu", f"{told}, and torch {torch.__version__} cannot use it", "install torch built for CUDA")
    return good("gpu", f"{told}, CUDA {torch.version.cuda}")


def _output(*command: str | None) -> str:
    try:
        done = subprocess.run(
            [str(part) for part in command], capture_output=True, text=True, timeout=ASK_S, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""


def _cgroup(name: str) -> str:
    try:
        return (CGROUP / name).read_text().strip()
    except OSError:
        return ""


def _file_system(path: Path) -> str:
    """Type of the innermost mount that holds the path."""
    whole = path.resolve()
    holding = [part for part in psutil.disk_partitions(all=True) if whole.is_relative_to(part.mountpoint)]
    return max(holding, key=lambda part: len(part.mountpoint)).fstype if holding else "unknown"
