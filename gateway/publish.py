"""Lays a decoded video down, window by window, and announces it to the services, part by part."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from gateway.budget import LEAD_IN_SHARE, SAMPLES_LEAD_IN_SHARE, MediaBudget
from gateway.decode import FrameWindow, SampleWindow
from gateway.parts import OpenPart, PartCutter, Placed
from gateway.streams import StreamPlan
from reelscribe.v1.analyzer_pb2 import Setting, Task
from reelscribe.v1.bus_pb2 import MediaMessage
from reelscribe.v1.media_pb2 import (
    Damage,
    EndOfPart,
    MediaReference,
    Part,
    StreamKind,
    Video,
    Window,
    WindowMedia,
)
from services.common.background import in_thread
from services.common.bus import Bus
from services.common.errors import ReelscribeError
from services.common.media import MediaStore
from services.common.time import duration, span
from services.common.window import FrameBatch, SampleBatch

Batch = FrameBatch | SampleBatch
Announced = tuple[WindowMedia, ...]
DecodedWindow = FrameWindow | SampleWindow
StreamName = {StreamKind.STREAM_KIND_FRAMES: "frames", StreamKind.STREAM_KIND_SAMPLES: "samples"}


@dataclass(slots=True, eq=False)
class _LivePart:
    """A part that is being filled or analyzed."""

    part_id: str
    part: OpenPart[Announced]
    held: AsyncExitStack = field(default_factory=AsyncExitStack)
    """Its place among the parts in flight, and its reserved bytes."""
    published_count: int = 0
    answered: bool = False
    """Nobody waits for it any more, though it may still be filled."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LostPart:
    """What the bus did not take, so that these analyzers will not answer for the part."""

    part_id: str
    analyzers: Sequence[str]
    error: ReelscribeError


