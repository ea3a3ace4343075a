"""Joins what several threads ask of one model into as few calls as possible, and asks for less when memory runs out."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")


@dataclass(slots=True, eq=False)
class _Call(Generic[Item, Result]):
    """What one thread asked for."""

    items: Sequence[Item]
    results: dict[int, Result] = field(default_factory=dict)
    error: BaseException | None = None

    @property
    def over(self) -> bool:
        return self.error is not None or len(self.results) == len(self.items)


def is_out_of_memory(error: BaseException) -> bool:
    """Whether a GPU had no room: torch.cuda.OutOfMemoryError by its name, so that torch need not be imported."""
    return type(error).__name__ == "OutOfMemoryError"


class Batcher(Generic[Item, Result]):
    """`run` is never called by two threads at a time, and never waits to be full: what came meanwhile goes together.

    Items are joined only with others of the same `key` (e.g. pictures of one size). When `run` fails for want of
    memory, the batch is halved and stays so; a single item that does not fit fails its caller. Any other error of a
    batch that several callers share is tried again for each of them alone: it fails only who caused it.
    """

    def __init__(
        self,
        run: Callable[[Sequence[Item]], Sequence[Result]],
        *,
        limit: int,
        key: Callable[[Item], Hashable] = lambda item: None,
        out_of_memory: Callable[[BaseException], bool] = is_out_of_memory,
    ) -> None:
        if limit < 1:
            raise ValueError(f"a batch of {limit}")
        self.limit = limit
        """Most items of one call to `run`; falls when memory runs out."""
        self._run = run
        self._key = key
        self._out_of_memory = out_of_memory
        self._pending: deque[tuple[_Call[Item, Result], int]] = deque()
        self._changed = threading.Condition()
        self._running = False

    def __repr__(self) -> str:
        return f"Batcher({len(self._pending)} waiting, at most {self.limit} at a time)"

    def __call__(self, items: Sequence[Item]) -> list[Result]:
        """The results of the items, in their order. Raises what `run` raised for them."""
        call: _Call[Item, Result] = _Call(items)
        with self._changed:
            self._pending.extend((call, position) for position in range(len(items)))
            while not call.over:
                if self._running:
                    self._changed.wait()
                else:
                    self._lead()
        if call.error is not None:
            raise call.error
        return [call.results[position] for position in range(len(items))]

    def _lead(self) -> None:
        """Run the next batch; the lock is held before and after, not during."""
        batch = self._take()
        self._running = True
        self._changed.release()
        try:
            self._answer(batch)
        finally:
            self._changed.acquire()
            self._running = False
            failed = {id(call) for call, _ in batch if call.error is not None}
            self._pending = deque(entry for entry in self._pending if id(entry[0]) not in failed)
            self._changed.notify_all()

    def _take(self) -> list[tuple[_Call[Item, Result], int]]:
        """The oldest entry and those that can go with it."""
        first, position = self._pending[0]
        key = self._key(first.items[position])
        batch: list[tuple[_Call[Item, Result], int]] = []
        kept: deque[tuple[_Call[Item, Result], int]] = deque()
        for entry in self._pending:
            fits = len(batch) < self.limit and self._key(entry[0].items[entry[1]]) == key
            (batch if fits else kept).append(entry)
        self._pending = kept
        return batch

    def _answer(self, batch: list[tuple[_Call[Item, Result], int]]) -> None:
        calls = list({id(call): call for call, _ in batch}.values())
        try:
            results = self._run([call.items[position] for call, position in batch])
        except BaseException as error:
            if self._out_of_memory(error) and len(batch) > 1:
                self.limit = max(1, len(batch) // 2)
                pieces = [batch[first : first + self.limit] for first in range(0, len(batch), self.limit)]
            elif len(calls) > 1:
                pieces = [[entry for entry in batch if entry[0] is call] for call in calls]
            else:
                calls[0].error = error
                return
            for piece in pieces:
                self._answer([entry for entry in piece if entry[0].error is None])
            return
        for (call, position), result in zip(batch, results, strict=True):
            call.results[position] = result
