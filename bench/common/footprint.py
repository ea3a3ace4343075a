"""Memory of a group of processes and of the media directory they share, sampled while something runs."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

import psutil

SAMPLE_S = 0.2
"""Allocations that live shorter than this may be missed."""

KIB = 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """Bytes at one moment."""

    at_s: float
    processes: dict[str, int]
    """PSS of each process without shared memory, its children's among it."""
    media_bytes: int
    """What lies in the media directory, and what was unlinked there and is still mapped by somebody."""

    @property
    def total_bytes(self) -> int:
        """Nothing counted twice: mapped media is shared memory, which the processes' figures leave out."""
        return sum(self.processes.values()) + self.media_bytes


class Footprint:
    """Samples inside `with`, in a thread."""

    def __init__(self, processes: dict[str, psutil.Process], media: Path) -> None:
        self.samples: list[Sample] = []
        self._processes = processes
        self._media = media
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="footprint", daemon=True)
        self._started_s = time.monotonic()

    def __enter__(self) -> Footprint:
        self.samples.append(self._sample())
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop.set()
        self._thread.join()

    @property
    def peak(self) -> Sample:
        """The moment of the largest total."""
        return max(self.samples, key=lambda sample: sample.total_bytes)

    @property
    def peak_media_bytes(self) -> int:
        """Largest of the media directory alone."""
        return max(sample.media_bytes for sample in self.samples)

    @property
    def peak_process_bytes(self) -> int:
        """Largest of the processes alone."""
        return max(sum(sample.processes.values()) for sample in self.samples)

    def _run(self) -> None:
        while not self._stop.wait(SAMPLE_S):
            self.samples.append(self._sample())

    def _sample(self) -> Sample:
        families = {name: _family(process) for name, process in self._processes.items()}
        pids = [pid for family in families.values() for pid in family]
        return Sample(
            at_s=time.monotonic() - self._started_s,
            processes={name: sum(private_bytes(pid) for pid in family) for name, family in families.items()},
            media_bytes=laid_down_bytes(self._media) + unlinked_bytes(self._media, pids),
        )


def private_bytes(pid: int) -> int:
    """PSS of a process without its shared memory; 0 if it is gone."""
    found = {"Pss": 0, "Pss_Shmem": 0}
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    for line in lines:
        name, _, rest = line.partition(":")
        if name in found:
            found[name] = int(rest.split()[0]) * KIB
    return found["Pss"] - found["Pss_Shmem"]


def laid_down_bytes(directory: Path) -> int:
    """Allocated bytes of the directory's files."""
    total = 0
    for file in directory.glob("*"):
        try:
            total += file.stat().st_blocks * 512
        except FileNotFoundError:
            continue
    return total


def unlinked_bytes(directory: Path, pids: Iterable[int]) -> int:
    """Bytes of files unlinked from the directory that some process still maps: the memory is still taken."""
    sizes: dict[str, int] = {}
    for pid in pids:
        try:
            lines = Path(f"/proc/{pid}/maps").read_text().splitlines()
        except OSError:
            continue
        for line in lines:
            if str(directory) in line and line.endswith("(deleted)"):
                edges, _, _, _, inode, *_ = line.split()
                first, _, last = edges.partition("-")
                sizes[inode] = max(sizes.get(inode, 0), int(last, 16) - int(first, 16))
    return sum(sizes.values())


def _family(process: psutil.Process) -> list[int]:
    try:
        return [process.pid, *(child.pid for child in process.children(recursive=True))]
    except psutil.NoSuchProcess:
        return []
