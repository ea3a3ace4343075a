"""The processors a service may use: how many model calls run at a time, and with how many threads each."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager

THREAD_VARIABLES = (
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "NUMEXPR_NUM_THREADS",
    "VECLIB_MAXIMUM_THREADS",
)
"""Read once by each numeric library, at its import."""


def limit_threads(threads_per_call: int) -> None:
    """Cap the pools of all numeric libraries of this process. Must run before any of them is imported.

    `OMP_WAIT_POLICY=passive` lets idle workers sleep: spinning ones made a detector ten times slower
    beside a busy process.
    """
    for variable in THREAD_VARIABLES:
        os.environ[variable] = str(threads_per_call)
    os.environ["OMP_WAIT_POLICY"] = "passive"
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")


class Device:
    """One thread budget: model calls in progress x threads per call <= cores.

    A model call runs inside `with device.call():`. Calls beyond the budget wait their turn.
    """

    def __init__(self, *, kind: str = "cpu", core_count: int | None = None, threads_per_call: int = 1) -> None:
        cores = core_count or os.cpu_count() or 1
        if threads_per_call < 1 or cores < threads_per_call:
            raise ValueError(f"{threads_per_call} threads per call do not fit {cores} cores")
        self.kind = kind
        """ "cpu" or a CUDA device such as "cuda:0"."""
        self.threads_per_call = threads_per_call
        self.call_count = cores // threads_per_call
        """How many model calls may be in progress."""
        self._slots = threading.BoundedSemaphore(self.call_count)

    def __repr__(self) -> str:
        return f"Device({self.kind}, {self.call_count} calls x {self.threads_per_call} threads)"

    @contextmanager
    def call(self) -> Iterator[None]:
        """Hold one slot of the budget while a model runs."""
        with self._slots:
            yield


def device_kind(wanted: str) -> str:
    """The device a setting means: "auto" is the first CUDA device where torch sees one, otherwise the CPU."""
    if wanted != "auto":
        return wanted
    if not os.path.exists("/dev/nvidia0"):
        return "cpu"
    try:
        import torch
    except ImportError:
        return "cpu"
    return "cuda:0" if torch.cuda.is_available() else "cpu"
