from __future__ import annotations

import threading
from collections.abc import Sequence

import pytest

from services.common.batcher import Batcher


class OutOfMemoryError(RuntimeError):
    """Named as torch's."""


class Doubling:
    """Doubles numbers, and notes the batches it was given. Batches above `room` do not fit."""

    def __init__(self, room: int = 100) -> None:
        self.batches: list[list[int]] = []
        self.room = room
        self.gate = threading.Event()
        self.entered = threading.Event()
        self.gate.set()

    def __call__(self, numbers: Sequence[int]) -> list[int]:
        self.batches.append(list(numbers))
        self.entered.set()
        assert self.gate.wait(60)
        if len(numbers) > self.room:
            raise OutOfMemoryError("no room")
        if any(number < 0 for number in numbers):
            raise ValueError("negative")
        return [2 * number for number in numbers]


class Caller(threading.Thread):
    """Asks in a thread of its own."""

    def __init__(self, batcher: Batcher[int, int], numbers: Sequence[int]) -> None:
        super().__init__()
        self.batcher, self.numbers = batcher, numbers
        self.answer: list[int] | None = None
        self.error: BaseException | None = None

    def run(self) -> None:
        try:
            self.answer = self.batcher(self.numbers)
        except ValueError as error:
            self.error = error


def asked_together(doubling: Doubling, batcher: Batcher[int, int], *asked: Sequence[int]) -> list[Caller]:
    """The first batch is held until all have asked."""
    doubling.gate.clear()
    callers = [Caller(batcher, numbers) for numbers in asked]
    callers[0].start()
    assert doubling.entered.wait(60)
    for caller in callers[1:]:
        caller.start()
    while len(batcher._pending) < sum(len(numbers) for numbers in asked[1:]):
        threading.Event().wait(0.001)
    doubling.gate.set()
    for caller in callers:
        caller.join(60)
    return callers


def test_results_come_in_the_order_asked() -> None:
    assert Batcher(Doubling(), limit=2)([3, 1, 2]) == [6, 2, 4]


def test_no_batch_is_larger_than_the_limit() -> None:
    doubling = Doubling()
    Batcher(doubling, limit=2)([1, 2, 3, 4, 5])
    assert doubling.batches == [[1, 2], [3, 4], [5]]


def test_nothing_asked_is_nothing_run() -> None:
    doubling = Doubling()
    assert Batcher(doubling, limit=2)([]) == []
    assert doubling.batches == []


def test_what_came_while_the_model_was_busy_goes_together() -> None:
    doubling = Doubling()
    callers = asked_together(doubling, Batcher(doubling, limit=8), [1], [2, 3], [4])
    assert [caller.answer for caller in callers] == [[2], [4, 6], [8]]
    assert [sorted(batch) for batch in doubling.batches] == [[1], [2, 3, 4]]


def test_only_items_of_one_key_are_joined() -> None:
    doubling = Doubling()
    batcher = Batcher(doubling, limit=8, key=lambda number: number % 2)
    assert batcher([1, 2, 3, 4]) == [2, 4, 6, 8]
    assert doubling.batches == [[1, 3], [2, 4]]


def test_a_batch_that_does_not_fit_is_halved_and_stays_so() -> None:
    doubling = Doubling(room=2)
    batcher = Batcher(doubling, limit=8)
    assert batcher(list(range(8))) == [2 * number for number in range(8)]
    assert [len(batch) for batch in doubling.batches] == [8, 4, 2, 2, 4, 2, 2]
    assert batcher.limit == 2
    doubling.batches.clear()
    batcher([1, 2, 3])
    assert [len(batch) for batch in doubling.batches] == [2, 1]


def test_a_single_item_that_does_not_fit_fails_its_caller() -> None:
    with pytest.raises(OutOfMemoryError):
        Batcher(Doubling(room=0), limit=4)([1, 2])


def test_an_error_fails_only_who_caused_it() -> None:
    doubling = Doubling()
    first, bad, good = asked_together(doubling, Batcher(doubling, limit=8), [1], [-1, 5], [2])
    assert first.answer == [2]
    assert isinstance(bad.error, ValueError)
    assert good.answer == [4]


def test_after_an_error_it_goes_on() -> None:
    batcher = Batcher(Doubling(), limit=1)
    with pytest.raises(ValueError, match="negative"):
        batcher([-1, 2, 3])
    assert batcher([4]) == [8]


def test_many_threads_get_their_own_answers() -> None:
    batcher = Batcher(Doubling(), limit=7)
    callers = [Caller(batcher, list(range(start, start + 50))) for start in range(0, 400, 50)]
    for caller in callers:
        caller.start()
    for caller in callers:
        caller.join(60)
    assert [caller.answer for caller in callers] == [[2 * number for number in caller.numbers] for caller in callers]
