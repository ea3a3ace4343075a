"""When a sound begins and ends: where the levels of bands rise and fall most."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

STEP_S = 0.01

FRAME_S = 0.02
"""Spectra are taken over this long, each STEP_S."""

BAND_EDGES_HZ = (60, 200, 400, 800, 1600, 3200, 8000)
"""Octaves, near enough: a click and a thud rise in different ones, and music seldom holds all of them."""

COMPARED_S = 0.1
"""Levels are compared over this long before and after: a syllable is longer, a click is not."""

FLOOR_DBFS = -70.0
"""Of a band. What is softer does not count as a rise from nothing."""

ABOUT_AS_GREAT = 0.5
"""Share of the greatest rise, in decibels."""

MASKED_S = 1.0
"""Before a sound: what is as loud as anything in it belongs to what was heard already."""

TAIL_DB = 30.0
"""Below its peak a tail has ended: half of the 60 dB that reverberation times are defined by."""

TAIL_RISE_DB = 3.0
"""A tail that grows by as much is another sound."""

Levels = npt.NDArray[np.float64]
Likely = Callable[[Levels], Levels]
"""Seconds from the part's beginning (n,) -> weights (n,), > 0."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Edge:
    """A moment at which a sound begins or ends."""

    at_s: float
    strength_db: float
    """Mean rise (or fall) of the bands' levels; bands that fall (or rise) count as 0."""


class BandLevels:
    """Takes one channel in pieces; levels of its bands when all has come."""

    def __init__(self, rate_hz: int) -> None:
        self._step, self._frame = round(STEP_S * rate_hz), round(FRAME_S * rate_hz)
        frequencies = np.fft.rfftfreq(self._frame, 1 / rate_hz)
        self._bands = [(frequencies >= low) & (frequencies < high) for low, high in _pairs(BAND_EDGES_HZ)]
        self._window = np.hanning(self._frame).astype(np.float32)
        # A sine at full scale has a power of a half, spread by the window over its bins.
        self._scale = 2.0 / (self._frame * float(np.sum(self._window**2)))
        self._rest = np.zeros(self._frame - self._step, np.float32)
        self._powers: list[npt.NDArray[np.float32]] = []

    def push(self, samples: npt.NDArray[np.float32]) -> None:
        """Take the next samples (n,)."""
        heard = np.concatenate([self._rest, samples])
        count = max(0, (len(heard) - self._frame) // self._step + 1)
        if count:
            frames = np.lib.stride_tricks.sliding_window_view(heard, self._frame)[:: self._step][:count]
            spectra = np.abs(np.fft.rfft(frames * self._window, axis=1)) ** 2 * self._scale
            self._powers.append(np.stack([spectra[:, band].sum(axis=1) for band in self._bands], axis=1).astype("f4"))
        self._rest = heard[count * self._step :].copy()

    def edges(self) -> Edges:
        """Of all that was taken."""
        powers = np.concatenate([np.empty((0, len(self._bands)), np.float32), *self._powers])
        return Edges(powers.astype(np.float64))


class Edges:
    """Rises and falls of one part, seconds from its beginning."""

    def __init__(self, powers: Levels) -> None:
        """`powers` (n, bands), STEP_S apart, full scale = 1."""
        span = round(COMPARED_S / STEP_S)
        sums = np.concatenate([np.zeros((1, powers.shape[1])), np.cumsum(powers, axis=0)])
        steps = np.arange(len(powers) + 1)
        before, after = np.maximum(steps - span, 0), np.minimum(steps + span, len(powers))
        # Before the first moment, and after the last, there is nothing.
        self._before = (sums[steps] - sums[before]) / span
        self._after = (sums[after] - sums[steps]) / span
        changes = _decibels(self._after) - _decibels(self._before)
        self._rises = np.maximum(changes, 0).mean(axis=1)
        self._falls = np.maximum(-changes, 0).mean(axis=1)
        self._powers = powers

    def onset(self, from_s: float, to_s: float, likely: Likely) -> Edge:
        """The greatest rise in [from_s, to_s], each weighed by how likely its moment is.

        A cock crows in syllables: of rises that are about as great the first counts.
        """
        first, weighed = _weighed(self._rises, from_s, to_s, likely)
        early = int(np.argmax(weighed >= ABOUT_AS_GREAT * weighed.max()))
        best = first + early + int(np.argmax(weighed[early : early + round(COMPARED_S / STEP_S) + 1]))
        return Edge(at_s=best * STEP_S, strength_db=float(self._rises[best]))

    def offset(self, from_s: float, to_s: float, likely: Likely) -> Edge:
        """The greatest fall, likewise."""
        first, weighed = _weighed(self._falls, from_s, to_s, likely)
        best = first + int(np.argmax(weighed))
        return Edge(at_s=best * STEP_S, strength_db=float(self._falls[best]))

    def decayed_s(self, onset_s: float, offset_s: float) -> float:
        """Where a sound that falls at `offset_s` has died away.

        It goes on as long as it is louder than all that was heard in the second before it began, and than its tail's
        end, and grows no louder again.
        """
        first, step = round(onset_s / STEP_S), round(offset_s / STEP_S)
        levels = _decibels(self._after.sum(axis=1, keepdims=True))[:, 0]
        earlier = levels[max(0, first - round(MASKED_S / STEP_S)) : max(0, first - round(COMPARED_S / STEP_S))]
        peak_db = float(levels[first : max(first + 1, step)].max(initial=FLOOR_DBFS))
        over_db = max(FLOOR_DBFS, float(earlier.max(initial=FLOOR_DBFS)) + TAIL_RISE_DB, peak_db - TAIL_DB)
        softest_db = float("inf")
        while step < len(levels) - 1 and over_db < levels[step] < softest_db + TAIL_RISE_DB:
            softest_db = min(softest_db, float(levels[step]))
            step += 1
        return step * STEP_S

    def rise_db(self, at_s: float) -> float | None:
        """By how much the whole level rises at a moment; None after silence or nothing."""
        step = min(round(at_s / STEP_S), len(self._before) - 1)
        before, after = float(self._before[step].sum()), float(self._after[step].sum())
        audible = 10 ** (FLOOR_DBFS / 10)
        return 10 * float(np.log10(after / before)) if before > audible and after > 0 else None

    def peak_dbfs(self, from_s: float, to_s: float) -> float:
        """The highest level of FRAME_S in [from_s, to_s)."""
        first = max(0, round(from_s / STEP_S))
        totals = self._powers[first : max(first + 1, round(to_s / STEP_S))].sum(axis=1)
        return 10 * float(np.log10(max(totals.max(initial=0.0), 1e-12)))


def _weighed(changes: Levels, from_s: float, to_s: float, likely: Likely) -> tuple[int, Levels]:
    """The step at from_s, and the changes from there to to_s by their likelihood."""
    first = min(max(0, round(from_s / STEP_S)), len(changes) - 1)
    piece = changes[first : max(first + 1, round(to_s / STEP_S) + 1)]
    return first, np.asarray(piece * likely(np.asarray(first + np.arange(len(piece)), np.float64) * STEP_S), np.float64)


def _decibels(powers: Levels) -> Levels:
    levels: Levels = 10 * np.log10(np.maximum(powers, 10 ** (FLOOR_DBFS / 10)))
    return levels


def _pairs(edges: tuple[int, ...]) -> list[tuple[int, int]]:
    return list(pairwise(edges))
