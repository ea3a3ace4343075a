"""What the gateway and the bus cost: in time, around services that only sleep, and in processor time, in a real run.

Both times through nats-server and processes of their own, beside the embedded mode with its bus in memory.

    python -m bench overhead [--repeat 3] [--real-runs 2]
"""

from __future__ import annotations

import asyncio
import os
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from bench.common import clips
from bench.common.installation import installation, nats_is_here, reached
from bench.common.machine import use_cores
from bench.common.pairs import ratio
from bench.common.runs import Run, analyzed, cost_rows, here, loaded
from bench.common.sheet import Row, Sheet, options
from bench.common.stand_ins import CATALOGUES, SLEEP_S, SLEEP_VARIABLE
from services.common.device import limit_threads

if TYPE_CHECKING:
    from reelscribe.analyst import Analyst
    from reelscribe.v1.analyzer_pb2 import Cost

TINY_SLEEP_S = 1.0
TIME_GOAL = 1.05
SHARE_GOAL = 0.05


def main() -> int:
    """Measure, print, write."""
    parser = options(__doc__.splitlines()[0], repeat=3)
    parser.add_argument("--real-runs", type=int, default=2, help="runs with the real analyzers (default: 2)")
    arguments = parser.parse_args()
    core_count = use_cores(arguments.cores)
    limit_threads(1)
    from services.common.logs import set_up_logs

    set_up_logs("console", "error")
    sheet = Sheet(benchmark="overhead", title="what gateway and bus cost", tiny=arguments.tiny)
    with tempfile.TemporaryDirectory() as folder:
        path = clips.clip(Path(folder), chosen=arguments.clip, tiny=arguments.tiny)
        sleep_s = TINY_SLEEP_S if arguments.tiny else SLEEP_S
        os.environ[SLEEP_VARIABLE] = str(sleep_s)
        sheet.conditions |= {
            "clip": f"{path.name}, {clips.length_of(path):.1f} s",
            "sleepers": f"one of pictures, one of sound, {sleep_s:g} s each from the start of their part; decoding and "
            "laying down go on beside them",
            "warm": "all processes are up and have done one analysis before the first that is measured",
            "excluded": "upload of the file: the gateway reads it from an allowed root",
            "services": "vision and audio; vlm has no weights on a CPU-only machine",
        }
        turns = 1 if arguments.tiny else arguments.repeat
        asyncio.run(_sleepers(sheet, Path(folder), path, core_count, turns, sleep_s))
        if not arguments.tiny and nats_is_here():
            asyncio.run(_real(sheet, Path(folder), path, core_count, arguments.real_runs))
        elif not nats_is_here():
            sheet.note("nats-server is not on PATH: nothing is measured through processes")
    sheet.write(arguments.out)
    return 0


# Time


async def _sleepers(sheet: Sheet, folder: Path, path: Path, core_count: int, turns: int, sleep_s: float) -> None:
    from reelscribe.embedded import embedded
    from services.common.settings import ComputeSettings, MediaSettings, Settings, default_media_directory

    runs: dict[str, list[Run]] = {}
    with tempfile.TemporaryDirectory(dir=default_media_directory().parent) as media:
        settings = Settings(media=MediaSettings(directory=Path(media)), compute=ComputeSettings(cores=core_count))
        async with (
            embedded(settings, catalogue=CATALOGUES["sleepers"]) as local,
            _served(folder, path, core_count) as far,
        ):
            arms = {"embedded, bus in memory": local, **({"processes and NATS": far} if far else {})}
            for analyst in arms.values():
                await analyzed(analyst, path)
            for turn in range(turns):
                for name in list(arms)[:: 1 if turn % 2 == 0 else -1]:
                    runs.setdefault(name, []).append(await analyzed(arms[name], path))
    rows: list[Row] = []
    for name in reversed(runs):
        slowest = [max(_wall_s(result.cost) for result in run.report.results) for run in runs[name]]
        walls = [run.wall_s for run in runs[name]]
        over_slowest, over_sleep = ratio(walls, slowest), ratio(walls, [sleep_s] * len(walls))
        rows.append(
            {
                "road": name,
                "wall_s": median(walls),
                "slowest service as it reports_s": median(slowest),
                "wall / slowest service": f"{over_slowest.median:.4f}",
                "wall / the sleep itself": f"{over_sleep.median:.4f}",
                "runs": len(walls),
            }
        )
        sheet.goal(f"wall / slowest service, {name}", over_slowest.median, "<=", TIME_GOAL)
        sheet.goal(f"wall / {sleep_s:g} s, {name}", over_sleep.median, "<=", TIME_GOAL)
    sheet.table("Services that only sleep, medians", rows)


@asynccontextmanager
async def _served(folder: Path, path: Path, core_count: int) -> AsyncIterator[Analyst | None]:
    """A gateway with sleepers behind it, or None without nats-server."""
    if not nats_is_here():
        yield None
        return
    async with (
        installation(folder / "sleepers", core_count=core_count, clips=path.parent, catalogue="sleepers") as there,
        reached(there) as analyst,
    ):
        yield analyst


# Processor time


async def _real(sheet: Sheet, folder: Path, path: Path, core_count: int, run_count: int) -> None:
    names = here()
    rows: list[Row] = []
    shares: list[float] = []
    async with (
        installation(folder / "real", core_count=core_count, clips=path.parent) as there,
        reached(there) as analyst,
    ):
        ready = await loaded(analyst, names)
        if absent := [name for name in names if name not in ready]:
            sheet.note(f"could not be loaded, so the real run is without: {', '.join(absent)}")
        await analyzed(analyst, path, ready)
        for number in range(run_count):
            before = there.cpu_s()
            run = await analyzed(analyst, path, ready)
            used = {name: after - before[name] for name, after in there.cpu_s().items()}
            rows.append(_share_row(number, used, run))
            shares.append(float(str(rows[-1]["gateway + bus share"])))
    sheet.table("CPU seconds of a real run, by process", rows)
    sheet.table("The last run, by analyzer", cost_rows(run.report))
    sheet.conditions["share"] = (
        "(gateway + nats-server - decoding) / (all processes - decoding); decoding: demux, decode, scale and convert, "
        "as the report counts it; laying down in the media directory counts as the gateway's"
    )
    sheet.goal("gateway and bus, share of CPU without decoding", median(shares), "<=", SHARE_GOAL)


def _share_row(number: int, used: dict[str, float], run: Run) -> Row:
    from services.common.time import seconds

    decoding_s = seconds(run.report.decoding.cpu_duration)
    own_s = used["gateway"] + used["nats-server"] - decoding_s
    total_s = sum(used.values()) - decoding_s
    costs = [*(result.cost for result in run.report.results), *(each.cost for each in run.report.percept_costs)]
    working_s = sum(seconds(cost.cpu_duration) for cost in costs)
    return {
        "run": number + 1,
        "wall_s": run.wall_s,
        **{f"{name}_s": value for name, value in used.items()},
        "decoding_s": decoding_s,
        "gateway + bus without decoding_s": own_s,
        "gateway + bus share": f"{own_s / total_s:.4f}",
        "services beside their analyzers_s": used["vision"] + used["audio"] - working_s,
    }


def _wall_s(cost: Cost) -> float:
    from services.common.time import seconds

    return seconds(cost.wall_duration)


if __name__ == "__main__":
    raise SystemExit(main())
