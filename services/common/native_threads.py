"""Processor time of an analyzer: its own thread's, and that of the threads its model library started."""

from __future__ import annotations

import itertools
import os
import threading
import time
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from pathlib import Path

from reelscribe.v1.analyzer_pb2 import Cost
from services.common.time import duration

TASKS = Path("/proc/self/task")
CLOCK_TICKS_HZ = os.sysconf("SC_CLK_TCK")

MARK = "loading-"
"""Begins the name that a thread bears while it loads a model. Threads inherit the name of the one that starts them."""


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
    the cost of a transcription would read as nearly nothing. Models may load side by side: each owns only what its
    own loading started. Where two parts run on one model at a time, each is charged with both: the sum is an upper
    bound, never less than the truth.
    """

    def __init__(self) -> None:
        self._owned: dict[Hashable, tuple[int, ...]] = {}

    def watch(self, owner: Hashable, load: Callable[[], None]) -> None:
        """Run `load` and remember the threads that it left running as the owner's."""
        before = _thread_ids()
        with _marked() as mark:
            load()
            started = _thread_ids() - before
            python_ids = {thread.native_id for thread in threading.enumerate()}
            names = {thread_id: _name_of(thread_id) for thread_id in started}
        self._owned[owner] = tuple(
            sorted(
                thread_id
                for thread_id, name in names.items()
                # A library may rename its threads; another's loading has another mark, and an executor none.
                if name == mark or not (thread_id in python_ids or name.startswith(MARK))
            )
        )

    def meter(self, owner: Hashable) -> Meter:
        """A meter for work of this owner, started now."""
        return Meter(self._owned.get(owner, ()))


_numbers = itertools.count()


@contextmanager
def _marked() -> Iterator[str]:
    """This thread under a name of its own, as the system knows it."""
    comm, mark = TASKS / str(threading.get_native_id()) / "comm", f"{MARK}{next(_numbers)}"
    try:
        usual = comm.read_text().strip()
        comm.write_text(mark)
    except OSError:  # not Linux: only Python's own threads are measured
        yield mark
        return
    try:
        yield mark
    finally:
        comm.write_text(usual)


def _name_of(thread_id: int) -> str:
    try:
        return (TASKS / str(thread_id) / "comm").read_text().strip()
    except OSError:
        return ""


def _thread_ids() -> set[int]:
    try:
        return {int(entry.name) for entry in TASKS.iterdir()}
    except OSError:
        return set()


def _cpu_s(thread_ids: tuple[int, ...]) -> float:
    """Processor time of native threads, to a clock tick (10 ms); a thread that has ended counts no more."""
    total = 0.0
    for thread_id in thread_ids:
        try:
            fields = (TASKS / str(thread_id) / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        total += (int(fields[11]) + int(fields[12])) / CLOCK_TICKS_HZ
    return total
