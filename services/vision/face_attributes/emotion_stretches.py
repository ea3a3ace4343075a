"""Stretches of a face in which one emotion leads: samples in, a stretch out when another one has taken the lead."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

Shares = npt.NDArray[np.float64]

SMOOTHED_SAMPLE_COUNT = 3
"""Samples whose mean decides who leads: at two a second, a second and a half."""

LEAD = 0.1
"""Share by which another emotion must be ahead in that mean to take over; a tie would flicker otherwise."""

GAP_S = 2.0
"""A face not estimated for longer ends its stretch: what happened meanwhile is unknown. As long as tracks wait."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EmotionSample:
    """What the network said of a face in one frame."""

    pts_s: float
    end_s: float
    """Of the frame."""
    shares: Shares
    """(7,) summing to 1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """Successive samples of one face in which the same emotion leads."""

    samples: tuple[EmotionSample, ...]
    end_s: float
    """When the next stretch begins, or the last sampled frame is over."""

    @property
    def start_s(self) -> float:
        """When the first sampled frame is displayed."""
        return self.samples[0].pts_s

    @property
    def shares(self) -> Shares:
        """(7,) means over the samples, summing to 1."""
        return np.asarray(np.mean([sample.shares for sample in self.samples], axis=0))


@dataclass(slots=True)
class FaceEmotions:
    """The samples of one face, as they come."""

    _open: list[EmotionSample] = field(default_factory=list)
    _leader: int = -1

    def add(self, sample: EmotionSample) -> Stretch | None:
        """Take the next sample; the stretch it puts an end to, if it does."""
        ended = self.end_before(sample.pts_s - GAP_S)
        self._open.append(sample)
        recent = self._open[-SMOOTHED_SAMPLE_COUNT:]
        smoothed = np.mean([each.shares for each in recent], axis=0)
        challenger = int(smoothed.argmax())
        if self._leader < 0:
            self._leader = challenger
        elif challenger != self._leader and smoothed[challenger] >= smoothed[self._leader] + LEAD:
            return self._hand_over(challenger, len(recent))
        return ended

    def end_before(self, time_s: float) -> Stretch | None:
        """Close the stretch if its last sampled frame was over before this time."""
        if not self._open or self._open[-1].end_s >= time_s:
            return None
        return self.close()

    def close(self) -> Stretch | None:
        """The stretch that is still open."""
        if not self._open:
            return None
        stretch = Stretch(samples=tuple(self._open), end_s=self._open[-1].end_s)
        self._open, self._leader = [], -1
        return stretch

    def _hand_over(self, challenger: int, recent_count: int) -> Stretch | None:
        """The new leader's stretch begins with the first of the recent samples in which it was ahead already."""
        first = len(self._open) - recent_count
        while (
            first < len(self._open) - 1
            and self._open[first].shares[challenger] <= self._open[first].shares[self._leader]
        ):
            first += 1
        before, self._open = self._open[:first], self._open[first:]
        self._leader = challenger
        return Stretch(samples=tuple(before), end_s=self._open[0].pts_s) if before else None
