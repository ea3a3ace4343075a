"""One arm of a comparison in a process of its own, with its own threads and models: asked for one thing at a time."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from types import TracebackType
from typing import Any

from services.common.device import THREAD_VARIABLES

QUIET = ("OMP_WAIT_POLICY", "TOKENIZERS_PARALLELISM")


class Arm:
    """`kind`: "ours" or "standalone", see `arm_process`; `threads` None: no library is told how many.

    Use inside `with`.
    """

    def __init__(self, kind: str, *, core_count: int, threads: int | None, **options: object) -> None:
        told = json.dumps({"kind": kind, "core_count": core_count, "threads": threads, **options})
        self._process = subprocess.Popen(
            [sys.executable, "-m", "bench.common.arm_process", told],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=_environment(threads),
        )

    def __enter__(self) -> Arm:
        self.ready: dict[str, Any] = self._answer()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(timeout=60)

    def ask(self, **request: object) -> dict[str, Any]:
        """Have it done, alone on the machine; what the process says of it."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(request) + "\n")
        self._process.stdin.flush()
        return self._answer()

    def _answer(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError(f"an arm ended with {self._process.wait()}; its own lines say why")
        answer: dict[str, Any] = json.loads(line)
        return answer


def _environment(threads: int | None) -> Mapping[str, str]:
    own = {name: value for name, value in os.environ.items() if name not in (*THREAD_VARIABLES, *QUIET)}
    return own if threads is None else own | dict.fromkeys(THREAD_VARIABLES, str(threads))
