"""Many analyses, one after another and side by side, left and cancelled at any moment: nothing stays behind."""

from __future__ import annotations

import asyncio
import gc
import os
import random
import threading
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from reelscribe.analyst import Assembler
from reelscribe.embedded import embedded
from reelscribe.v1.analysis_pb2 import Report
from reelscribe.v1.analyzer_pb2 import Status
from services.common.errors import AnalysisCancelled
from services.common.settings import GatewaySettings, MediaSettings, Settings
from tests import fakes
from tests.clips import Pictures, Sound, clicks, every, write_clip
from tests.waiting import until

LENGTH_S = 6.0
CATALOGUE = {
    "vision": [
        fakes.Seconds,
        fakes.Counting,
        fakes.CountingToo,
        fakes.Failing,
        fakes.Lazy,
        fakes.UsingBroken,
        fakes.Weightless,
    ],
    "audio": [fakes.Loud],
    "vlm": [fakes.Silent],
}
NAMES = {kind.name for kinds in CATALOGUE.values() for kind in kinds} | {"FrameCount", "BrokenPercept"}

ENDINGS = ("whole", "whole", "left", "cancelled", "stopped", "late")


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    sound = Sound(blocks=[(0.0, clicks([0.5], LENGTH_S))])
    path = tmp_path_factory.mktemp("stress") / "clip.mkv"
    return write_clip(path, Pictures(times_s=every(10, LENGTH_S), rate_hz=10), sound)


@dataclass
class House:
    """The embedded system, and what it holds."""

    analyses: Any
    media: Path

    def holdings(self) -> dict[str, object]:
        """What must be nothing once nobody analyzes."""
        bus = self.analyses._shop.bus
        maps = Path("/proc/self/maps").read_text()
        return {
            "segments": [path.name for path in self.media.iterdir() if path.suffix != ".lock"],
            "bytes": self.analyses.store.used_bytes,
            "reserved": self.analyses._shop.budget._reserved_bytes,
            "running": len(self.analyses._running) + self.analyses._admitted_count,
            "gatherings": len(bus._gatherings),
            "media logs": len(bus._media),
            "tasks": sum(len(queue) + len(queue._pulled) for queue in bus._queues.values()),
            "threads": [thread.name for thread in threading.enumerate() if thread.name in NAMES],
            "decoders": [thread.name for thread in threading.enumerate() if thread.name.startswith("decode")],
            "mapped": [line for line in maps.splitlines() if str(self.media) in line],
        }


@asynccontextmanager
async def house(folder: Path, **gateway: object) -> AsyncIterator[House]:
    settings = Settings(
        media=MediaSettings(directory=folder / "media", budget_bytes=20 << 20),
        gateway=GatewaySettings(part_s=2.0, sample_part_s=3.0, lead_in_s=1.0, **gateway),  # type: ignore[arg-type]
    )
    async with embedded(settings, catalogue=CATALOGUE) as analyses:
        yield House(analyses=analyses, media=settings.media.directory)


async def analyzed(here: House, clip: Path, ending: str, chance: random.Random) -> Report | None:
    """One analysis that ends in this way, at a moment that chance chooses."""
    assembler = Assembler()
    deadline_s = chance.uniform(0.001, 0.2) if ending == "late" else None
    async with aclosing(here.analyses.analyze(clip, deadline_s=deadline_s)) as events:
        left, analysis_id = chance.randrange(1, 40), ""
        try:
            async for event in events:
                assembler.take(event)
                analysis_id = event.accepted.analysis_id or analysis_id
                left -= 1
                if left == 0 and ending == "left":
                    return None
                if left == 0 and ending == "stopped":
                    here.analyses.cancel(analysis_id)
        except AnalysisCancelled:
            return None
    return assembler.report


async def tried(here: House, clip: Path, chance: random.Random) -> None:
    ending = chance.choice(ENDINGS)
    task = asyncio.create_task(analyzed(here, clip, ending, chance))
    if ending == "cancelled":
        await asyncio.sleep(chance.uniform(0, 0.3))
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        return
    report = await task
    if ending == "whole" and report is not None:
        check(report)


def check(report: Report) -> None:
    """Beside analyses that are cancelled, a whole one is whole."""
    results = {result.analyzer: result for result in report.results}
    assert len(results["seconds"].findings) == LENGTH_S
    assert results["seconds"].coverage.received_count == results["seconds"].coverage.offered_count == LENGTH_S * 10
    assert results["counting"].status == results["loud"].status == Status.STATUS_OK
    assert results["silent"].status == Status.STATUS_EMPTY
    assert results["failing"].status == Status.STATUS_FAILED
    assert results["weightless"].status == Status.STATUS_SKIPPED


async def nothing_is_held(here: House) -> None:
    """Replicas may take a moment to hear that their task is over."""
    try:
        await until(lambda: not any(here.holdings().values()), within_s=60)
    except TimeoutError:
        assert {name: held for name, held in here.holdings().items() if held} == {}


def files() -> int:
    return len(os.listdir("/proc/self/fd"))


async def test_thirty_in_a_row_leave_nothing(tmp_path: Path, clip: Path):
    chance = random.Random(1)
    async with house(tmp_path) as here, asyncio.timeout(240):
        await tried(here, clip, random.Random(0))
        gc.collect()
        before = files()
        for _ in range(30):
            await tried(here, clip, chance)
        await nothing_is_held(here)
        check(await whole(here, clip, chance))
        gc.collect()
        assert files() <= before + 2
    assert list((tmp_path / "media").iterdir()) == []


async def whole(here: House, clip: Path, chance: random.Random) -> Report:
    report = await analyzed(here, clip, "whole", chance)
    assert report is not None
    return report


async def test_four_at_a_time_leave_nothing(tmp_path: Path, clip: Path):
    chance = random.Random(2)
    async with house(tmp_path, analyses_in_flight=4) as here, asyncio.timeout(240):
        for _ in range(5):
            await asyncio.gather(*(tried(here, clip, random.Random(chance.random())) for _ in range(4)))
        await nothing_is_held(here)
        check(await whole(here, clip, chance))
    assert list((tmp_path / "media").iterdir()) == []


async def test_with_a_single_thread_in_the_pool_and_a_single_part_in_flight(tmp_path: Path, clip: Path):
    """The smallest machine, and the least room."""
    asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(1))
    async with house(tmp_path, analyses_in_flight=3, parts_in_flight=1) as here, asyncio.timeout(240):
        for report in await asyncio.gather(*(whole(here, clip, random.Random(0)) for _ in range(3))):
            check(report)
        await nothing_is_held(here)


async def test_leaving_the_house_ends_what_is_in_progress(tmp_path: Path, clip: Path):
    before = {thread.name for thread in threading.enumerate()}
    async with house(tmp_path) as here:
        events = here.analyses.analyze(clip)
        await anext(events)
        await events.aclose()
    assert list((tmp_path / "media").iterdir()) == []
    assert {thread.name for thread in threading.enumerate()} & NAMES <= before
