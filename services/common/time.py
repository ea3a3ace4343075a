"""The one place where seconds become protobuf Durations and back."""

from __future__ import annotations

from google.protobuf.duration_pb2 import Duration

from reelscribe.v1.media_pb2 import Span

NANOS_PER_S = 1_000_000_000


def duration(seconds: float) -> Duration:
    """Seconds (negative allowed) as a Duration, rounded to the nanosecond.

    >>> duration(1.5).seconds, duration(1.5).nanos
    (1, 500000000)
    """
    message = Duration()
    message.FromNanoseconds(round(seconds * NANOS_PER_S))
    return message


def seconds(message: Duration) -> float:
    """A Duration as float seconds."""
    return message.seconds + message.nanos / NANOS_PER_S


def span(start_s: float, end_s: float) -> Span:
    """The half-open span [start_s, end_s). Raises ValueError if it ends before it starts."""
    if end_s < start_s:
        raise ValueError(f"a span cannot end before it starts: [{start_s}, {end_s})")
    return Span(start_offset=duration(start_s), end_offset=duration(end_s))


def span_s(message: Span) -> tuple[float, float]:
    """A span as (start_s, end_s)."""
    return seconds(message.start_offset), seconds(message.end_offset)
