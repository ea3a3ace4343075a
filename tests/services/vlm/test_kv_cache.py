"""A cache with room ahead: what is written is seen, what failed is not, rows move to one end."""

from __future__ import annotations

import pytest
import torch

from services.vlm.kv_cache import GROWTH_COLUMNS, KvCache


def states(rows: int, columns: int, first: float = 0.0) -> torch.Tensor:
    """(rows, 1 head, columns, 1): each row and column its own number."""
    return first + torch.arange(rows * columns, dtype=torch.float32).reshape(rows, 1, columns, 1)


def filled(rows: int, columns: int, *, room: int = 4, first: float = 0.0) -> KvCache:
    cache = KvCache(room=room)
    for layer in range(2):
        cache.update(states(rows, columns, first), -states(rows, columns, first), layer)
    cache.advance(columns)
    return cache


def numbers(cache: KvCache, layer: int = 0) -> list[list[float]]:
    return cache.layer(layer)[0][:, 0, : cache.length, 0].tolist()


def test_a_step_writes_one_column_and_copies_nothing() -> None:
    cache = filled(2, 3)
    before = cache.layer(0)[0].data_ptr()
    keys, values = cache.update(states(2, 1, 50.0), -states(2, 1, 50.0), 0)
    assert keys[:, 0, :, 0].tolist() == [[0, 1, 2, 50], [3, 4, 5, 51]]
    torch.testing.assert_close(values, -keys)
    assert cache.layer(0)[0].data_ptr() == keys.data_ptr() == before
    assert (cache.length, cache.capacity) == (3, 7)


def test_a_pass_that_fails_half_way_leaves_nothing() -> None:
    cache = filled(2, 3)
    cache.update(states(2, 1, 50.0), states(2, 1, 50.0), 0)  # and the second layer fails: no advance
    for layer in range(2):
        keys, _ = cache.update(states(2, 1, 90.0), states(2, 1, 90.0), layer)
        assert keys[:, 0, :, 0].tolist() == [[0, 1, 2, 90], [3, 4, 5, 91]]


def test_without_room_it_grows() -> None:
    cache = filled(1, 3, room=0)
    assert not cache.has_room
    keys, _ = cache.update(states(1, 1, 50.0), states(1, 1, 50.0), 0)
    assert keys[:, 0, :, 0].tolist() == [[0, 1, 2, 50]]
    assert cache.capacity == 4 + GROWTH_COLUMNS


@pytest.mark.parametrize("layer", [0, 1])
def test_rows_that_join_end_in_the_same_column(layer: int) -> None:
    long, short = filled(1, 4), filled(2, 2, first=10.0)
    for joined, expected in (
        (long.joined(short), [[0, 1, 2, 3], [0, 0, 10, 11], [0, 0, 12, 13]]),
        (short.joined(long), [[0, 0, 10, 11], [0, 0, 12, 13], [0, 1, 2, 3]]),
    ):
        assert numbers(joined, layer) == expected
        assert joined.capacity == 8
    assert numbers(long) == [[0, 1, 2, 3]], "a join changes neither"


def test_rows_are_kept_in_the_order_given_without_the_columns_before() -> None:
    cache = filled(3, 3)
    cache.keep([2, 0], first=1)
    assert numbers(cache) == [[7, 8], [1, 2]]
    assert (cache.length, cache.capacity) == (2, 6)


def test_what_it_holds_is_counted_without_the_room() -> None:
    assert filled(2, 3).size_bytes == 2 * 2 * 3 * 2 * 4  # keys and values, layers, columns, rows, float32
    assert repr(filled(2, 3)) == "KvCache(2 layers, 3 of 7 columns)"
