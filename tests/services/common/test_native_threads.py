from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from services.common.native_threads import CLOCK_TICKS_HZ, TASKS, Meter, NativeThreads
from services.common.time import seconds

pytestmark = pytest.mark.skipif(not TASKS.exists(), reason="not Linux: threads have no entry in /proc")

TICK_S = 1 / CLOCK_TICKS_HZ
"""What the system rounds the processor time of another thread to, 10 ms."""

BURNT_S = 6 * TICK_S


def burn(seconds_: float = BURNT_S) -> None:
    """Processor time of this thread, however busy the machine is."""
    until_s = time.thread_time() + seconds_
    while time.thread_time() < until_s:
        pass


class Pool:
    """Stands for a model library: its workers start while it loads and compute when it is asked."""

    def __init__(self) -> None:
        self._wake = threading.Semaphore(0)
        self._done = threading.Semaphore(0)
        self._over = False
        self._thread: threading.Thread | None = None

    def load(self) -> None:
        self._thread = threading.Thread(target=self._work)
        self._thread.start()

    def compute(self) -> None:
        self._wake.release()
        self._done.acquire()

    def close(self) -> None:
        self._over = True
        self._wake.release()
        assert self._thread is not None
        self._thread.join()

    def _work(self) -> None:
        while True:
            self._wake.acquire()
            if self._over:
                return
            burn()
            self._done.release()


def cpu_s(meter: Meter) -> float:
    return seconds(meter.cost().cpu_duration)


def test_time_of_the_own_thread_is_counted_and_waiting_is_not():
    before_s = time.thread_time()
    meter = NativeThreads().meter("nobody")
    burn()
    threading.Event().wait(0.05)
    cost = meter.cost()
    assert BURNT_S <= seconds(cost.cpu_duration) <= time.thread_time() - before_s
    assert seconds(cost.wall_duration) >= BURNT_S + 0.05


def test_time_of_a_librarys_workers_is_its_models():
    native, pool = NativeThreads(), Pool()
    native.watch("model", pool.load)
    before_s = time.thread_time()
    mine, others = native.meter("model"), native.meter("another model")
    pool.compute()
    assert cpu_s(mine) >= BURNT_S - 2 * TICK_S
    assert cpu_s(others) <= time.thread_time() - before_s
    pool.close()


def test_models_that_load_side_by_side_own_their_own_workers():
    """Three services of one process load at the same time, and executors start threads meanwhile."""
    native, pools = NativeThreads(), [Pool(), Pool()]
    together = threading.Barrier(2)

    def loading(pool: Pool) -> Callable[[], None]:
        def load() -> None:
            together.wait(30)
            pool.load()
            together.wait(30)

        return load

    with ThreadPoolExecutor(4) as executor:
        for number, pool in enumerate(pools):
            executor.submit(native.watch, number, loading(pool))
        executor.submit(burn).result()
    before_s = time.thread_time()
    meters = [native.meter(number) for number in range(2)]
    pools[0].compute()
    spent_s = [cpu_s(meter) for meter in meters]
    own_s = time.thread_time() - before_s
    assert spent_s[0] >= BURNT_S - 2 * TICK_S
    # Its worker only waits; how long this thread took over asking is no worker's doing.
    assert spent_s[1] <= own_s + 2 * TICK_S
    for pool in pools:
        pool.close()


def test_the_loading_thread_gets_its_name_back():
    comm = TASKS / str(threading.get_native_id()) / "comm"
    before = comm.read_text()
    native = NativeThreads()
    native.watch("model", lambda: None)
    with pytest.raises(ZeroDivisionError):
        native.watch("broken", lambda: 1 / 0)  # type: ignore[arg-type, return-value]
    assert comm.read_text() == before


def test_a_worker_that_has_ended_costs_nothing_less():
    native, pool = NativeThreads(), Pool()
    native.watch("model", pool.load)
    meter = native.meter("model")
    pool.compute()
    pool.close()
    assert cpu_s(meter) >= 0
