"""Arms measured in turns, and ratios of what was measured side by side."""

from __future__ import annotations

import resource
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from statistics import median
from typing import TypeVar

Value = TypeVar("Value")


@dataclass(slots=True, kw_only=True)
class Spent:
    """Wall and processor time of a block."""

    wall_s: float = 0.0
    cpu_s: float = 0.0
    """Of this process, all threads, and of the children it started and saw end; user and system."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ratio:
    """Of the pairs of one run."""

    median: float
    lowest: float
    highest: float

    def __str__(self) -> str:
        return f"{self.median:.2f} ({self.lowest:.2f} to {self.highest:.2f})"


@contextmanager
def spent() -> Iterator[Spent]:
    """Measures the block inside `with`."""
    measured = Spent()
    wall_s, cpu_s = time.perf_counter(), used_cpu_s()
    yield measured
    measured.wall_s, measured.cpu_s = time.perf_counter() - wall_s, used_cpu_s() - cpu_s


def used_cpu_s() -> float:
    """Processor time so far, as Spent.cpu_s counts it: a tool may decode in an ffmpeg of its own."""
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + ended.ru_utime + ended.ru_stime


def interleaved(arms: Mapping[str, Callable[[], Value]], repeat_count: int) -> dict[str, list[Value]]:
    """Every arm `repeat_count` times: A B, B A, A B ..., so that what changes slowly hits both alike."""
    values: dict[str, list[Value]] = {name: [] for name in arms}
    for turn in range(repeat_count):
        for name in list(arms)[:: 1 if turn % 2 == 0 else -1]:
            values[name].append(arms[name]())
    return values


def ratio(above: Sequence[float], below: Sequence[float]) -> Ratio:
    """Of values measured in the same turn."""
    each = [one / other for one, other in zip(above, below, strict=True)]
    return Ratio(median=median(each), lowest=min(each), highest=max(each))
