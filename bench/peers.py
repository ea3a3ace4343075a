"""A whole set of analyzers in one call, against the same jobs by the standalone tools, run in turn.

Every arm is a process of its own with its models loaded and warmed up on the clip's first seconds; one arm works at a
time, the others wait. The standalone tools run in several ways: capped to the cores that our arm may use, with the
threads their libraries choose themselves, and for CPU seconds also with one thread, which wastes none on waiting. Each
opens the file itself, as it would alone.

    python -m bench peers [--set six|vision] [--repeat 2] [--natural-runs 1]
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from bench.common import clips
from bench.common.arm import Arm
from bench.common.jobs import SETS, JobSet, analyzers_of, tools_of
from bench.common.machine import use_cores
from bench.common.pairs import Ratio
from bench.common.sheet import Row, Sheet, options
from services.common.device import limit_threads

OURS, CAPPED, NATURAL = "reelscribe", "standalone, threads = cores", "standalone, own defaults"
SINGLE = "standalone, one thread"
ARMS = {"six": (CAPPED, NATURAL), "vision": (CAPPED, SINGLE, NATURAL)}
"""Set -> ways in which the tools run; the first takes every turn, the others `--natural-runs` of them."""

WARM_UP_S = 3.0
WALL_GOAL = 1.0
PEERS_GOAL = 2.0
CPU_GOAL = 0.5

Answer = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What the arms said."""

    set_name: str
    done: Mapping[str, Sequence[Answer]]
    """Arm -> its turns."""
    tools: Mapping[str, str]
    """Job -> tool and version."""
    ready: Sequence[str]
    """The analyzers of our arm."""


def main() -> int:
    """Measure, print, write: `peers.json`, or `peers_vision.json`."""
    parser = options(__doc__.splitlines()[0], repeat=2)
    parser.add_argument("--set", default="six", choices=SETS, help="which jobs (default: six)")
    parser.add_argument("--natural-runs", type=int, default=1, help="turns of the ways but the first (default: 1)")
    parser.add_argument("--jobs", default="", help="these of the set only, separated by commas")
    arguments = parser.parse_args()
    core_count = use_cores(arguments.cores)
    limit_threads(1)
    chosen = SETS[arguments.set]
    name = "peers" if arguments.set == "six" else f"peers_{arguments.set}"
    sheet = Sheet(benchmark=name, title=chosen.title, tiny=arguments.tiny)
    tools, notes = tools_of(chosen, arguments.jobs.split(",") if arguments.jobs else ())
    analyzers = analyzers_of(chosen, tools, all_jobs=not arguments.jobs)
    sheet.notes += [*notes, *_absent(chosen, analyzers, everything=not arguments.jobs)]
    turns, other_turns = (1, 1) if arguments.tiny else (arguments.repeat, arguments.natural_runs)
    with tempfile.TemporaryDirectory() as folder:
        path = clips.clip(Path(folder), chosen=arguments.clip, tiny=arguments.tiny, tiny_s=1.0)
        short = clips.lengthened(path, Path(folder) / "short.mp4", WARM_UP_S)
        names = {job: tool.__name__ for job, tool in tools.items()}
        counts = {arm: turns if arm == CAPPED else other_turns for arm in ARMS[arguments.set]}
        measured = _compare(arguments.set, path, short, analyzers, names, core_count, turns, counts)
    _fill(sheet, path, measured, core_count)
    sheet.write(arguments.out)
    return 0


def _absent(chosen: JobSet, analyzers: Sequence[str], *, everything: bool) -> list[str]:
    absent = [name for name in chosen.analyzers if name not in analyzers]
    return [f"not in our arm: {', '.join(absent)}"] if everything and absent else []


def _compare(
    set_name: str,
    path: Path,
    short: Path,
    analyzers: Sequence[str],
    tools: Mapping[str, str],
    core_count: int,
    turns: int,
    counts: Mapping[str, int],
) -> Measured:
    threads = {CAPPED: core_count, SINGLE: 1, NATURAL: None}
    with ExitStack() as stack:
        ours = stack.enter_context(Arm("ours", core_count=core_count, threads=1, analyzers=list(analyzers)))
        standing = {
            name: stack.enter_context(
                Arm("standalone", core_count=core_count, threads=threads[name], tools=dict(tools))
            )
            for name in counts
        }
        ours.ask(path=str(short))
        for arm in standing.values():
            _in_turn(arm, short, list(tools))
        done: dict[str, list[Answer]] = {}
        for turn in range(turns):
            names = [OURS, *(name for name, count in counts.items() if turn < count)]
            for name in names[:: 1 if turn % 2 == 0 else -1]:
                answer = ours.ask(path=str(path)) if name == OURS else _in_turn(standing[name], path, list(tools))
                done.setdefault(name, []).append(answer)
        return Measured(
            set_name=set_name, done=done, tools=standing[CAPPED].ready["tools"], ready=ours.ready["analyzers"]
        )


