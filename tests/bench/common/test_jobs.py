from __future__ import annotations

from bench.common.jobs import FIFTEEN, SETS, JobSet, analyzers_of, tools_of
from bench.common.standalone import Tool


class _Ready(Tool):
    """Stands for cut_analysis, and needs nothing that is not here."""

    job = "cuts"
    replaces = "cut_analysis"
    library = "json"


class _Absent(_Ready):
    """Its library exists nowhere."""

    job = "objects"
    replaces = "object_detection"
    library = "no_such_library_anywhere"


class _Broken(_Ready):
    """Installed, and not to be used."""

    job = "cuts"

    @classmethod
    def missing(cls) -> str:
        return "a system library is not there"


def chosen(*tools: list[type[Tool]]) -> JobSet:
    names = ["cut_analysis", "object_detection", "color_analysis"]
    return JobSet(title="", analyzers=names, tools=tools, without_tool="")


def test_of_each_job_the_first_tool_that_can_run_does_it():
    tools, notes = tools_of(chosen([_Broken, _Ready]))
    assert tools == {"cuts": _Ready}
    assert notes == ["job 'cuts', not by _Broken: a system library is not there"]


def test_what_cannot_run_is_counted_on_neither_side():
    both = chosen([_Ready], [_Absent])
    tools, notes = tools_of(both)
    assert list(tools) == ["cuts"]
    assert "nothing that did not run is counted" in notes[-1]
    assert analyzers_of(both, tools, all_jobs=True) == ["cut_analysis", "color_analysis"]


def test_chosen_jobs_bring_their_own_analyzers_only():
    both = chosen([_Ready], [_Absent])
    tools, _ = tools_of(both, ["cuts"])
    assert analyzers_of(both, tools, all_jobs=False) == ["cut_analysis"]


def test_the_vision_set_is_the_fifteen_and_the_six_tools_of_the_goal():
    assert len(FIFTEEN) == len(set(FIFTEEN)) == 15
    jobs = [candidates[0].job for candidates in SETS["vision"].tools]
    assert jobs == ["cuts", "shots", "objects", "poses", "text", "faces"]
    for candidates in SETS["vision"].tools:
        assert len({tool.job for tool in candidates}) == 1
        assert all(tool.replaces in FIFTEEN for tool in candidates)
