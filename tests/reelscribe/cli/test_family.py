"""Children live and die together."""

from __future__ import annotations

import asyncio
import io
import os
import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pytest
from rich.console import Console

from reelscribe.cli.family import ChildDied, Family

SLEEPS = (sys.executable, "-c", "import time; print('up', flush=True); time.sleep(600)")

DEAF = (
    sys.executable,
    "-c",
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(600)",
)

ORPHANAGE = """
import asyncio, sys
from rich.console import Console
from reelscribe.cli.family import Family
async def main():
    async with Family(Console(stderr=True)) as family:
        await family.start("child", (sys.executable, "-c", "import time; time.sleep(600)"), rank=0)
        print(family.pids["child"], flush=True)
        await asyncio.sleep(600)
asyncio.run(main())
"""


class Lines(io.StringIO):
    """What the family printed; `seen` waits for some of it."""

    def __init__(self) -> None:
        super().__init__()
        self._more = asyncio.Event()

    def write(self, text: str) -> int:
        self._more.set()
        return super().write(text)

    async def seen(self, text: str) -> None:
        async with asyncio.timeout(30):
            while text not in self.getvalue():
                self._more.clear()
                await self._more.wait()


@pytest.fixture
def lines() -> Lines:
    return Lines()


@pytest.fixture
def console(lines: Lines) -> Console:
    return Console(file=lines, width=80)


async def test_lines_are_marked_with_the_name(console: Console, lines: Lines) -> None:
    async with Family(console) as family:
        await family.start("vision", (sys.executable, "-c", "print('[b]a[/]'); print('x' * 200)"), rank=0)
        await lines.seen("x" * 200)
    assert lines.getvalue().splitlines() == ["vision  [b]a[/]", f"vision  {'x' * 200}"]


async def test_lines_may_be_left_out_and_unmarked(console: Console, lines: Lines) -> None:
    async with Family(console, marked=False) as family:
        code = "print('quiet'); print('loud')"
        await family.start("x", (sys.executable, "-c", code), rank=0, shows=lambda line: line != "quiet")
        await lines.seen("loud")
    assert lines.getvalue() == "loud\n"


async def test_leaving_stops_all_the_highest_rank_first(console: Console, lines: Lines, tmp_path: Path) -> None:
    code = (
        "import signal, sys, time\n"
        "def end(*_):\n    open(sys.argv[1], 'a').write(sys.argv[2] + '\\n'); sys.exit()\n"
        "signal.signal(signal.SIGTERM, end)\nprint('up', sys.argv[2], flush=True)\ntime.sleep(600)"
    )
    async with Family(console) as family:
        for rank, name in enumerate(("bus", "service", "gateway")):
            await family.start(name, (sys.executable, "-c", code, str(tmp_path / "order"), name), rank=rank)
            await lines.seen(f"up {name}")
        pids = family.pids
    assert (tmp_path / "order").read_text().split() == ["gateway", "service", "bus"]
    assert not any(psutil.pid_exists(pid) for pid in pids.values())


async def test_one_that_ends_by_itself_is_named_with_its_code(console: Console) -> None:
    async with Family(console) as family:
        await family.start("healthy", SLEEPS, rank=0)
        await family.start("ill", (sys.executable, "-c", "raise SystemExit(7)"), rank=0)
        with pytest.raises(ChildDied, match="ill ended with 7") as death:
            await family.deaths()
    assert death.value.exit_code == 7


async def test_one_that_is_killed_is_named_with_the_signal(console: Console) -> None:
    async with Family(console) as family:
        await family.start("victim", SLEEPS, rank=0)
        os.kill(family.pids["victim"], signal.SIGKILL)
        with pytest.raises(ChildDied, match="victim was killed by SIGKILL") as death:
            await family.deaths()
    assert death.value.exit_code == 137


async def test_an_end_without_an_error_is_still_none_that_was_asked_for() -> None:
    assert ChildDied("x", 0).exit_code == 1


async def test_one_that_does_not_listen_is_killed(
    console: Console, lines: Lines, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("reelscribe.cli.family.STOP_LIMIT_S", 0.2)
    async with Family(console) as family:
        await family.start("deaf", DEAF, rank=0)
        await lines.seen("up")
        pid = family.pids["deaf"]
    assert not psutil.pid_exists(pid)


async def test_killing_does_not_wait(console: Console, lines: Lines) -> None:
    async with Family(console) as family:
        await family.start("deaf", DEAF, rank=0)
        await lines.seen("up")
        family.kill()
        async with asyncio.timeout(5):
            await family.stop()


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="asks the Linux kernel")
def test_a_parent_that_is_killed_takes_its_children_along() -> None:
    with subprocess.Popen([sys.executable, "-c", ORPHANAGE], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        child = psutil.Process(int(parent.stdout.readline()))
        parent.kill()
    assert psutil.wait_procs([child], timeout=60)[1] == []
