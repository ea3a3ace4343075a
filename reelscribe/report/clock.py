"""Positions in a video as a person reads them."""

from __future__ import annotations

MINUTE_S = 60
HOUR_S = 3600


def clock(position_s: float, decimals: int = 1) -> str:
    """Minutes and seconds, hours where there are any.

    >>> clock(5.967), clock(5.967, 2), clock(3725, 0), clock(-0.3), clock(59.96)
    ('0:06.0', '0:05.97', '1:02:05', '-0:00.3', '1:00.0')
    """
    scale: int = 10**decimals
    units = round(abs(position_s) * scale)
    whole, fraction = divmod(units, scale)
    hours, rest = divmod(whole, HOUR_S)
    minutes, seconds = divmod(rest, MINUTE_S)
    head = f"{hours}:{minutes:02d}" if hours else str(minutes)
    tail = f".{fraction:0{decimals}d}" if decimals else ""
    return f"{'-' if position_s < 0 and units else ''}{head}:{seconds:02d}{tail}"
