"""Loudness of a whole from the loudness of its blocks: the gates of ITU-R BS.1770-5 and EBU Tech 3342."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

STEP_S = 0.1
"""A block begins each tenth of a second: 0.4 s with 75 % overlap, as BS.1770 asks."""

BLOCK_STEPS = 4
"""Steps in a momentary block of 0.4 s."""

SHORT_TERM_STEPS = 30
"""Steps in a short-term window of 3 s."""

OFFSET_LU = -0.691
"""Of BS.1770: makes a 997 Hz sine at full scale in one channel -3.01 LUFS."""

ABSOLUTE_GATE_LUFS = -70.0
INTEGRATED_GATE_LU = -10.0
"""Blocks this far below the mean of those above the absolute gate are left out."""

RANGE_GATE_LU = -20.0
"""The same for the loudness range, by Tech 3342."""

RANGE_PERCENTS = (10, 95)
"""The loudness range lies between these percentiles, by Tech 3342."""

FLOOR_LUFS = -120.0
"""Written for what is softer; far below every gate."""

Curve = Sequence[float] | npt.NDArray[np.floating]


def lufs(power: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """(n,) weighted mean squares, summed over channels -> (n,) LUFS, at least FLOOR_LUFS."""
    softest = 10 ** ((FLOOR_LUFS - OFFSET_LU) / 10)
    loudness: npt.NDArray[np.float64] = OFFSET_LU + 10 * np.log10(np.maximum(power, softest))
    return loudness


def integrated_lufs(momentary_lufs: Curve) -> float | None:
    """The gated loudness of blocks of 0.4 s that begin each 0.1 s; None if none passes the absolute gate."""
    gated = _gated(momentary_lufs, INTEGRATED_GATE_LU)
    return _mean_lufs(gated) if len(gated) else None


def loudness_range_lu(short_term_lufs: Curve) -> float | None:
    """The loudness range of short-term values of one curve; None if fewer than two pass its gates.

    Values over less than 3 s, at the beginning of a curve, are left out.
    """
    whole = np.asarray(short_term_lufs, np.float64)[SHORT_TERM_STEPS - BLOCK_STEPS :]
    gated = np.sort(_gated(whole, RANGE_GATE_LU))
    if len(gated) < 2:
        return None
    low, high = (gated[math.floor((len(gated) - 1) * percent / 100 + 0.5)] for percent in RANGE_PERCENTS)
    return float(high - low)


def _gated(loudness_lufs: Curve, relative_gate_lu: float) -> npt.NDArray[np.float64]:
    values = np.asarray(loudness_lufs, np.float64)
    heard = values[values > ABSOLUTE_GATE_LUFS]
    return heard[heard > _mean_lufs(heard) + relative_gate_lu] if len(heard) else heard


def _mean_lufs(loudness_lufs: npt.NDArray[np.float64]) -> float:
    """The loudness of the mean power."""
    return float(10 * np.log10(np.mean(10 ** (loudness_lufs / 10))))
