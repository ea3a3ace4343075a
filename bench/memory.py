"""Memory over a 240 s clip, against over a 120 s clip: all processes and the media directory, parts of 60 s.

Each measurement has new processes. By default the analyzers only read every byte of what the real ones are given: with
no models in memory, what grows with the clip's length shows the most, and a clip takes no longer than decoding it. With
`--real` the analyzers are the real ones, at a pace of about a second for a second.

    python -m bench memory [--repeat 1] [--real]
"""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from bench.common import clips
from bench.common.footprint import SAMPLE_S, Footprint, Sample
from bench.common.installation import installation, nats_is_here, reached
from bench.common.machine import use_cores
from bench.common.pairs import ratio
from bench.common.runs import analyzed, here
from bench.common.sheet import Row, Sheet, options
from services.common.device import limit_threads

LENGTHS_S = (120.0, 240.0)
TINY_LENGTHS_S = (2.0, 4.0)
PART_S = 60.0
GOAL = 1.1
MIB = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """One clip, from new processes to their end."""

    length_s: float
    wall_s: float
    idle: Sample
    peak: Sample
    peak_media_bytes: int
    peak_process_bytes: int
    reported_media_bytes: int
    part_count: int
    frame_count: int
    sample_count: int


def main() -> int:
    """Measure, print, write."""
    parser = options(__doc__.splitlines()[0], repeat=1)
    parser.add_argument("--real", action="store_true", help="the real analyzers: some 7 minutes on 2 cores")
    parser.add_argument("--analyzers", default="", help="with --real: these only (a,b)")
    arguments = parser.parse_args()
    core_count = use_cores(arguments.cores)
    limit_threads(1)
    names = arguments.analyzers.split(",") if arguments.analyzers else here()
    sheet = Sheet(benchmark="memory", title="memory against the clip's length", tiny=arguments.tiny)
    sheet.conditions |= {
        "counted": "PSS of nats-server, gateway, vision and audio without Pss_Shmem, plus the media directory, plus "
        f"what was unlinked there and is still mapped; every {SAMPLE_S:g} s",
        "not counted": "the page cache of the clip, and this process",
        "warm": "nothing: new processes for each clip; models (if any) are loaded before the first sample",
        "parts": f"{PART_S:g} s, 2 in flight",
        "analyzers": ", ".join(names) if arguments.real else "read every byte, find one thing a second, no models",
    }
    if nats_is_here():
        _measure(sheet, arguments.clip, core_count, names if arguments.real else (), arguments.tiny, arguments.repeat)
    else:
        sheet.note("nats-server is not on PATH: nothing was measured")
    sheet.write(arguments.out)
    return 0


def _measure(
    sheet: Sheet, chosen: Path | None, core_count: int, names: Sequence[str], tiny: bool, repeat_count: int
) -> None:
    lengths_s = TINY_LENGTHS_S if tiny else LENGTHS_S
    measured: dict[float, list[Measured]] = {length_s: [] for length_s in lengths_s}
    with tempfile.TemporaryDirectory() as folder:
        source = clips.clip(Path(folder), chosen=chosen, tiny=tiny)
        paths = {
            length_s: clips.lengthened(source, Path(folder) / f"{length_s:g}s.mp4", length_s) for length_s in lengths_s
        }
        sheet.conditions["clips"] = f"{source.name}, its packets repeated to {' and '.join(map(str, lengths_s))} s"
        for turn in range(1 if tiny else repeat_count):
            for length_s in lengths_s[:: 1 if turn % 2 == 0 else -1]:
                part_s = length_s / 2 if tiny else PART_S
                root = Path(tempfile.mkdtemp(dir=folder))
                measured[length_s].append(asyncio.run(_one(root, paths[length_s], length_s, core_count, names, part_s)))
    _fill(sheet, measured)


async def _one(
    folder: Path, path: Path, length_s: float, core_count: int, names: Sequence[str], part_s: float
) -> Measured:
    from services.common.time import seconds

    catalogue = "" if names else "readers"
    variables = {"REELSCRIBE_GATEWAY__PART_S": str(part_s)}
    async with (
        installation(
            folder, core_count=core_count, clips=path.parent, catalogue=catalogue, environment=variables
        ) as there,
        reached(there) as analyst,
    ):
        await analyst.analyzers()
        with Footprint(dict(there.processes), there.media_directory) as footprint:
            run = await analyzed(analyst, path, names)
    report = run.report
    return Measured(
        length_s=length_s,
        wall_s=run.wall_s,
        idle=footprint.samples[0],
        peak=footprint.peak,
        peak_media_bytes=footprint.peak_media_bytes,
        peak_process_bytes=footprint.peak_process_bytes,
        reported_media_bytes=report.decoding.peak_media_bytes,
        part_count=-(-int(seconds(report.video.duration)) // int(part_s)),
        frame_count=report.decoding.displayed_frame_count,
        sample_count=len(footprint.samples),
    )


def _fill(sheet: Sheet, measured: dict[float, list[Measured]]) -> None:
    from services.common.settings import MediaSettings

    budget_bytes = MediaSettings().budget_bytes
    rows: list[Row] = [_row(each) for done in measured.values() for each in done]
    sheet.table("Each measurement", rows)
    short, long = measured.values()
    grown = ratio([each.peak.total_bytes for each in long], [each.peak.total_bytes for each in short])
    processes = ratio([each.peak_process_bytes for each in long], [each.peak_process_bytes for each in short])
    lengths = " / ".join(f"{length_s:g} s" for length_s in reversed(measured))
    sheet.table(
        "Peaks",
        [
            {"of": "processes and media", lengths: str(grown)},
            {"of": "processes alone", lengths: str(processes)},
        ],
    )
    sheet.goal(f"peak memory, {lengths}", grown.median, "<=", GOAL)
    sheet.goal(f"peak memory of the processes alone, {lengths}", processes.median, "<=", GOAL)
    fullest = max(each.peak_media_bytes for done in measured.values() for each in done)
    sheet.goal("media directory / its budget", fullest / budget_bytes, "<=", 1.0)
    held = median(
        each.peak_media_bytes / max(1, each.reported_media_bytes) for done in measured.values() for each in done
    )
    sheet.note(
        f"media seen in the directory and mappings is {held:.2f} times what the report calls its peak: what services "
        "still map after the gateway has let go counts here"
    )


def _row(each: Measured) -> Row:
    return {
        "clip_s": each.length_s,
        "wall_s": each.wall_s,
        "frames": each.frame_count,
        "parts": each.part_count,
        "idle processes_MiB": sum(each.idle.processes.values()) / MIB,
        "peak total_MiB": each.peak.total_bytes / MIB,
        **{f"{name}_MiB": size / MIB for name, size in each.peak.processes.items()},
        "media_MiB": each.peak.media_bytes / MIB,
        "peak media_MiB": each.peak_media_bytes / MIB,
        "at_s": each.peak.at_s,
        "samples": each.sample_count,
    }


if __name__ == "__main__":
    raise SystemExit(main())
