"""An update is split between findings, never inside one."""

from __future__ import annotations

import pytest

from reelscribe.v1.bus_pb2 import TaskUpdate
from reelscribe.v1.finding_pb2 import Finding
from services.common.bus import MESSAGE_LIMIT_BYTES, MessageTooLarge, split_update
from services.common.time import duration


def an_update(finding_count: int, label_bytes: int = 100, first_position: int = 0) -> TaskUpdate:
    return TaskUpdate(
        analysis_id="a1",
        part_id="part-0",
        service="vision",
        attempt=2,
        analyzer="cut_analysis",
        first_position=first_position,
        findings=[Finding(label=f"{index:0{label_bytes}}") for index in range(finding_count)],
        reached_offset=duration(12.5),
    )


@pytest.mark.parametrize("finding_count", [0, 1, 5])
def test_what_fits_is_left_as_it_is(finding_count: int):
    update = an_update(finding_count)
    assert split_update(update) == [update]


@pytest.mark.parametrize("limit_bytes", [200, 201, 250, 399, 1000, 5000])
@pytest.mark.parametrize("first_position", [0, 126, 2**31 - 200])
def test_no_piece_is_over_the_limit_and_nothing_is_lost(limit_bytes: int, first_position: int):
    update = an_update(100, first_position=first_position)
    pieces = split_update(update, limit_bytes=limit_bytes)
    assert all(piece.ByteSize() <= limit_bytes for piece in pieces)
    assert [finding for piece in pieces for finding in piece.findings] == list(update.findings)
    position = first_position
    for piece in pieces:
        assert piece.first_position == position
        assert (piece.analyzer, piece.attempt, piece.reached_offset) == ("cut_analysis", 2, duration(12.5))
        position += len(piece.findings)


def test_pieces_are_filled():
    *full, _ = split_update(an_update(10_000))
    assert [piece for piece in full if piece.ByteSize() < 0.9 * MESSAGE_LIMIT_BYTES] == []


def test_the_given_update_is_not_changed():
    update, untouched = an_update(100), an_update(100)
    split_update(update, limit_bytes=300)
    assert update == untouched


def test_a_finding_that_fits_no_message_is_an_error():
    with pytest.raises(MessageTooLarge, match="Finding"):
        split_update(an_update(2, label_bytes=500), limit_bytes=400)
