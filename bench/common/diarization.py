"""Diarization error, and clips of several speakers mixed from files of one each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

COLLAR_S = 0.25
"""Around each edge of the reference, both sides: what NIST's md-eval leaves out in its usual setting."""

STEP_S = 0.01
"""Time is counted in steps of this."""

PAUSE_WITHIN_S = 0.3
"""A shorter silence belongs to its turn: NIST's rule for references."""

LEVEL_WINDOW_S = 0.03

SPEECH_ABOVE_QUIET = 0.35
"""Of the way from a recording's quiet (5th percentile of its level in dB) to its loud (95th): above, its one speaker
speaks. Relative to both, for rooms and tapes are more or less noisy."""

Sound = npt.NDArray[np.float32]
RATE_HZ = 16000


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Said:
    """Somebody speaks, half-open, seconds."""

    start_s: float
    end_s: float
    speaker: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DiarizationError:
    """Seconds; `speech_s` counts a moment once for each speaker in it."""

    missed_s: float
    invented_s: float
    confused_s: float
    speech_s: float

    def __add__(self, other: DiarizationError) -> DiarizationError:
        return DiarizationError(
            missed_s=self.missed_s + other.missed_s,
            invented_s=self.invented_s + other.invented_s,
            confused_s=self.confused_s + other.confused_s,
            speech_s=self.speech_s + other.speech_s,
        )

    @property
    def rate(self) -> float:
        """DER: all errors over all speech."""
        errors_s = self.missed_s + self.invented_s + self.confused_s
        return errors_s / self.speech_s if self.speech_s else 0.0

    def __str__(self) -> str:
        parts = (self.missed_s, self.invented_s, self.confused_s)
        missed, invented, confused = (part / max(self.speech_s, STEP_S) for part in parts)
        return f"{self.rate:.1%} (missed {missed:.1%}, invented {invented:.1%}, confused {confused:.1%})"


def diarization_error(
    truth: Sequence[Said], found: Sequence[Said], length_s: float, *, collar_s: float = COLLAR_S
) -> DiarizationError:
    """As md-eval scores it: overlaps count, the names of speakers are matched for the least confusion."""
    from scipy.optimize import linear_sum_assignment

    step_count = round(length_s / STEP_S)
    told, heard = _drawn(truth, step_count), _drawn(found, step_count)
    scored = np.ones(step_count, np.bool_)
    for edge_s in (edge for said in truth for edge in (said.start_s, said.end_s)):
        scored[max(0, round((edge_s - collar_s) / STEP_S)) : round((edge_s + collar_s) / STEP_S)] = collar_s == 0
    told, heard = told[:, scored], heard[:, scored]
    told_count, heard_count = told.sum(axis=0), heard.sum(axis=0)
    shared = told.astype(int) @ heard.astype(int).T
    right = int(shared[linear_sum_assignment(-shared)].sum())
    return DiarizationError(
        missed_s=float(np.maximum(told_count - heard_count, 0).sum()) * STEP_S,
        invented_s=float(np.maximum(heard_count - told_count, 0).sum()) * STEP_S,
        confused_s=float(np.minimum(told_count, heard_count).sum() - right) * STEP_S,
        speech_s=float(told_count.sum()) * STEP_S,
    )


def spoken(samples: Sound, *, speaker: str = "") -> list[Said]:
    """When the one speaker of a recording (n,) at 16 kHz speaks, by level alone: no model takes part."""
    width = round(LEVEL_WINDOW_S * RATE_HZ)
    power = np.convolve(samples.astype(np.float64) ** 2, np.ones(width) / width, mode="same")
    level_db = 10 * np.log10(np.maximum(power[:: round(STEP_S * RATE_HZ)], 1e-10))
    quiet_db, loud_db = np.percentile(level_db, [5, 95])
    loud = level_db > quiet_db + SPEECH_ABOVE_QUIET * (loud_db - quiet_db)
    edges = np.flatnonzero(np.diff(np.concatenate([[False], loud, [False]]).astype(int))).reshape(-1, 2) * STEP_S
    said: list[Said] = []
    for start_s, end_s in edges.tolist():
        if said and start_s - said[-1].end_s < PAUSE_WITHIN_S:
            start_s = said.pop().start_s
        said.append(Said(start_s=start_s, end_s=end_s, speaker=speaker))
    return [each for each in said if each.end_s - each.start_s >= 2 * LEVEL_WINDOW_S]


def mixed(pieces: Sequence[tuple[float, str, Sound]]) -> tuple[Sound, list[Said]]:
    """A clip of pieces (where it starts, who speaks all through it, samples), brought to one level, and its truth."""
    length = max(round(start_s * RATE_HZ) + len(samples) for start_s, _, samples in pieces)
    clip = np.zeros(length, np.float32)
    truth: list[Said] = []
    for start_s, speaker, samples in pieces:
        first = round(start_s * RATE_HZ)
        clip[first : first + len(samples)] += samples * np.float32(0.1 / np.sqrt(np.mean(samples**2)))
        truth.append(Said(start_s=first / RATE_HZ, end_s=(first + len(samples)) / RATE_HZ, speaker=speaker))
    return clip, sorted(truth)


def in_turn(order: Sequence[tuple[str, Sound]], gaps_s: Sequence[float]) -> list[tuple[float, str, Sound]]:
    """Pieces one after another, each a gap (negative: an overlap) after the one before."""
    placed: list[tuple[float, str, Sound]] = []
    at_s = 0.0
    for (speaker, samples), gap_s in zip(order, gaps_s, strict=True):
        placed.append((max(0.0, at_s + gap_s), speaker, samples))
        at_s = placed[-1][0] + len(samples) / RATE_HZ
    return placed


def _drawn(said: Sequence[Said], step_count: int) -> npt.NDArray[np.bool_]:
    """(speakers, steps)"""
    names = list(dict.fromkeys(each.speaker for each in said))
    drawn = np.zeros((len(names), step_count), np.bool_)
    for each in said:
        drawn[names.index(each.speaker), round(each.start_s / STEP_S) : round(each.end_s / STEP_S)] = True
    return drawn
