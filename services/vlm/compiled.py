"""Parts of the model handed to torch.compile: where that fails, they go on as they are. The log says so, and the result
too where it failed while the model was loaded."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

import structlog

log = structlog.get_logger()

Parts = Literal["none", "vision", "steps", "both"]
"""Which parts of the model are compiled."""

Compiler = str | Callable[..., Any]
"""One of torch's backends by name ("inductor" needs a C++ compiler), or a function that is one."""


class Compiled:
    """A function of tensors that is compiled at its first call, once for all numbers of rows and lengths.

    Compiling it with every size open costs one compilation; with each size fixed, every batch that shrinks would cost
    another, of a minute each.
    """

    def __init__(self, function: Callable[..., Any], *, name: str, compiler: Compiler = "inductor") -> None:
        import torch

        self.name = name
        self.failure: str | None = None
        """Why it runs as it is instead, in a sentence; None while it does not."""
        self.call_count = 0
        """Calls that ran compiled."""
        self._function = function
        # fullgraph: a part that cannot be compiled is a failure to be told, not a slow piece in between.
        self._compiled: Any = torch.compile(function, backend=compiler, dynamic=True, fullgraph=True)

    def __repr__(self) -> str:
        return f"Compiled({self.name}, {self.failure or f'{self.call_count} calls'})"

    def __call__(self, *arguments: Any) -> Any:
        """As the function itself. Raises what it raises uncompiled, and torch's OutOfMemoryError."""
        import torch

        if self.failure is None:
            try:
                result = self._compiled(*arguments)
            except (torch.OutOfMemoryError, MemoryError):
                raise
            except Exception as problem:
                self.failure = _sentence(problem)
                log.warning("not compiled, runs as it is", part=self.name, problem=self.failure)
            else:
                self.call_count += 1
                return result
        return self._function(*arguments)


def _sentence(problem: Exception) -> str:
    # torch names the backend on the first line, and what went wrong on the second.
    lines = str(problem).strip().splitlines()[:2]
    return f"{type(problem).__name__}: {' '.join(line.strip() for line in lines)[:300]}"
