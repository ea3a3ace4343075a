"""When eyes are closed: blinks and longer closures, judged by how far these eyes are open otherwise."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from services.vision.gaze.moments import Moment

DIP_DEPTH = 0.33
"""Share of the openness just before and just after by which the lids have to come down for a blink. At 15 Hz the
deepest point of a quick one falls between two frames: 0.2 of 0.3, as Soukupova and Cech have it, catches it still."""

WAY_SHARE = 0.6
"""Of that depth; while the lids are at least so far down they are on their way to it or back."""

NEAR_S = 0.5
"""What is just before and just after: longer than a blink, shorter than most looks down."""

SHUT_DEPTH = 0.5
"""Share of the usual openness by which the lids are down when the eyes are closed, however long it takes."""

USUAL_PERCENTILE = 75.0
"""Of the openness around a moment: what is usual is what the eyes are like open; blinks take a tenth of the time."""

LEAST_USUAL = 0.1
"""Openness that open eyes have at least: someone whose eyes are closed all along is not taken to have them open."""

BEFORE_S, AFTER_S = 10.0, 1.0
"""The stretch whose openness is the usual one for a moment: how it is decided, and how late."""

DEPTH_STEPS = 6.0
"""Median changes from frame to frame that a depth must exceed: five to six standard deviations of one frame's error.

On a sharp face the change is 0.015 of the openness and of no account; on a blurred one of 70 px it is 0.05, and only
full closures count; beyond 0.16 the mesh does not hold on to the lids and nothing is said of them."""

LONGEST_BLINK_S = 0.5
"""Closures that last longer are not blinks; a blink takes 0.1 to 0.4 s (Schiffman, Sensation and Perception)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Closure:
    """Eyes were closed over [start_s, end_s), as exactly as the frames lie."""

    start_s: float
    end_s: float

    @property
    def is_blink(self) -> bool:
        return self.end_s - self.start_s <= LONGEST_BLINK_S + 1e-6


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A moment of which it is known whether the eyes are closed."""

    moment: Moment
    closed: bool
    ended: Closure | None
    """The closure that was over with the moment before."""


class EyeLids:
    """Moments of one face in, the same moments judged out, a second later."""

    def __init__(self) -> None:
        self._known: deque[Moment] = deque()
        """Those of the stretch around the moment to be judged next."""
        self._waiting: deque[Moment] = deque()
        self._dipping: list[Moment] = []
        """On their way to closed, or not."""
        self._closed: list[Moment] = []

    def add(self, moment: Moment) -> list[Judged]:
        self._known.append(moment)
        self._waiting.append(moment)
        judged = []
        while self._waiting[0].pts_s + AFTER_S <= moment.pts_s:
            judged += self._judge(self._waiting.popleft())
        return judged

    def finish(self) -> tuple[list[Judged], Closure | None]:
        """What was still waiting, and the closure that the end cut off."""
        judged = [each for moment in self._waiting for each in self._judge(moment)]
        self._waiting.clear()
        rest, cut_off = self._settle()
        return judged + rest, cut_off

    def _judge(self, moment: Moment) -> list[Judged]:
        dip, shut = self._depths(moment)
        if dip > 1.0 or shut > 1.0:
            self._closed += [*self._dipping, moment]
            closed = [Judged(moment=each, closed=True, ended=None) for each in [*self._dipping, moment]]
            self._dipping = []
            return closed
        if dip > WAY_SHARE:
            self._dipping.append(moment)
            return []
        judged, ended = self._settle()
        return [*judged, Judged(moment=moment, closed=False, ended=ended)]

    def _settle(self) -> tuple[list[Judged], Closure | None]:
        """The lids are up now: those on their way belong to the closure, if there was one."""
        closed, on_their_way = self._closed, self._dipping
        self._closed, self._dipping = [], []
        judged = [Judged(moment=each, closed=bool(closed), ended=None) for each in on_their_way]
        if not closed:
            return judged, None
        return judged, Closure(start_s=closed[0].pts_s, end_s=[*closed, *on_their_way][-1].end_s)

    def _depths(self, moment: Moment) -> tuple[float, float]:
        """How far the lids are down from just before and after, and from the usual; above 1 is closed."""
        while self._known[0].pts_s < moment.pts_s - BEFORE_S:
            self._known.popleft()
        near = [each for each in self._known if each.pts_s <= moment.pts_s + AFTER_S]
        usual = max(_percentile(near), LEAST_USUAL)
        if moment.seen_openness is None:
            return 0.0, 0.0
        noise = DEPTH_STEPS * _step(near) / usual
        before = _openness([each for each in near if moment.pts_s - NEAR_S <= each.pts_s < moment.pts_s])
        after = _openness([each for each in near if moment.pts_s < each.pts_s <= moment.pts_s + NEAR_S])
        around = max(min((max(side) for side in (before, after) if side), default=usual), LEAST_USUAL)
        dip, shut = 1.0 - moment.seen_openness / around, 1.0 - moment.seen_openness / usual
        return dip / max(DIP_DEPTH, noise), shut / max(SHUT_DEPTH, noise)


def _openness(moments: Sequence[Moment]) -> list[float]:
    return [each.seen_openness for each in moments if each.seen_openness is not None]


def _percentile(moments: Sequence[Moment]) -> float:
    seen = _openness(moments)
    return float(np.percentile(seen, USUAL_PERCENTILE)) if seen else 0.0


def _step(moments: Sequence[Moment]) -> float:
    """Median change from one frame to the next."""
    seen = _openness(moments)
    return float(np.median(np.abs(np.diff(seen)))) if len(seen) > 1 else 0.0
