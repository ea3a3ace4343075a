"""The most memory this process and its children held while something ran."""

from __future__ import annotations

import threading
from types import TracebackType

import psutil

SAMPLE_S = 0.5
"""Allocations that live shorter than this may be missed; a sample costs about 2 ms of one core."""


class PeakMemory:
    """Samples inside `with`. Media in tmpfs is not counted, where the system tells it apart: it is listed by itself."""

    def __init__(self) -> None:
        self.peak_bytes = 0
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._sample, name="memory", daemon=True)

    def __enter__(self) -> PeakMemory:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop.set()
        self._thread.join()

    def _sample(self) -> None:
        own = psutil.Process()
        while True:
            self.peak_bytes = max(self.peak_bytes, tree_bytes(own))
            if self._stop.wait(SAMPLE_S):
                return


def tree_bytes(process: psutil.Process) -> int:
    """Resident bytes of a process and its children, shared memory left out."""
    total = 0
    for one in (process, *process.children(recursive=True)):
        try:
            memory = one.memory_info()
        except psutil.NoSuchProcess:
            continue
        total += memory.rss - _shared_bytes(one.pid)
    return total


def _shared_bytes(pid: int) -> int:
    """Pages of tmpfs files and shared mappings, as Linux counts them; 0 elsewhere."""
    try:
        with open(f"/proc/{pid}/status", encoding="ascii", errors="replace") as status:
            line = next((line for line in status if line.startswith("RssShmem:")), "RssShmem: 0 kB")
    except OSError:
        return 0
    return int(line.split()[1]) * 1024
