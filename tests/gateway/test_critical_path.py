"""The chain that an analysis waited for last."""

from __future__ import annotations

from gateway.critical_path import critical_path
from gateway.gather import LastAnswered
from reelscribe.v1.analyzer_pb2 import AnalyzerResult, Cost, PerceptCost
from services.common.time import duration, seconds

USES = {"things": ["Shots", "Objects", "Tracks"], "cuts": ["Shots"], "bars": []}


def cost(wall_s: float, cpu_s: float = 0.0) -> Cost:
    return Cost(wall_duration=duration(wall_s), cpu_duration=duration(cpu_s))


def answered(**walls_s: float) -> LastAnswered:
    """Percepts take 2, 5 and 5.1 s."""
    percepts = [("Shots", 2.0, []), ("Objects", 5.0, ["Shots"]), ("Tracks", 5.1, ["Objects"]), ("Other", 9.0, [])]
    return LastAnswered(
        part_id="frames-0",
        service="vision",
        results=tuple(AnalyzerResult(analyzer=name, cost=cost(wall_s)) for name, wall_s in walls_s.items()),
        percept_costs=tuple(PerceptCost(percept=name, cost=cost(at, 1.0), uses=uses) for name, at, uses in percepts),
    )


def names(path) -> list[str]:
    return [step.name for step in path.steps]


def test_it_leads_from_the_first_percept_to_the_analyzer_that_ended_last():
    path = critical_path(answered(cuts=2.1, things=5.2, bars=1.0), USES)
    assert path is not None
    assert names(path) == ["Shots", "Objects", "Tracks", "things"]
    assert [seconds(step.elapsed_duration) for step in path.steps] == [2.0, 5.0, 5.1, 5.2]
    assert (path.part_id, path.service) == ("frames-0", "vision")


def test_what_the_analyzer_does_not_use_is_not_on_it():
    path = critical_path(answered(cuts=9.5, things=5.2), USES)
    assert path is not None
    assert names(path) == ["Shots", "cuts"]


def test_an_analyzer_without_percepts_is_all_of_it():
    path = critical_path(answered(bars=3.0), USES)
    assert path is not None
    assert names(path) == ["bars"]


def test_without_a_measurement_there_is_none():
    assert critical_path(None, USES) is None
    unmeasured = LastAnswered(
        part_id="p", service="vision", results=(AnalyzerResult(analyzer="cuts"),), percept_costs=()
    )
    assert critical_path(unmeasured, USES) is None
