"""Turns the times a stream states into times that only move forward, on one line for pictures and sound."""

from __future__ import annotations

from fractions import Fraction

BACK_JUMP_S = 1
"""A stream that falls back further than this has started a new time line, as joined recordings do."""

BELIEVED_GAP_S = 10
"""A gap up to this long is taken as stated, e.g. a still picture."""

BELIEVED_GAP_WITHOUT_HEADER_S = 600
"""The same where the header states no duration: live recordings have none."""

HEADER_SLACK_S = 1
"""A time this far behind the end stated in the header is still believed."""


class Timeline:
    """Times of one stream. A time out of place is put where the stream's last frame ended, and so is all that follows.

    Stated:   0.0  0.1  0.2  -> 95443.7  95443.8 (a wrapped counter)   or  9.8  9.9  0.0  0.1 (joined files)
    Placed:   0.0  0.1  0.2      0.3      0.4                              9.8  9.9 10.0 10.1

    One wrong stamp among right ones moves nothing but its own frame: as soon as the stated times fit again
    they are taken as stated.
    """

    def __init__(self, *, end_from_header: Fraction | None = None) -> None:
        self.restart_count = 0
        """How often stated times were out of place."""
        self._end = end_from_header
        self._shift = Fraction(0)

    def place(self, stated: Fraction | None, expected: Fraction) -> Fraction:
        """The time to use for a frame. `stated` None: not said; `expected`: the end of the frame before."""
        if stated is None:
            return expected
        times = [time for time in (stated + self._shift, stated) if self._believed(time, expected)]
        if not times:
            self._shift = expected - stated
            self.restart_count += 1
            return expected
        nearest = min(times, key=lambda time: abs(time - expected))
        self._shift = nearest - stated
        return nearest

    def _believed(self, time: Fraction, expected: Fraction) -> bool:
        gap = time - expected
        if gap < -BACK_JUMP_S:
            return False
        if gap <= BELIEVED_GAP_S:
            return True
        if self._end is None:
            return gap <= BELIEVED_GAP_WITHOUT_HEADER_S
        return time <= self._end + HEADER_SLACK_S


class FrameClock:
    """Gives each decoded picture its time from the first displayed one, or none if it is never seen."""

    def __init__(self, *, time_base: Fraction, rate_from_header: Fraction | None, timeline: Timeline) -> None:
        self.origin: Fraction | None = None
        """Stated time of the first displayed frame, seconds of the stream's own line."""
        self.unseen_count = 0
        """Frames dropped because their time is not after the frame before."""
        self._time_base = time_base
        self._timeline = timeline
        self._usual_step = 1 / rate_from_header if rate_from_header else Fraction(1, 25)
        self._last: Fraction | None = None
        self._step: Fraction | None = None
        self._last_duration = Fraction(0)

    def place(self, *, pts: int | None, dts: int | None, duration: int) -> Fraction | None:
        """Seconds from the first displayed frame; None for a frame that replaces nothing because it comes too late.

        Without PTS (AVI) the DTS stands in; without either, the end of the frame before. The header's rate is
        used only where neither PTS, DTS, duration nor an earlier gap says anything.
        """
        stamp = pts if pts is not None else dts
        stated = None if stamp is None else stamp * self._time_base
        if self._last is None:
            placed = stated if stated is not None else Fraction(0)
            self.origin = placed
        else:
            placed = self._timeline.place(stated, self._last + self._step_after())
            if placed <= self._last:
                self.unseen_count += 1
                return None
            self._step = placed - self._last
        self._last = placed
        self._last_duration = max(duration, 0) * self._time_base
        assert self.origin is not None
        return placed - self.origin

    @property
    def end(self) -> Fraction:
        """Where the last frame ends: its own duration, else the last gap, else one frame of the header's rate."""
        if self._last is None or self.origin is None:
            return Fraction(0)
        return self._last + self._step_after() - self.origin

    def _step_after(self) -> Fraction:
        return self._last_duration or self._step or self._usual_step
