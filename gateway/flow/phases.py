"""The phases of a video: stretches that follow one another without a gap, each only where something shows it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from gateway.flow.grid import STEP_S, Grid, mean, means_over

HOOK_S = 3.0
"""By definition: the time in which a viewer of short videos decides to stay."""

SHORTEST_S = 1.0
"""No phase but the hook is told that is shorter: nobody would notice it."""

ENDING_SHARE = 0.25
"""An ending begins in the last quarter: the fourth of the four acts of about equal length that Thompson (1999) found
feature films to have."""

CLIMAX_S = 4.0
"""Length over which density is compared; a climax is at least half as long."""

STANDS_OUT = 0.5
"""By how much the densest stretch must lie above the mean of all between hook and ending, the rises of all components
added up: of one alone, half of its full scale ..."""

STANDS_OUT_RATIO = 1.5
"""... and in proportion: of clips made with an even pace, one in twenty at most passes both (see the tests)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Phase:
    """One phase, half-open."""

    label: str
    start_s: float
    end_s: float
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Marks:
    """Moments that may begin an ending; None where there is no such moment."""

    call_s: float | None = None
    """The last call to action begins."""
    last_cut_s: float | None = None
    speech_over_s: float | None = None
    """The last word has been said."""


def phases(values: Sequence[float], component_count: int, duration_s: float, marks: Marks) -> list[Phase]:
    """Phases that tile [0, duration_s). `values`: the pacing curve, the mean of its components, in steps of STEP_S."""
    if duration_s <= HOOK_S + SHORTEST_S:
        return [Phase(label="hook", start_s=0.0, end_s=duration_s, reasons=("first_3_s", "too_short_for_more"))]
    hook = Phase(label="hook", start_s=0.0, end_s=HOOK_S, reasons=("first_3_s",))
    ending = _ending(duration_s, marks)
    middle_end_s = ending.start_s if ending else duration_s
    rises = [value * component_count for value in values]
    return [hook, *_middle(rises, HOOK_S, middle_end_s, Grid(duration_s=duration_s)), *([ending] if ending else [])]


def _ending(duration_s: float, marks: Marks) -> Phase | None:
    """From the earliest mark in the last quarter on."""
    earliest_s = max(HOOK_S, duration_s * (1 - ENDING_SHARE))
    given = {"call_to_action": marks.call_s, "last_shot": marks.last_cut_s, "speech_over": marks.speech_over_s}
    late = {
        name: at_s for name, at_s in given.items() if at_s is not None and earliest_s <= at_s <= duration_s - SHORTEST_S
    }
    if not late:
        return None
    start_s = min(late.values())
    # What is left of the middle, and too short to be told, belongs to it.
    start_s = HOOK_S if start_s - HOOK_S < SHORTEST_S else start_s
    return Phase(label="ending", start_s=start_s, end_s=duration_s, reasons=tuple(late))


def _middle(values: Sequence[float], start_s: float, end_s: float, grid: Grid) -> list[Phase]:
    """Build-up, climax and what comes after; one "body" where no climax stands out."""
    if end_s - start_s <= 0:
        return []
    climax = _climax(values, start_s, end_s, grid)
    if climax is None:
        reason = "too_short_for_more" if end_s - start_s < 2 * CLIMAX_S else "even_pace"
        return [Phase(label="body", start_s=start_s, end_s=end_s, reasons=(reason,))]
    climax_start_s, climax_end_s = climax
    found = []
    if climax_start_s > start_s:
        found.append(Phase(label="build_up", start_s=start_s, end_s=climax_start_s, reasons=("before_climax",)))
    found.append(Phase(label="climax", start_s=climax_start_s, end_s=climax_end_s, reasons=("densest_stretch",)))
    if climax_end_s < end_s:
        found.append(Phase(label="wind_down", start_s=climax_end_s, end_s=end_s, reasons=("after_climax",)))
    return found


def _climax(values: Sequence[float], start_s: float, end_s: float, grid: Grid) -> tuple[float, float] | None:
    """The densest stretch, widened to all around it that is denser than half way from the mean to its peak."""
    if end_s - start_s < 2 * CLIMAX_S:
        return None
    steps = grid.between(start_s, end_s)
    inside = [values[index] for index in steps]
    length = round(CLIMAX_S / STEP_S)
    density = means_over(inside, length)
    best = max(range(len(density)), key=density.__getitem__)
    usual = mean(inside)
    if density[best] - usual < STANDS_OUT or density[best] < STANDS_OUT_RATIO * usual:
        return None
    level = (usual + density[best]) / 2
    first, after = best, best + length
    while first < after - length // 2 and inside[first] < level:
        first += 1
    while after > first + length // 2 and inside[after - 1] < level:
        after -= 1
    while first > 0 and inside[first - 1] >= level:
        first -= 1
    while after < len(inside) and inside[after] >= level:
        after += 1
    first_s, last_s = (steps[0] + first) * STEP_S, (steps[0] + after) * STEP_S
    # What is left before or after, and too short to be told, belongs to it.
    first_s = start_s if first_s - start_s < SHORTEST_S else first_s
    last_s = end_s if end_s - last_s < SHORTEST_S else last_s
    return first_s, last_s
