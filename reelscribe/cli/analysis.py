"""One analysis as the commands run it: where it is done, followed event by event, and whole at its end."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Sequence
from contextlib import aclosing, asynccontextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO, cast

from rich.console import Console

from reelscribe.cli.ports import address_of
from services.common.errors import InvalidInput, NotFound, ReelscribeError

if TYPE_CHECKING:
    from reelscribe.analyst import Analyst
    from reelscribe.cli.lanes import Lanes
    from reelscribe.cli.options import Wanted
    from reelscribe.v1.analysis_pb2 import Report
    from services.common.settings import Settings


NOBODY_THERE = "unavailable"
"""gRPC's own word where no server answered; one that did gives a reason of ours."""


class GatewayAbsent(ReelscribeError):
    """Nobody listens where the gateway should, or the connection broke."""

    reason = "gateway_absent"
    fix = "reelscribe up, or --gateway with the right host:port"

    def __init__(self, gateway: str) -> None:
        super().__init__(f"no gateway answers at {gateway}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """How a command wants its analyses done and shown."""

    settings: Settings
    wanted: Wanted
    gateway: str | None = None
    """host:port; None: the whole system in this process."""
    verbose: bool = False

    @property
    def preparing(self) -> str:
        """What is waited for before the first event."""
        return f"asking {self.gateway}" if self.gateway else "loading models"


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """A report, and what it took here."""

    report: Report
    run: Run
    peak_bytes: int
    """Most memory of this process, media not counted."""
    wall_s: float
    """From the command's wish to the report, models and all."""

    @property
    def lacking(self) -> bool:
        """Something was not looked at as it should be."""
        from reelscribe.report.account import is_lacking

        return is_lacking(self.report, named=self.run.wanted.analyzers)

    def json(self) -> str:
        """The public format."""
        from reelscribe.report.json import to_json

        return to_json(self.report)

    def print_summary(self, stream: TextIO, written: Sequence[Path]) -> None:
        """At a glance. With a gateway the memory was another process's, and is not told."""
        from reelscribe.cli.summary import Here, print_summary
        from services.common.time import seconds

        preparing_s = max(0.0, self.wall_s - seconds(self.report.cost.wall_duration))
        here = None if self.run.gateway else Here(peak_bytes=self.peak_bytes, preparing_s=preparing_s)
        print_summary(Console(file=stream), self.report, here=here, written=written)


async def analyzed(video: Path, job: Run, console: Console | None) -> Done:
    """Analyze one video, with lanes on the console if there is one. Raises ReelscribeError. May be cancelled."""
    from reelscribe.cli.lanes import Silence, lanes
    from reelscribe.cli.memory import PeakMemory

    shown = (
        nullcontext(Silence())
        if console is None
        else lanes(console, video.name, preparing=job.preparing, plain=job.verbose)
    )
    started_s = time.monotonic()
    with PeakMemory() as memory, shown as told:
        async with analyst_at(job) as analyst:
            report = await follow(analyst, video, job.wanted, told)
            wall_s = time.monotonic() - started_s
    return Done(report=report, run=job, peak_bytes=memory.peak_bytes, wall_s=wall_s)


@asynccontextmanager
async def analyst_at(job: Run) -> AsyncIterator[Analyst]:
    """The gateway at host:port, or the whole system in this process with the models that are wanted.

    Raises InvalidInput, InvalidSetting or GatewayAbsent.
    """
    if job.gateway:
        from reelscribe.client import connect

        check_address(job.gateway)
        async with connect(job.gateway) as analyst:
            try:
                yield analyst
            except ReelscribeError as error:
                if error.reason == NOBODY_THERE:
                    raise GatewayAbsent(job.gateway) from error
                raise
    else:
        from reelscribe.embedded import embedded

        wanted = job.wanted
        async with embedded(job.settings, analyzers=wanted.analyzers, asked=wanted.settings) as analyst:
            yield analyst


def check_address(gateway: str) -> None:
    """Raises InvalidInput if it is not host:port."""
    try:
        address_of(gateway)
    except ValueError as error:
        raise InvalidInput(f"--gateway: {error}") from None


async def follow(analyst: Analyst, video: Path, wanted: Wanted, lanes: Lanes) -> Report:
    """Analyze one video, telling `lanes` every event. Raises ReelscribeError."""
    from reelscribe.analyst import Assembler

    assembler = Assembler()
    analysis = analyst.analyze(
        video, analyzers=wanted.analyzers, settings=wanted.settings, deadline_s=wanted.deadline_s
    )
    async with aclosing(cast("Any", analysis)) as events:
        async for event in events:
            assembler.take(event)
            lanes.take(event)
    return assembler.report


def check_video(path: Path) -> None:
    """What can be told without opening it, before models are loaded. Raises NotFound or InvalidInput."""
    if not path.exists():
        raise NotFound(f"there is no file {path}")
    if path.is_dir():
        raise InvalidInput(f"{path} is a directory; `reelscribe batch {path}` analyzes all videos in it")
    if path.stat().st_size == 0:
        raise InvalidInput(f"{path} is empty")
