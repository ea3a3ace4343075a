"""How long the event loop was held up by one callback: what DESIGN.md allows 50 ms for."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path
from typing import Any

import pytest

SCHEDULE = Path("/proc/thread-self/schedstat")


class Stalls:
    """Measures every callback of the loop's thread while it is installed.

    Time in which the thread could have run and other processes had the processors is left out: it says how busy the
    machine is, not what the callback does.
    """

    def __init__(self) -> None:
        self.longest_s = 0.0
        self.culprit = ""

    def install(self, monkeypatch: pytest.MonkeyPatch) -> None:
        usual = asyncio.Handle._run

        def run(handle: asyncio.Handle) -> None:
            started_s, waited_s, words = time.monotonic(), queued_s(), repr(handle)
            usual(handle)
            self._note(time.monotonic() - started_s - (queued_s() - waited_s), words)

        monkeypatch.setattr(asyncio.Handle, "_run", run)

    def _note(self, took_s: float, words: Any) -> None:
        if took_s > self.longest_s:
            self.longest_s, self.culprit = took_s, words


def queued_s() -> float:
    """How long this thread has waited for a processor so far; 0 where the system does not say."""
    try:
        return int(SCHEDULE.read_text().split()[1]) / 1e9
    except (OSError, IndexError):
        return 0.0
