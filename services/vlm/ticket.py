"""A segment's place in the engine, from its submission to its text."""

from __future__ import annotations

import threading

from services.common.errors import ReelscribeError
from services.vlm.segment_model import Request, Written


class EngineClosed(ReelscribeError):
    """The engine was closed while a segment waited."""

    reason = "engine_closed"


class Ticket:
    """Waited for by the one who submitted it, filled by the engine."""

    def __init__(self, request: Request, prompt_token_count: int) -> None:
        self.request = request
        self.prompt_token_count = prompt_token_count
        self.cancelled = False
        self.tokens: list[int] = []
        self.probabilities: list[float] = []
        self._done = threading.Event()
        self._outcome: Written | BaseException | None = None

    @property
    def length(self) -> int:
        """Tokens it may come to occupy."""
        return self.prompt_token_count + self.request.max_new_tokens

    @property
    def done(self) -> bool:
        """It has its text, or its failure."""
        return self._done.is_set()

    def restart(self) -> None:
        """Forget what was written: it will be begun again."""
        self.tokens.clear()
        self.probabilities.clear()

    def cancel(self) -> None:
        """Give up its place; takes effect between two steps."""
        self.cancelled = True

    def wait(self, timeout_s: float | None = None) -> Written | None:
        """What was written, or None if that takes longer. Raises what the model raised."""
        if not self._done.wait(timeout_s):
            return None
        if isinstance(self._outcome, BaseException):
            raise self._outcome
        return self._outcome

    def end(self, outcome: Written | BaseException) -> None:
        """Called by the engine, once."""
        self._outcome = outcome
        self._done.set()
