"""Stretches of one shot in which the picture is composed alike, from the shares of successive frames."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from services.vision.regions.reader import Shares

CHANGED_SHARE = 0.2
"""Share of the picture that must belong to another class than in the stretch so far to begin a new one.

A person who walks in at half the height of a 16:9 frame fills about as much.
"""

LONGEST_STRETCH_S = 10.0
"""A stretch ends here even if nothing changes: a listener hears of it while the video is still read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """A frame that was looked at, and how long it is displayed."""

    pts_s: float
    end_s: float
    shares: Shares


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """Frames that were seen, and the mean of their shares."""

    start_s: float
    end_s: float
    shares: Shares
    frame_count: int
    first_end_s: float
    """When the first frame that was looked at is gone."""
    opens_shot: bool
    """Whether it is the first of its shot."""


class Stretches:
    """Frames of shots in, complete stretches out."""

    def __init__(self) -> None:
        self._seen: list[Shares] = []
        self._start_s = self._first_end_s = 0.0
        self._opens_shot = True

    def see(self, look: Look, *, shot_start_s: float) -> Stretch | None:
        """The stretch before, if this frame begins a new one."""
        ended = None
        if self._seen and (look.pts_s - self._start_s >= LONGEST_STRETCH_S or self._differs(look.shares)):
            ended = self._ended(look.pts_s)
            self._opens_shot = False
        if not self._seen:
            self._start_s = shot_start_s if self._opens_shot else look.pts_s
            self._first_end_s = look.end_s
        self._seen.append(look.shares)
        return ended

    def end_shot(self, end_s: float) -> Stretch | None:
        """The stretch that the shot's end cuts off."""
        ended = self._ended(end_s) if self._seen else None
        self._opens_shot = True
        return ended

    def _differs(self, shares: Shares) -> bool:
        return moved_share(np.mean(self._seen, axis=0), shares) >= CHANGED_SHARE

    def _ended(self, end_s: float) -> Stretch:
        stretch = Stretch(
            start_s=self._start_s,
            end_s=end_s,
            shares=np.mean(self._seen, axis=0),
            frame_count=len(self._seen),
            first_end_s=self._first_end_s,
            opens_shot=self._opens_shot,
        )
        self._seen = []
        return stretch


def moved_share(one: Shares, other: Shares) -> float:
    """Share of the picture, [0, 1], that would have to change its class to turn one composition into the other."""
    return float(np.abs(one - other).sum() / 2)
