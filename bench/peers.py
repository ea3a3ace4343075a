"""All six CPU analyzers in one call, against the same jobs by the standalone tools, run in turn.

Every arm is a process of its own with its models loaded and warmed up on the clip's first seconds; one arm works at a
time, the others wait. The standalone tools run twice over: with the threads their libraries choose themselves, and
capped to the cores that our arm may use. Each opens the file itself, as it would alone.

    python -m bench peers [--repeat 2] [--natural-runs 1]
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from statistics import median
from typing import Any

from bench.common import clips
from bench.common.arm import Arm
from bench.common.machine import use_cores
from bench.common.pairs import Ratio
from bench.common.runs import SIX, here
from bench.common.sheet import Row, Sheet, options
from bench.common.standalone import TOOLS, why_not
from services.common.device import limit_threads

OURS, CAPPED, NATURAL = "reelscribe", "standalone, threads = cores", "standalone, own defaults"
WARM_UP_S = 3.0
WALL_GOAL = 1.0
PEERS_GOAL = 2.0


def main() -> int:
    """Measure, print, write."""
    parser = options(__doc__.splitlines()[0], repeat=2)
    parser.add_argument("--natural-runs", type=int, default=1, help="turns with the tools' own threads (default: 1)")
    parser.add_argument("--jobs", default="", help=f"these only ({','.join(tool.job for tool in TOOLS)})")
    arguments = parser.parse_args()
    core_count = use_cores(arguments.cores)
    limit_threads(1)
    sheet = Sheet(benchmark="peers", title="six analyzers in one call, or six tools in turn", tiny=arguments.tiny)
    jobs = _jobs(sheet, arguments.jobs.split(",") if arguments.jobs else [tool.job for tool in TOOLS])
    wanted = {tool.replaces for tool in TOOLS if tool.job in jobs} | (
        {"color_analysis"} if not arguments.jobs else set()
    )
    names = [name for name in SIX if name in wanted and name in here()]
    turns, natural_turns = (1, 1) if arguments.tiny else (arguments.repeat, arguments.natural_runs)
    with tempfile.TemporaryDirectory() as folder:
        path = clips.clip(Path(folder), chosen=arguments.clip, tiny=arguments.tiny, tiny_s=1.0)
        short = clips.lengthened(path, Path(folder) / "short.mp4", WARM_UP_S)
        _compare(sheet, path, short, names, jobs, core_count, turns, natural_turns)
    sheet.write(arguments.out)
    return 0


def _jobs(sheet: Sheet, wanted: Sequence[str]) -> list[str]:
    jobs = []
    for tool in TOOLS:
        if tool.job not in wanted:
            continue
        if why := why_not(tool):
            sheet.note(f"the job {tool.job!r} is left out of both arms: {why}")
        else:
            jobs.append(tool.job)
    return jobs


def _compare(
    sheet: Sheet,
    path: Path,
    short: Path,
    names: Sequence[str],
    jobs: Sequence[str],
    core_count: int,
    turns: int,
    natural_turns: int,
) -> None:
    with ExitStack() as stack:
        ours = stack.enter_context(Arm("ours", core_count=core_count, threads=1, analyzers=list(names)))
        standing = {
            name: stack.enter_context(Arm("standalone", core_count=core_count, threads=threads, jobs=list(jobs)))
            for name, threads in ((CAPPED, core_count), (NATURAL, None))
        }
        ours.ask(path=str(short))
        for arm in standing.values():
            _in_turn(arm, short, jobs)
        done: dict[str, list[dict[str, Any]]] = {}
        for turn in range(turns):
            arms = [OURS, CAPPED, *([NATURAL] if turn < natural_turns else [])]
            for name in arms[:: 1 if turn % 2 == 0 else -1]:
                answer = ours.ask(path=str(path)) if name == OURS else _in_turn(standing[name], path, jobs)
                done.setdefault(name, []).append(answer)
        tools = standing[CAPPED].ready["tools"]
        _fill(sheet, path, done, tools, ours.ready["analyzers"], core_count)


def _in_turn(arm: Arm, path: Path, jobs: Sequence[str]) -> dict[str, Any]:
    by_job = {job: arm.ask(job=job, path=str(path)) for job in jobs}
    return {
        "wall_s": sum(each["wall_s"] for each in by_job.values()),
        "cpu_s": sum(each["cpu_s"] for each in by_job.values()),
        "jobs": by_job,
    }


def _fill(
    sheet: Sheet,
    path: Path,
    done: Mapping[str, list[dict[str, Any]]],
    tools: Mapping[str, str],
    ready: Sequence[str],
    core_count: int,
) -> None:
    last = done[OURS][-1]
    video_s = last["video_s"]
    sheet.conditions |= {
        "clip": f"{path.name}, {video_s:.2f} s, {last['displayed_count']} frames",
        "our arm": f"embedded, {', '.join(ready)}; {core_count} model calls of one thread at a time",
        "their arm": [f"{job}: {name}" for job, name in tools.items()],
        "not in their arm": "color_analysis: no such tool; merging into one report",
        "warm": f"all models loaded, {WARM_UP_S:g} s of the clip done by every arm before the first that is measured",
        "runs": ", ".join(f"{name}: {len(runs)}" for name, runs in done.items()),
        "excluded": "starting processes, importing, loading models",
    }
    rows: list[Row] = [
        {
            "arm": name,
            "wall_s": median(each["wall_s"] for each in runs),
            "cpu_s": median(each["cpu_s"] for each in runs),
            "wall / clip length": median(each["wall_s"] for each in runs) / video_s,
        }
        for name, runs in done.items()
    ]
    sheet.table("Whole jobs, medians", rows)
    sheet.table("The standalone tools, medians", _by_job(done, tools))
    sheet.table("Our last run, by analyzer", last["costs"])
    sheet.goal("our wall / clip length", median(each["wall_s"] / video_s for each in done[OURS]), "<=", WALL_GOAL)
    for name in (CAPPED, NATURAL):
        if name in done:
            times = _times(done[name], done[OURS])
            sheet.note(f"{name} / ours, wall: {times}")
            sheet.goal(f"wall of {name} / ours", times.median, ">=", PEERS_GOAL)


def _times(above: Sequence[dict[str, Any]], below: Sequence[dict[str, Any]]) -> Ratio:
    """Of the turns in which both ran."""
    pairs = list(zip(above, below, strict=False))
    each = [one["wall_s"] / other["wall_s"] for one, other in pairs]
    return Ratio(median=median(each), lowest=min(each), highest=max(each))


def _by_job(done: Mapping[str, list[dict[str, Any]]], tools: Mapping[str, str]) -> list[Row]:
    rows: list[Row] = []
    for job, tool in tools.items():
        row: dict[str, str | float] = {"job": job, "tool": tool}
        for name in (CAPPED, NATURAL):
            runs = [each["jobs"][job] for each in done.get(name, [])]
            if runs:
                row[f"{name.partition(', ')[2]}: wall_s"] = median(each["wall_s"] for each in runs)
                row[f"{name.partition(', ')[2]}: cpu_s"] = median(each["cpu_s"] for each in runs)
        rows.append(row)
    return rows


if __name__ == "__main__":
    raise SystemExit(main())