class PartPublisher:
    """Publishes the windows of one video as parts of its streams, and unlinks what nobody needs any more.

    One caller at a time: `publish` for every decoded window in order, then `close`; `release` whenever all
    answers for a part are in; `release_all` at the end, whatever happened.
    """

    def __init__(
        self,
        *,
        analysis_id: str,
        video: Video,
        settings: Sequence[Setting],
        streams: Sequence[StreamPlan],
        lead_in_s: float,
        parts_in_flight: int,
        bus: Bus,
        store: MediaStore,
        budget: MediaBudget,
        expect: Callable[[str, str, Sequence[str], float], None],
    ) -> None:
        self._analysis_id = analysis_id
        self._video = video
        self._settings = settings
        self._streams = {stream.kind: stream for stream in streams}
        self._cutters: dict[StreamKind, PartCutter[Announced]] = {
            stream.kind: PartCutter(
                part_s=stream.part_s,
                part_bytes=stream.part_bytes,
                lead_in_s=lead_in_s,
                lead_in_share=LEAD_IN_SHARE if stream.kind == StreamKind.STREAM_KIND_FRAMES else SAMPLES_LEAD_IN_SHARE,
            )
            for stream in streams
        }
        self._places = {stream.kind: asyncio.Semaphore(parts_in_flight) for stream in streams}
        self._filling: dict[StreamKind, _LivePart] = {}
        self._live: dict[str, _LivePart] = {}
        self._holders: Counter[str] = Counter()
        self.lost: list[LostPart] = []
        self._bus, self._store, self._budget, self._expect = bus, store, budget, expect
        self.own_start_s: dict[str, float] = {}
        """Where each part's own stretch starts, by part id."""
        self.window_count = 0
        """Windows published so far."""
        self.peak_bytes = 0
        """Largest number of bytes this analysis had laid down at one time."""

    def __repr__(self) -> str:
        return f"PartPublisher({self._analysis_id}, {len(self._live)} parts live)"

    async def publish(self, window: DecodedWindow) -> None:
        """Lay a window down and announce it, in a new part if the current one is full.

        Raises MediaDirectoryFull, or what the bus raises. Waits while as many parts as may be are in flight.
        """
        kind = _kind_of(window)
        if kind not in self._streams:
            return
        batches: dict[str, Batch] = dict(window.renditions)
        size_bytes = sum(_array(batch).nbytes for batch in batches.values())
        if self._cutters[kind].needs_new_part(end_s=window.end_s, size_bytes=size_bytes):
            await self._begin_part(kind, window.start_s, size_bytes)
        references = await self._lay_down([_array(batch) for batch in batches.values()])
        media = tuple(
            _announcement(rendition_id, batch, reference)
            for (rendition_id, batch), reference in zip(batches.items(), references, strict=True)
        )
        placed = Placed(start_s=window.start_s, end_s=window.end_s, size_bytes=size_bytes, laid=media)
        self._cutters[kind].add(placed)
        self._hold(placed)
        await self._announce(self._filling[kind], placed)
        self.window_count += 1

    async def close(self, damages: Mapping[StreamKind, Damage]) -> None:
        """No more windows: the open parts end, with the damage that ended their stream, if any.

        What the bus does not take is noted in `lost`.
        """
        for kind, live in list(self._filling.items()):
            try:
                await self._end_part(live, damages.get(kind))
            except ReelscribeError as error:
                everybody = [name for names in self._streams[kind].readers.values() for name in names]
                self.lost.append(LostPart(part_id=live.part_id, analyzers=everybody, error=error))
        filled = list(self._filling.values())
        self._filling.clear()
        for live in filled:
            await self._release_answered(live)

    async def release(self, part_id: str) -> None:
        """All answers for the part are in: unlink what no other part needs, and let the next part begin.

        A part that is still being filled goes on first: the next one begins with its last windows.
        """
        if part_id in self._live:
            live = self._live[part_id]
            live.answered = True
            if live not in self._filling.values():
                await self._release_answered(live)

    async def release_all(self) -> None:
        """Unlink everything."""
        self._filling.clear()
        for part_id in list(self._live):
            await self.release(part_id)

    async def _release_answered(self, live: _LivePart) -> None:
        if live.answered and self._live.pop(live.part_id, None) is not None:
            for window in live.part.windows:
                self._let_go(window)
            await live.held.aclose()

    async def _lay_down(self, arrays: Sequence[npt.NDArray[np.generic]]) -> list[MediaReference]:
        references = await in_thread(lambda: self._store.write(self._analysis_id, arrays), self._take_back)
        self.peak_bytes = max(self.peak_bytes, self._store.used_by(self._analysis_id))
        return references

    def _take_back(self, references: Sequence[MediaReference]) -> None:
        for segment in {reference.segment for reference in references}:
            self._store.release(segment)

    async def _begin_part(self, kind: StreamKind, start_s: float, first_bytes: int) -> None:
        """End the part that is open and begin the next, whose lead-in it holds before the old part can let go of it."""
        stream, full = self._streams[kind], self._filling.get(kind)
        part = self._cutters[kind].open(start_s=start_s)
        live = _LivePart(part_id=f"{StreamName[kind]}-{part.index}", part=part)
        self._live[live.part_id] = live
        for window in part.windows:
            self._hold(window)
        if full is not None:
            await self._end_part(full, None)
            del self._filling[kind]
            await self._release_answered(full)
        await live.held.enter_async_context(self._places[kind])
        if kind == StreamKind.STREAM_KIND_FRAMES:
            part.limit_bytes = max(first_bytes, stream.reservation_bytes(start_s))
            await live.held.enter_async_context(self._budget.reserve(part.limit_bytes + part.lead_in_bytes))
        self._filling[kind] = live
        self.own_start_s[live.part_id] = part.own_start_s
        await self._publish_tasks(stream, live)
        for window in part.windows:
            await self._announce(live, window)

    async def _publish_tasks(self, stream: StreamPlan, live: _LivePart) -> None:
        part = Part(
            part_id=live.part_id,
            stream=stream.kind,
            index=live.part.index,
            start_offset=duration(live.part.start_s),
            own_start_offset=duration(live.part.own_start_s),
            renditions=stream.renditions,
            video=self._video,
        )
        for service, analyzers in stream.readers.items():
            # Before the task is out: its answer may come at once.
            self._expect(live.part_id, service, analyzers, live.part.own_start_s)
            task = Task(
                analysis_id=self._analysis_id,
                service=service,
                part=part,
                analyzers=analyzers,
                settings=self._settings,
            )
            try:
                await self._bus.publish_task(task)
            except ReelscribeError as error:
                self.lost.append(LostPart(part_id=live.part_id, analyzers=analyzers, error=error))
                raise

    async def _announce(self, live: _LivePart, window: Placed[Announced]) -> None:
        message = Window(index=live.published_count, span=span(window.start_s, window.end_s), media=window.laid)
        await self._bus.publish_media(self._analysis_id, live.part_id, MediaMessage(window=message))
        live.published_count += 1

    async def _end_part(self, live: _LivePart, damage: Damage | None) -> None:
        end = EndOfPart(
            window_count=live.published_count, end_offset=duration(max(0.0, live.part.end_s)), damage=damage
        )
        await self._bus.publish_media(self._analysis_id, live.part_id, MediaMessage(end=end))

    def _hold(self, window: Placed[Announced]) -> None:
        self._holders.update(_segments(window))

    def _let_go(self, window: Placed[Announced]) -> None:
        for segment in _segments(window):
            self._holders[segment] -= 1
            if self._holders[segment] <= 0:
                del self._holders[segment]
                self._store.release(segment)


def _kind_of(window: DecodedWindow) -> StreamKind:
    frames = isinstance(window, FrameWindow)
    return StreamKind.STREAM_KIND_FRAMES if frames else StreamKind.STREAM_KIND_SAMPLES


def _array(batch: Batch) -> npt.NDArray[np.generic]:
    return batch.rgb if isinstance(batch, FrameBatch) else batch.samples


def _announcement(rendition_id: str, batch: Batch, reference: MediaReference) -> WindowMedia:
    if isinstance(batch, FrameBatch):
        return WindowMedia(
            rendition_id=rendition_id,
            frame_offset_s=batch.pts_s.tolist(),
            frame_index=batch.index.tolist(),
            reference=reference,
        )
    return WindowMedia(rendition_id=rendition_id, sample_count=len(batch), reference=reference)


def _segments(window: Placed[Announced]) -> set[str]:
    return {media.reference.segment for media in window.laid}
