"""Positions as a person reads them."""

from __future__ import annotations

import pytest

from reelscribe.report.clock import clock


@pytest.mark.parametrize(
    ("position_s", "decimals", "told"),
    [
        (0.0, 1, "0:00.0"),
        (5.967, 2, "0:05.97"),
        (59.96, 1, "1:00.0"),
        (0.3, 1, "0:00.3"),
        (3725.0, 0, "1:02:05"),
        (-0.3, 1, "-0:00.3"),
        (-0.01, 1, "0:00.0"),
    ],
)
def test_minutes_seconds_and_hours_where_there_are_any(position_s: float, decimals: int, told: str) -> None:
    assert clock(position_s, decimals) == told
