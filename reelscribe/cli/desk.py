"""The work of a batch: clip after clip, each tried, written down, and never in the way of the next."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from reelscribe.analyst import Analyst
from reelscribe.cli.analysis import Run, check_video, follow
from reelscribe.cli.batch_view import BatchView
from reelscribe.cli.clips import Clip
from reelscribe.cli.directory import Directory
from reelscribe.cli.files import write_whole
from reelscribe.cli.ledger import Entry, Ledger, entry_of, standing
from reelscribe.report.account import is_lacking, lacks, price
from reelscribe.report.clock import clock
from reelscribe.report.json import to_json
from reelscribe.v1.analysis_pb2 import Report
from services.common.errors import InvalidInput, NotFound, ReelscribeError, TooMuch
from services.common.weights import file_sha256

GIVE_UP_COUNT = 3
"""So many clips in a row that could not be tried at all: the gateway is gone, not the clips bad."""

PATIENCE_COUNT = 60
"""How often a gateway that has too much to do is asked again for one clip; at 5 s each, five minutes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where reports go, whether clips whose report stands are analyzed again, and what else each becomes."""

    directory: Path
    again: bool
    pages: Directory | None = None
    """How each clip's own directory is written, beside its report. None: there is none."""


@dataclass(slots=True, kw_only=True)
class Desk:
    """Where clips are worked on. `names`: the analyzers a report must have."""

    analyst: Analyst
    names: Sequence[str]
    job: Run
    place: Place
    ledger: Ledger
    view: BatchView
    well: bool = field(default=True, init=False)
    """No clip has failed or is lacking."""
    _untried_count: int = field(default=0, init=False)

    async def work(self, clips: Sequence[Clip], *, at_a_time_count: int) -> None:
        """All of them. Raises the ReelscribeError of a gateway that is gone."""
        waiting = iter(clips)
        try:
            async with asyncio.TaskGroup() as group:
                for _ in range(at_a_time_count):
                    group.create_task(self._take(waiting))
        except* ReelscribeError as errors:
            raise errors.exceptions[0] from None

    async def _take(self, waiting: Iterator[Clip]) -> None:
        for clip in waiting:
            try:
                await self._one(clip)
                self._untried_count = 0
            except (ReelscribeError, OSError) as error:
                self._fail(clip, error)

    async def _one(self, clip: Clip) -> None:
        check_video(clip.video)
        sha256 = await asyncio.to_thread(file_sha256, clip.video)
        path = self.place.directory / clip.report_name
        report = None if self.place.again else await asyncio.to_thread(self._standing, path, sha256)
        kept = report is not None
        if report is None:
            report = await self._analyzed(clip)
            await asyncio.to_thread(write_whole, path, to_json(report))
        await asyncio.to_thread(self._write_directory, clip, report, kept)
        lacking = is_lacking(report, named=self.job.wanted.analyzers)
        self.well = self.well and not lacking
        entry = entry_of(clip.video, sha256, clip.report_name, report, lacking=lacking)
        self.ledger.write(entry)
        if kept:
            self.view.keep()
        else:
            self.view.end(entry, _told(report))

    def _write_directory(self, clip: Clip, report: Report, kept: bool) -> None:
        """The clip's own directory, where one is wanted and does not stand already beside a report that does."""
        if self.place.pages is None:
            return
        own = replace(self.place.pages, path=self.place.directory / clip.directory_name)
        if kept and own.is_written():
            return
        own.prepare()
        own.write(report, clip.video, self.view.say)

    def _standing(self, path: Path, sha256: str) -> Report | None:
        return standing(path, sha256, self.names, self.job.wanted.settings)

    async def _analyzed(self, clip: Clip) -> Report:
        with self.view.work(clip.video.name) as watch:
            for _ in range(PATIENCE_COUNT):
                try:
                    return await follow(self.analyst, clip.video, self.job.wanted, watch)
                except TooMuch as busy:
                    await asyncio.sleep(busy.retry_after_s)
            return await follow(self.analyst, clip.video, self.job.wanted, watch)

    def _fail(self, clip: Clip, error: ReelscribeError | OSError) -> None:
        """Note it and go on; unless nothing could be tried for several in a row: then raise what kept it."""
        reason = error.reason if isinstance(error, ReelscribeError) else "unreadable"
        entry = Entry(video=str(clip.video), error={"reason": reason, "message": str(error)})
        self.well = False
        self.ledger.write(entry)
        self.view.end(entry, str(error))
        self._untried_count = 0 if isinstance(error, InvalidInput | NotFound | OSError) else self._untried_count + 1
        if self._untried_count >= GIVE_UP_COUNT:
            raise error


def _told(report: Report) -> str:
    """ "0:24.8 in 21 s, 45 found; text_overlay failed". What the clip itself lacks, sound perhaps, is not told."""
    cost = price(report)
    troubled = [f"; {lack.analyzer} {lack.status}" for lack in lacks(report) if lack.fix or lack.status != "skipped"]
    return f"{clock(cost.duration_s)} in {cost.wall_s:.0f} s, {report.summary.finding_count} found{''.join(troubled)}"
