"""Processor time of an analyzer: its own thread's, and that of the threads its model library started."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Hashable
from pathlib import Path

from reelscribe.v1.analyzer_pb2 import Cost
from services.common.time import duration

TASKS = Path("/proc/self/task")
CLOCK_TICKS_HZ = os.sysconf("SC_CLK_TCK")


class Meter:
    """Wall and processor time since it was made. Made and read in the thread it measures."""

    def __init__(self, native_ids: tuple[int, ...]) -> None:
        self._native_ids = native_ids
        self._wall_s = time.monotonic()
        self._cpu_s = time.thread_time() + _cpu_s(native_ids)

    def cost(self) -> Cost:
        """What was spent since."""
        cpu_s = time.thread_time() + _cpu_s(self._native_ids) - self._cpu_s
        return Cost(wall_duration=duration(time.monotonic() - self._wall_s), cpu_duration=duration(max(0.0, cpu_s)))


class NativeThreads:
    """Knows which native threads each loaded model owns.

    A library such as CTranslate2 computes in workers of its own, started while the model loads; without them
    the cost of a transcription would read as nearly nothing. Where two parts run on one model at a time, each
    is charged with both: the sum is an upper bound, never less than the truth.
    """

    def __init__(self) -> None:
        self._owned: dict[Hashable, tuple[int, ...]] = {}

    def watch(self, owner: Hashable, load: Callable[[], None]) -> None:
        """Run `load` and remember the threads that it left running as the owner's."""
        before = _thread_ids()
        load()
        self._owned[owner] = tuple(sorted(_thread_ids() - before))

    def meter(self, owner: Hashable) -> Meter:
        """A meter for work of this owner, started now."""
        return Meter(self._owned.get(owner, ()))


def _thread_ids() -> set[int]:
    try:
        return {int(entry.name) for entry in TASKS.iterdir()}
    except FileNotFoundError:  # not Linux: only Python's own threads are measured
        return set()


def _cpu_s(thread_ids: tuple[int, ...]) -> float:
    """Processor time of native threads, to a clock tick (10 ms); a thread that has ended counts no more."""
    total = 0.0
    for thread_id in thread_ids:
        try:
            fields = (TASKS / str(thread_id) / "stat").read_text().rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            continue
        total += (int(fields[11]) + int(fields[12])) / CLOCK_TICKS_HZ
    return total
