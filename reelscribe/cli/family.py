"""Child processes that live and die together: their lines marked with their names, none left behind."""

from __future__ import annotations

import asyncio
import ctypes
import os
import signal
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from rich.console import Console
from rich.text import Text

from services.common.errors import ReelscribeError

STOP_LIMIT_S = 40.0
"""More than the 30 s a process may take to finish the calls in progress; then it is killed."""

LINE_BYTES = 1 << 20
"""Longest line that is passed on."""

COLOURS = ("cyan", "green", "magenta", "yellow", "blue")

PR_SET_PDEATHSIG = 1
"""Linux: have the kernel send a signal when the parent dies, even by SIGKILL."""


class ChildDied(ReelscribeError):
    """One ended by itself, and so must all."""

    reason = "child_died"

    def __init__(self, name: str, returncode: int) -> None:
        how = f"was killed by {signal.Signals(-returncode).name}" if returncode < 0 else f"ended with {returncode}"
        super().__init__(f"{name} {how}; its last lines say why. All others were stopped.")
        self.name = name
        self.exit_code = 128 - returncode if returncode < 0 else returncode or 1


@dataclass(slots=True, kw_only=True)
class Child:
    """One process; `rank`: those with the highest are stopped first."""

    name: str
    rank: int
    process: asyncio.subprocess.Process
    tasks: list[asyncio.Task[None]] = field(default_factory=list)


class Family:
    """Starts children, passes their lines on, and stops them in reverse order. Use inside `async with`."""

    def __init__(self, console: Console, *, marked: bool = True) -> None:
        self._console = console
        self._marked = marked
        self._children: list[Child] = []
        self._stopping = False
        self._death: asyncio.Future[tuple[str, int]] = asyncio.get_running_loop().create_future()

    async def __aenter__(self) -> Family:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    @property
    def pids(self) -> dict[str, int]:
        """By name, of those that live."""
        return {child.name: child.process.pid for child in self._children if child.process.returncode is None}

    async def start(
        self,
        name: str,
        command: Sequence[str],
        *,
        rank: int,
        environment: Mapping[str, str] | None = None,
        shows: Callable[[str], bool] = lambda _line: True,
    ) -> None:
        """Start one, in a session of its own: a Ctrl-C in the terminal reaches this process only.

        `shows` says which of its lines are passed on. Raises OSError.
        """
        process = await asyncio.create_subprocess_exec(
            *command,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            env={**os.environ, "PYTHONUNBUFFERED": "1", **(environment or {})},
            limit=LINE_BYTES,
            start_new_session=True,
            preexec_fn=_die_with_parent(os.getpid()),
        )
        child = Child(name=name, rank=rank, process=process)
        colour = COLOURS[len(self._children) % len(COLOURS)]
        self._children.append(child)
        child.tasks = [
            asyncio.create_task(self._pass_on(child, colour, shows)),
            asyncio.create_task(self._mourn(child)),
        ]

    async def deaths(self) -> None:
        """Returns never: raises ChildDied when one ends that was not asked to."""
        raise ChildDied(*await asyncio.shield(self._death))

    async def stop(self) -> None:
        """Ask those of the highest rank to end, wait, then the next; who does not listen is killed."""
        self._stopping = True
        for rank in sorted({child.rank for child in self._children}, reverse=True):
            await asyncio.gather(*(_end(child) for child in self._children if child.rank == rank))
        for child in self._children:
            await asyncio.gather(*child.tasks)
        self._children.clear()
        if self._death.done():
            self._death.exception()

    def kill(self) -> None:
        """At once, all of them."""
        self._stopping = True
        for child in self._children:
            if child.process.returncode is None:
                child.process.kill()

    async def _mourn(self, child: Child) -> None:
        returncode = await child.process.wait()
        if not self._stopping and not self._death.done():
            self._death.set_result((child.name, returncode))

    async def _pass_on(self, child: Child, colour: str, shows: Callable[[str], bool]) -> None:
        assert child.process.stdout is not None
        async for raw in child.process.stdout:
            line = raw.decode(errors="replace").rstrip("\n")
            if not shows(line):
                continue
            mark = Text(f"{child.name:<8}", style=colour) if self._marked else Text()
            self._console.print(mark.append_text(Text.from_ansi(line)), soft_wrap=True, highlight=False)


async def _end(child: Child) -> None:
    if child.process.returncode is not None:
        return
    child.process.terminate()
    try:
        async with asyncio.timeout(STOP_LIMIT_S):
            await child.process.wait()
    except TimeoutError:
        child.process.kill()
        await child.process.wait()


def _die_with_parent(parent_pid: int) -> Callable[[], None] | None:
    """What a child runs before its program, where the system can do it."""
    if not sys.platform.startswith("linux"):
        return None
    libc = ctypes.CDLL(None)

    def ask_kernel() -> None:
        libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != parent_pid:
            os._exit(1)

    return ask_kernel
