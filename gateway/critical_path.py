"""The chain of percepts and analyzer that an analysis waited for last: a pure function over what each of them took."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from gateway.gather import LastAnswered
from reelscribe.v1.analysis_pb2 import CriticalPath, CriticalStep
from reelscribe.v1.analyzer_pb2 import Cost, PerceptCost
from services.common.time import seconds


def critical_path(last: LastAnswered | None, uses: Mapping[str, Sequence[str]]) -> CriticalPath | None:
    """From the percept at the root to the analyzer that ended last in its part; None where nobody measured anything.

    `uses`: analyzer -> all percepts it uses, directly or through others. Every thread of a part starts at its
    beginning, so that wall times of one part compare as ends.
    """
    if last is None:
        return None
    measured = {result.analyzer: result.cost for result in last.results if _elapsed_s(result.cost)}
    if not measured:
        return None
    percepts = {item.percept: item for item in last.percept_costs}
    name = max(measured, key=lambda analyzer: _elapsed_s(measured[analyzer]))
    steps = [_step(name, measured[name])]
    waited_for = _direct([used for used in uses.get(name, ()) if used in percepts], percepts)
    while waited_for:
        used = max(waited_for, key=lambda percept: _elapsed_s(percepts[percept].cost))
        steps.append(_step(used, percepts[used].cost))
        waited_for = [below for below in percepts[used].uses if below in percepts]
    return CriticalPath(part_id=last.part_id, service=last.service, steps=reversed(steps))


def _direct(names: Sequence[str], percepts: Mapping[str, PerceptCost]) -> list[str]:
    """Those that no other of them uses: what an analyzer waits for is among them."""
    below = {used for name in names for used in percepts[name].uses}
    return [name for name in names if name not in below]


def _step(name: str, cost: Cost) -> CriticalStep:
    return CriticalStep(name=name, elapsed_duration=cost.wall_duration, cpu_duration=cost.cpu_duration)


def _elapsed_s(cost: Cost) -> float:
    return seconds(cost.wall_duration)
