from __future__ import annotations

import mmap
import os
from pathlib import Path

import psutil

from bench.common.footprint import Footprint, laid_down_bytes, private_bytes, unlinked_bytes

SIZE_BYTES = 1 << 20


def test_a_file_counts_while_it_lies_there_and_while_somebody_maps_it(tmp_path: Path):
    file = tmp_path / "segment"
    file.write_bytes(bytes(SIZE_BYTES))
    assert laid_down_bytes(tmp_path) >= SIZE_BYTES
    with file.open("rb") as opened, mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ):
        assert unlinked_bytes(tmp_path, [os.getpid()]) == 0
        file.unlink()
        assert laid_down_bytes(tmp_path) == 0
        assert unlinked_bytes(tmp_path, [os.getpid()]) == SIZE_BYTES
    assert unlinked_bytes(tmp_path, [os.getpid()]) == 0


def test_processes_are_sampled_from_the_start(tmp_path: Path):
    with Footprint({"own": psutil.Process()}, tmp_path) as footprint:
        pass
    assert footprint.samples[0].processes["own"] > 10 * SIZE_BYTES
    assert footprint.peak.total_bytes >= footprint.samples[0].total_bytes


def test_a_process_that_is_gone_takes_nothing():
    assert private_bytes(2**22 + 1) == 0
