"""Positions in a video as a person reads them."""

from __future__ import annotations

from math import floor

MINUTE_S = 60
HOUR_S = 3600


def clock(position_s: float, decimals: int = 1) -> str:
    """Minutes and seconds, hours where there are any; cut off, not rounded up into the next frame.

    >>> clock(5.967), clock(5.967, 2), clock(3725, 0), clock(-0.25)
    ('0:05.9', '0:05.96', '1:02:05', '-0:00.2')
    """
    scale: int = 10**decimals
    # A float such as 0.3 lies just below what it stands for; without this it would be shown as 0.2.
    units = floor(abs(position_s) * scale + 1e-6)
    whole, fraction = divmod(units, scale)
    hours, rest = divmod(whole, HOUR_S)
    minutes, seconds = divmod(rest, MINUTE_S)
    head = f"{hours}:{minutes:02d}" if hours else str(minutes)
    tail = f".{fraction:0{decimals}d}" if decimals else ""
    return f"{'-' if position_s < 0 and units else ''}{head}:{seconds:02d}{tail}"
