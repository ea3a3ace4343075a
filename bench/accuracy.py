"""How right each analyzer is, beside the best standalone tool on the same clips; "unmeasured" where there is no truth.

No time is taken here. What an analyzer says comes from the whole road (embedded), except for photos and colours, which
are given to it as pixels. Nothing is tuned by this script; the clips are named, and so is what counts as right.

    python -m bench accuracy [--only cuts,text,gaze]
"""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

from bench.common import clips
from bench.common.machine import use_cores
from bench.common.runs import embedded_here, here, loaded
from bench.common.sheet import Row, Sheet, markdown, options
from bench.judged import (
    ages,
    calls,
    camera,
    checks,
    colors,
    composition,
    cuts,
    delivery,
    effects,
    emotions,
    flow,
    gaze,
    loudness,
    objects,
    poses,
    products,
    quality,
    regions,
    scenes,
    single_sounds,
    sounds,
    speakers,
    speech,
    texts,
)
from bench.judged.case import Judgement, Material, unmeasured
from services.common.device import limit_threads

JUDGES: dict[str, tuple[str, Callable[[Material], Awaitable[list[Judgement]]]]] = {
    "cuts": (cuts.NAME, cuts.judge),
    "scenes": (scenes.NAME, scenes.judge),
    "camera": (camera.NAME, camera.judge),
    "effects": (effects.NAME, effects.judge),
    "objects": (objects.NAME, objects.judge),
    "products": (products.NAME, products.judge),
    "poses": (poses.NAME, poses.judge),
    "gaze": (gaze.NAME, gaze.judge),
    "ages": (ages.NAME, ages.judge),
    "emotions": (emotions.NAME, emotions.judge),
    "text": (texts.NAME, texts.judge),
    "regions": (regions.NAME, regions.judge),
    "composition": (composition.NAME, composition.judge),
    "colors": (colors.NAME, colors.judge),
    "quality": (quality.NAME, quality.judge),
    "speech": (speech.NAME, speech.judge),
    "speakers": (speakers.NAME, speakers.judge),
    "loudness": (loudness.NAME, loudness.judge),
    "rate": (delivery.RATE, delivery.judge_rate),
    "flow": (delivery.FLOW, delivery.judge_flow),
    "sounds": (sounds.NAME, sounds.judge),
    "single_sounds": (single_sounds.NAME, single_sounds.judge),
    "calls": (calls.NAME, calls.judge),
    "story": (flow.NAME, flow.judge),
    "checks": (checks.NAME, checks.judge),
}
"""Part -> analyzer, and who judges it; in the report's order."""

READ = {calls.NAME: calls.READS, flow.NAME: flow.READS, checks.NAME: checks.READS}
"""Insights, which look at nothing themselves -> the analyzers whose findings they are judged on."""

COLUMNS = ("analyzer", "measure", "ours", "standalone", "tool", "clips")


def main() -> int:
    """Measure, print, write the JSON and the README's table."""
    parser = options(__doc__.splitlines()[0], repeat=1)
    parser.add_argument("--only", default=",".join(JUDGES), help=f"parts (default: {','.join(JUDGES)})")
    arguments = parser.parse_args()
    parts = arguments.only.split(",")
    for part in parts:
        if part not in JUDGES:
            parser.error(f"there is no part {part!r}; there are {', '.join(JUDGES)}")
    core_count = use_cores(arguments.cores)
    limit_threads(1)
    from services.common.logs import set_up_logs

    set_up_logs("console", "error")
    sheet = Sheet(benchmark="accuracy", title="how right each analyzer is", tiny=arguments.tiny)
    sheet.conditions |= {
        "weights": "the lite profile's; the standalone tools run the same ones where they are the same model",
        "our arm": "embedded, default settings",
        "standalone": "the best of the tools tried on the same clips, default settings",
    }
    with tempfile.TemporaryDirectory() as folder:
        judgements = asyncio.run(_judged(parts, Path(folder), core_count, arguments.tiny))
    if not arguments.tiny:
        why = "no weights of it on a machine without a GPU"
        judgements.append(unmeasured("qwen2_vl_temporal", "descriptions", why))
    rows = [_row(each) for each in judgements]
    sheet.table("Accuracy", rows)
    sheet.write(arguments.out)
    table = arguments.out / "accuracy.md"
    table.write_text(markdown(COLUMNS, rows) + "\n")
    print(f"written: {table}")
    return 0


async def _judged(parts: Sequence[str], folder: Path, core_count: int, tiny: bool) -> list[Judgement]:
    wanted = {part: judge for part, judge in JUDGES.items() if part in parts}
    names = here(list(dict.fromkeys(each for name, _ in wanted.values() for each in READ.get(name, (name,)))))
    found: list[Judgement] = []
    async with embedded_here(core_count, names) as analyst:
        ready = await loaded(analyst, names)
        data = clips.test_data()
        material = Material(
            analyst=analyst, ready=ready, media=data / "media" if data else None, folder=folder, tiny=tiny
        )
        for name, judge in wanted.values():
            if set(READ.get(name, (name,))) <= set(ready):
                found += await judge(material)
            else:
                found.append(unmeasured(name, "everything", "its weights or library are not installed"))
    return found


def _row(each: Judgement) -> Row:
    return {
        **{column: getattr(each, column) for column in COLUMNS},
        "ours_value": each.ours_value,
        "standalone_value": each.standalone_value,
    }


if __name__ == "__main__":
    raise SystemExit(main())
