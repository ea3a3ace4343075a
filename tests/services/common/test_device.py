from __future__ import annotations

import os
import subprocess
import sys
import threading

import pytest

from services.common.device import THREAD_VARIABLES, Device, device_kind, limit_threads


@pytest.mark.parametrize(("cores", "threads", "calls"), [(2, 1, 2), (8, 2, 4), (7, 3, 2), (1, 1, 1)])
def test_calls_times_threads_stay_within_the_cores(cores: int, threads: int, calls: int):
    device = Device(core_count=cores, threads_per_call=threads)
    assert device.call_count == calls
    assert device.call_count * device.threads_per_call <= cores


@pytest.mark.parametrize(("cores", "threads"), [(2, 3), (4, 0)])
def test_a_budget_that_does_not_fit_is_refused(cores: int, threads: int):
    with pytest.raises(ValueError, match="do not fit"):
        Device(core_count=cores, threads_per_call=threads)


def test_a_call_beyond_the_budget_waits_its_turn():
    device = Device(core_count=2, threads_per_call=1)
    entered, leave, third_in = threading.Barrier(3), threading.Event(), threading.Event()

    def hold() -> None:
        with device.call():
            entered.wait(30)
            leave.wait(30)

    def come_third() -> None:
        with device.call():
            third_in.set()

    holders = [threading.Thread(target=hold) for _ in range(2)]
    for holder in holders:
        holder.start()
    entered.wait(30)
    third = threading.Thread(target=come_third)
    third.start()
    assert not third_in.wait(0.05)
    leave.set()
    assert third_in.wait(30)
    for thread in [*holders, third]:
        thread.join(30)


def test_a_call_that_fails_gives_its_place_back():
    device = Device(core_count=1)
    for _ in range(2):
        with pytest.raises(ZeroDivisionError), device.call():
            raise ZeroDivisionError


def test_threads_are_capped_for_every_library(monkeypatch: pytest.MonkeyPatch):
    for variable in (*THREAD_VARIABLES, "OMP_WAIT_POLICY", "TOKENIZERS_PARALLELISM"):
        monkeypatch.setenv(variable, "before")
    limit_threads(2)
    assert {os.environ[variable] for variable in THREAD_VARIABLES} == {"2"}
    assert os.environ["OMP_WAIT_POLICY"] == "passive"
    assert os.environ["TOKENIZERS_PARALLELISM"] == "before"


def test_a_named_device_is_taken_as_it_is_without_loading_anything():
    code = (
        "from services.common.device import device_kind; import sys;"
        "assert device_kind('cpu') == 'cpu' and device_kind('cuda:1') == 'cuda:1'; print('torch' in sys.modules)"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "False"


@pytest.mark.skipif(os.path.exists("/dev/nvidia0"), reason="a machine with a GPU chooses it")
def test_without_a_gpu_auto_is_the_cpu():
    assert device_kind("auto") == "cpu"
