"""Who joins the batch next."""

from __future__ import annotations

from services.vlm.admission import admitted


def test_all_of_similar_length_join_at_once() -> None:
    assert admitted([500] * 5, [], row_limit=8) == [0, 1, 2, 3, 4]


def test_no_more_rows_than_the_limit() -> None:
    assert admitted([500] * 5, [500, 500], row_limit=4) == [0, 1]
    assert admitted([500] * 5, [500] * 4, row_limit=4) == []


def test_the_oldest_goes_first_and_the_dissimilar_wait() -> None:
    assert admitted([300, 1000, 310, 990], [], row_limit=8) == [0, 2]
    assert admitted([1000, 990], [], row_limit=8) == [0, 1]


def test_the_batch_is_as_wide_as_its_longest_row() -> None:
    assert admitted([400, 400, 400], [], row_limit=8, token_limit=1000) == [0, 1]
    assert admitted([400], [600], row_limit=8, token_limit=1000) == []


def test_the_oldest_is_not_overtaken_while_it_does_not_fit() -> None:
    assert admitted([900, 100], [100], row_limit=8, token_limit=1000) == []


def test_alone_any_segment_may_run() -> None:
    assert admitted([5000, 100], [], row_limit=8, token_limit=1000) == [0]


def test_nobody_waiting_nobody_joins() -> None:
    assert admitted([], [400], row_limit=8) == []
