from __future__ import annotations

import threading

import pytest

from services.common.append_log import AppendLog
from services.common.errors import Cancelled, MediaLost


def _reader(log: AppendLog[int], into: list[object]) -> threading.Thread:
    def read() -> None:
        try:
            into.extend(log)
        except BaseException as error:
            into.append(error)

    thread = threading.Thread(target=read)
    thread.start()
    return thread


def test_every_reader_gets_every_item_in_order_however_late_it_comes():
    log: AppendLog[int] = AppendLog()
    early: list[object] = []
    thread = _reader(log, early)
    for item in range(100):
        log.append(item)
    log.close()
    thread.join(60)
    assert early == list(range(100))
    assert list(log) == list(range(100))


def test_no_reader_holds_up_the_writer_or_another_reader():
    log: AppendLog[int] = AppendLog()
    abandoned = iter(log)
    log.append(0)
    assert next(abandoned) == 0
    for item in range(1, 1000):
        log.append(item)
    log.close()
    assert len(list(log)) == 1000


def test_an_error_comes_after_the_last_item():
    log: AppendLog[int] = AppendLog()
    log.append(1)
    log.close(MediaLost("gone"))
    reader = iter(log)
    assert next(reader) == 1
    with pytest.raises(MediaLost):
        next(reader)


def test_cancelling_reaches_a_reader_that_waits():
    log: AppendLog[int] = AppendLog()
    got: list[object] = []
    thread = _reader(log, got)
    log.append(1)
    log.cancel()
    thread.join(60)
    assert not thread.is_alive()
    assert isinstance(got[-1], Cancelled)


def test_the_first_close_counts_and_later_items_are_dropped():
    log: AppendLog[int] = AppendLog()
    log.close()
    log.close(MediaLost("too late"))
    log.append(1)
    assert list(log) == []


def test_each_reader_is_cancelled_by_an_exception_of_its_own():
    """A shared one would collect the frames of all readers, and with them their windows."""
    log: AppendLog[int] = AppendLog()
    log.cancel()
    caught = []
    for _ in range(2):
        with pytest.raises(Cancelled) as cancelled:
            log.get(0)
        caught.append(cancelled.value)
    assert caught[0] is not caught[1]


def test_what_is_forgotten_is_let_go():
    log: AppendLog[int] = AppendLog()
    log.append(1)
    log.close(MediaLost("gone"))
    log.forget()
    assert len(log) == 0
    assert list(log) == []
