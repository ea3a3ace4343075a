"""`python -m bench.common.arm_process JSON`: the process behind an Arm; a line of JSON in, a line of JSON out."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, TextIO

from bench.common.pairs import spent


def main() -> None:
    """Load, say so, and answer until stdin ends."""
    told = json.loads(sys.argv[1])
    # Libraries print to stdout what they like; the answers have a way of their own.
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    if told["kind"] == "ours":
        asyncio.run(_ours(told["core_count"], told["analyzers"], answers))
    else:
        _standalone(told["threads"], told["tools"], answers)


async def _ours(core_count: int, names: Sequence[str], answers: TextIO) -> None:
    """Requests: {"path"}."""
    from services.common.device import limit_threads

    limit_threads(1)
    from bench.common.runs import analyzed, cost_rows, embedded_here, loaded
    from services.common.logs import set_up_logs
    from services.common.time import seconds

    set_up_logs("console", "error")
    async with embedded_here(core_count, names) as analyst:
        ready = await loaded(analyst, names)
        _say(answers, {"analyzers": ready})
        while line := await asyncio.to_thread(sys.stdin.readline):
            run = await analyzed(analyst, Path(json.loads(line)["path"]), ready)
            report = run.report
            _say(
                answers,
                {
                    "wall_s": run.wall_s,
                    "cpu_s": run.cpu_s,
                    "video_s": seconds(report.video.duration),
                    "decoded_count": report.decoding.decoded_frame_count,
                    "displayed_count": report.decoding.displayed_frame_count,
                    "first_finding_s": run.first_finding_s,
                    "costs": cost_rows(report),
                },
            )


def _standalone(threads: int | None, names: Mapping[str, str], answers: TextIO) -> None:
    """`names`: job -> class of the tool. Requests: {"job", "path"}."""
    from bench.common.jobs import SETS

    kinds = {kind.__name__: kind for each in SETS.values() for candidates in each.tools for kind in candidates}
    tools = {job: kinds[name](threads) for job, name in names.items()}
    _say(answers, {"tools": {job: tool.name for job, tool in tools.items()}})
    for line in sys.stdin:
        request = json.loads(line)
        with spent() as used:
            result = tools[request["job"]].run(Path(request["path"]))
        _say(answers, {"wall_s": used.wall_s, "cpu_s": used.cpu_s, "result_count": len(result)})
    for tool in tools.values():
        tool.close()


def _say(answers: TextIO, answer: dict[str, Any]) -> None:
    answers.write(json.dumps(answer) + "\n")
    answers.flush()


if __name__ == "__main__":
    main()
