"""How long until the first finding of a 30 s clip, of the time the whole report takes; embedded, all CPU analyzers.

Warm: the models are loaded and have run. Cold: from the start of a new process, imports and models among it, printed
apart; files are in the page cache in both.

    python -m bench first_finding [--repeat 3]
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import aclosing
from pathlib import Path
from statistics import median
from typing import Any

from bench.common import clips
from bench.common.machine import use_cores
from bench.common.pairs import ratio
from bench.common.runs import Run, analyzed, cost_rows, embedded_here, here, loaded
from bench.common.sheet import Row, Sheet, options
from services.common.device import limit_threads

LENGTH_S = 30.0
TINY_S = 2.0
WARM_UP_S = 3.0
COLD_STARTS = 2
GOAL = 0.2


def main() -> int:
    """Measure, print, write."""
    parser = options(__doc__.splitlines()[0], repeat=3)
    parser.add_argument("--analyzers", default="", help="these only (a,b)")
    parser.add_argument("--cold", type=Path, help="(internal) print when the first finding of this clip came")
    arguments = parser.parse_args()
    core_count = use_cores(arguments.cores)
    limit_threads(1)
    from services.common.logs import set_up_logs

    set_up_logs("console", "error")
    names = arguments.analyzers.split(",") if arguments.analyzers else here()
    if arguments.cold:
        asyncio.run(_cold(arguments.cold, core_count, names))
        return 0
    sheet = Sheet(benchmark="first_finding", title="time to the first finding", tiny=arguments.tiny)
    with tempfile.TemporaryDirectory() as text:
        folder = Path(text)
        source = clips.clip(folder, chosen=arguments.clip, tiny=arguments.tiny)
        path = clips.lengthened(source, folder / "clip.mp4", TINY_S if arguments.tiny else LENGTH_S)
        short = clips.lengthened(source, folder / "short.mp4", min(TINY_S, WARM_UP_S))
        turns, starts = (1, 1) if arguments.tiny else (arguments.repeat, COLD_STARTS)
        cold = [_started_cold(path, core_count, names) for _ in range(starts)]
        runs, ready = asyncio.run(_warm(path, short, core_count, names, turns))
    sheet.conditions |= {
        "clip": f"{source.name}, its packets repeated or cut to {clips_length(runs):.1f} s",
        "analyzers": ", ".join(ready),
        "warm": "models loaded, one analysis of 2 s done before the first that is measured",
        "counted": "from the call to the first finding event, and to the report; first finding of any analyzer",
    }
    if absent := [name for name in names if name not in ready]:
        sheet.note(f"could not be loaded: {', '.join(absent)}")
    _fill(sheet, runs, cold)
    sheet.write(arguments.out)
    return 0


def clips_length(runs: Sequence[Run]) -> float:
    """Seconds of video, as the report measured it."""
    from services.common.time import seconds

    return seconds(runs[0].report.video.duration)


async def _warm(
    path: Path, short: Path, core_count: int, names: Sequence[str], turns: int
) -> tuple[list[Run], list[str]]:
    async with embedded_here(core_count, names) as analyst:
        ready = await loaded(analyst, names)
        await analyzed(analyst, short, ready)
        return [await analyzed(analyst, path, ready) for _ in range(turns)], ready


def _started_cold(path: Path, core_count: int, names: Sequence[str]) -> dict[str, Any]:
    """Seconds since the process was asked for; clocks of both processes are the same one."""
    options_ = ["--cold", str(path), "--cores", str(core_count), "--analyzers", ",".join(names)]
    started_s = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-m", "bench.first_finding", *options_], check=True, stdout=subprocess.PIPE, text=True
    )
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return {
        "models loaded_s": told["loaded_s"] - started_s,
        "first finding_s": told["first_finding_s"] - started_s if told["first_finding_s"] else None,
        "which": told["which"],
    }


async def _cold(path: Path, core_count: int, names: Sequence[str]) -> None:
    """What a person sees who starts the program on a clip; ended at the first finding."""
    first_s, which = None, ""
    async with embedded_here(core_count, names) as analyst:
        await loaded(analyst, names)
        loaded_s = time.monotonic()
        async with aclosing(analyst.analyze(path, analyzers=names)) as events:  # type: ignore[type-var]
            async for event in events:
                if event.HasField("finding"):
                    first_s, which = time.monotonic(), f"{event.finding.analyzer}: {event.finding.finding.label}"
                    break
    print(json.dumps({"loaded_s": loaded_s, "first_finding_s": first_s, "which": which}), flush=True)


def _fill(sheet: Sheet, runs: Sequence[Run], cold: Sequence[dict[str, Any]]) -> None:
    found = [run for run in runs if run.first_finding_s is not None]
    rows: list[Row] = [
        {
            "run": number + 1,
            "first finding_s": run.first_finding_s,
            "total_s": run.wall_s,
            "first / total": run.first_finding_s / run.wall_s if run.first_finding_s is not None else None,
            "which": run.first_finding,
        }
        for number, run in enumerate(runs)
    ]
    sheet.table("Warm", rows)
    if found:
        share = ratio([run.first_finding_s or 0.0 for run in found], [run.wall_s for run in found])
        sheet.goal("first finding / total, warm", share.median, "<=", GOAL)
    else:
        sheet.goal("first finding / total, warm", None, "<=", GOAL)
        sheet.note("nothing was found in this clip")
    sheet.table(
        "Cold: from the start of a new process", [{"start": number + 1, **each} for number, each in enumerate(cold)]
    )
    firsts = [each["first finding_s"] for each in cold if each["first finding_s"] is not None]
    if firsts:
        sheet.conditions["cold start to first finding_s"] = round(median(firsts), 2)
    sheet.table("The last warm run, by analyzer", cost_rows(runs[-1].report))


if __name__ == "__main__":
    raise SystemExit(main())
