"""The most memory held while something ran."""

from __future__ import annotations

import mmap
import os
import tempfile
from pathlib import Path

import psutil
import pytest

from reelscribe.cli.memory import PeakMemory, tree_bytes

BIG = 64 << 20


def test_what_was_held_is_counted() -> None:
    before = tree_bytes(psutil.Process())
    held = bytearray(os.urandom(1) * BIG)
    with PeakMemory() as memory:
        pass
    assert memory.peak_bytes > before + BIG * 0.9
    del held


@pytest.mark.skipif(not Path("/dev/shm").is_dir(), reason="no tmpfs here")
def test_media_in_tmpfs_is_not() -> None:
    with tempfile.TemporaryFile(dir="/dev/shm") as file:
        file.truncate(BIG)
        before = tree_bytes(psutil.Process())
        with mmap.mmap(file.fileno(), BIG) as mapped:
            mapped[:] = b"x" * BIG
            assert tree_bytes(psutil.Process()) < before + BIG // 2
