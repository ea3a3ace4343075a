"""The most memory held while something ran: each case in a process of its own, whose memory nothing else moves."""

from __future__ import annotations

import json
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

BIG = 64 << 20


def figures(script: str) -> dict[str, int]:
    """What a script that ends with `show(...)` tells of its own process."""
    head = """
        import json, mmap, psutil, tempfile
        from reelscribe.cli.memory import PeakMemory, tree_bytes

        def show(**figures): print(json.dumps(figures))
    """
    code = f"{textwrap.dedent(head)}\nBIG = {BIG}\n{textwrap.dedent(script)}"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    shown: dict[str, int] = json.loads(ran.stdout)
    return shown


def test_what_was_held_is_counted() -> None:
    told = figures("""
        before = tree_bytes(psutil.Process())
        held = bytearray(b"x" * BIG)
        with PeakMemory() as memory:
            pass
        show(before=before, peak=memory.peak_bytes)
    """)
    assert told["peak"] > told["before"] + BIG * 0.9


def test_what_a_child_holds_is_counted_too() -> None:
    told = figures("""
        import subprocess, sys
        before = tree_bytes(psutil.Process())
        holding = "held = bytearray(b'x' * %d); print('held', flush=True); input()" % BIG
        with subprocess.Popen([sys.executable, "-c", holding], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
            child.stdout.readline()
            with PeakMemory() as memory:
                pass
            child.communicate(b"\\n")
        show(before=before, peak=memory.peak_bytes)
    """)
    assert told["peak"] > told["before"] + BIG * 0.9


@pytest.mark.skipif(not Path("/dev/shm").is_dir(), reason="no tmpfs here")
def test_media_in_tmpfs_is_not() -> None:
    told = figures("""
        with tempfile.TemporaryFile(dir="/dev/shm") as file:
            file.truncate(BIG)
            before = tree_bytes(psutil.Process())
            with mmap.mmap(file.fileno(), BIG) as mapped:
                mapped[:] = b"x" * BIG
                show(before=before, mapped=tree_bytes(psutil.Process()))
    """)
    assert told["mapped"] < told["before"] + BIG // 2