def _in_turn(arm: Arm, path: Path, jobs: Sequence[str]) -> Answer:
    by_job = {job: arm.ask(job=job, path=str(path)) for job in jobs}
    return {
        "wall_s": sum(each["wall_s"] for each in by_job.values()),
        "cpu_s": sum(each["cpu_s"] for each in by_job.values()),
        "jobs": by_job,
    }


def _fill(sheet: Sheet, path: Path, measured: Measured, core_count: int) -> None:
    done = measured.done
    last = done[OURS][-1]
    video_s = last["video_s"]
    sheet.conditions |= {
        "clip": f"{path.name}, {video_s:.2f} s, {last['displayed_count']} frames",
        "our arm": f"embedded, {len(measured.ready)}: {', '.join(measured.ready)}; "
        f"{core_count} model calls of one thread at a time",
        "their arm": [f"{job}: {name}" for job, name in measured.tools.items()],
        "not in their arm": SETS[measured.set_name].without_tool,
        "cpu_s": "user and system time of all threads, and of the ffmpeg that a tool starts",
        "warm": f"all models loaded, {WARM_UP_S:g} s of the clip done by every arm before the first that is measured",
        "runs": ", ".join(f"{name}: {len(runs)}" for name, runs in done.items()),
        "excluded": "starting processes, importing, loading models",
    }
    sheet.table("Whole jobs, medians", [_whole(name, runs, video_s) for name, runs in done.items()])
    sheet.table("The standalone tools, medians", _by_job(done, measured.tools))
    sheet.table("Our last run, by analyzer", last["costs"])
    if measured.set_name != "six":
        sheet.table("Where our CPU seconds go, medians, largest first", _by_cost(done[OURS]))
    sheet.goal("our wall / clip length", median(each["wall_s"] / video_s for each in done[OURS]), "<=", WALL_GOAL)
    for name in ARMS[measured.set_name]:
        if name not in done:
            continue
        if measured.set_name == "six":
            times = _ratio(done[name], done[OURS], "wall_s")
            sheet.note(f"{name} / ours, wall: {times}")
            sheet.goal(f"wall of {name} / ours", times.median, ">=", PEERS_GOAL)
        else:
            shares = _ratio(done[OURS], done[name], "cpu_s")
            sheet.note(f"ours / {name}, CPU: {shares}; wall: {_ratio(done[OURS], done[name], 'wall_s')}")
            sheet.goal(f"CPU seconds, ours / {name}", shares.median, "<=", CPU_GOAL)


def _whole(name: str, runs: Sequence[Answer], video_s: float) -> Row:
    return {
        "arm": name,
        "wall_s": median(each["wall_s"] for each in runs),
        "cpu_s": median(each["cpu_s"] for each in runs),
        "wall / clip length": median(each["wall_s"] for each in runs) / video_s,
    }


def _ratio(above: Sequence[Answer], below: Sequence[Answer], figure: str) -> Ratio:
    """Of the turns in which both ran."""
    each = [one[figure] / other[figure] for one, other in zip(above, below, strict=False)]
    return Ratio(median=median(each), lowest=min(each), highest=max(each))


def _by_job(done: Mapping[str, Sequence[Answer]], tools: Mapping[str, str]) -> list[Row]:
    rows: list[Row] = []
    for job, tool in tools.items():
        row: dict[str, str | float] = {"job": job, "tool": tool}
        for name in (CAPPED, SINGLE, NATURAL):
            runs = [each["jobs"][job] for each in done.get(name, [])]
            if runs:
                row[f"{name.partition(', ')[2]}: wall_s"] = median(each["wall_s"] for each in runs)
                row[f"{name.partition(', ')[2]}: cpu_s"] = median(each["cpu_s"] for each in runs)
        rows.append(row)
    return rows


def _by_cost(runs: Sequence[Answer]) -> list[Row]:
    """Each analyzer, percept and the decoding; what no thread of theirs used is the rest."""
    whole_s = median(each["cpu_s"] for each in runs)
    used_s = {
        row["who"]: median(other["cpu_s"] for each in runs for other in each["costs"] if other["who"] == row["who"])
        for row in runs[-1]["costs"]
    }
    used_s["(rest: bus, laying down, merging)"] = max(0.0, whole_s - sum(used_s.values()))
    return [
        {"who": who, "cpu_s": cpu_s, "share of all": f"{cpu_s / whole_s:.1%}"}
        for who, cpu_s in sorted(used_s.items(), key=lambda item: -item[1])
    ]


if __name__ == "__main__":
    raise SystemExit(main())
