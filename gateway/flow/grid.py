"""Time in equal steps: where things that happen are laid down, smoothed and averaged."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

STEP_S = 0.5
"""Between two values of a curve: shorter than any shot or word group that a viewer takes in as one."""

KERNEL = (1, 2, 3, 2, 1)
"""Weights over the two steps before and after: what happens in a moment is felt for about a second around it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """Steps that cover [0, duration_s); the last may reach over it."""

    duration_s: float

    @property
    def count(self) -> int:
        """Steps, at least one."""
        return max(1, math.ceil(self.duration_s / STEP_S - 1e-6))

    def index(self, moment_s: float) -> int:
        """The step a moment falls into; the nearest one for moments outside."""
        return min(self.count - 1, max(0, int(moment_s / STEP_S + 1e-6)))

    def shares(self, start_s: float, end_s: float) -> list[tuple[int, float]]:
        """Steps that a half-open span touches, and how much of each it covers, (0, 1]."""
        found = []
        for index in range(self.index(start_s), self.index(max(start_s, end_s - 1e-6)) + 1):
            covered_s = min(end_s, (index + 1) * STEP_S) - max(start_s, index * STEP_S)
            if covered_s > 0:
                found.append((index, min(1.0, covered_s / STEP_S)))
        return found

    def between(self, start_s: float, end_s: float) -> range:
        """Steps whose middle lies in the half-open span."""
        first = math.ceil(start_s / STEP_S - 0.5 - 1e-6)
        after = math.ceil(end_s / STEP_S - 0.5 - 1e-6)
        return range(max(0, first), min(self.count, after))


def smoothed(values: Sequence[float]) -> list[float]:
    """Weighted mean around each step; at the ends, of what there is."""
    reach = len(KERNEL) // 2
    result = []
    for at in range(len(values)):
        near = [(KERNEL[reach + off], values[at + off]) for off in _offsets(at, len(values), reach)]
        result.append(sum(weight * value for weight, value in near) / sum(weight for weight, _ in near))
    return result


def means_over(values: Sequence[float], length: int) -> list[float]:
    """Mean of each `length` values in a row, by where they begin; of all, if there are no more."""
    length = min(length, len(values))
    return [sum(values[at : at + length]) / length for at in range(len(values) - length + 1)]


def mean(values: Sequence[float]) -> float:
    """0 of nothing."""
    return sum(values) / len(values) if values else 0.0


def _offsets(at: int, count: int, reach: int) -> range:
    return range(-min(reach, at), min(reach, count - 1 - at) + 1)
