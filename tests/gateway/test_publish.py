from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from gateway.budget import MediaBudget
from gateway.decode import FrameWindow, SampleWindow
from gateway.publish import PartPublisher
from gateway.streams import FRAMES, SAMPLES, StreamPlan
from reelscribe.v1.analyzer_pb2 import Task
from reelscribe.v1.bus_pb2 import MediaMessage
from reelscribe.v1.media_pb2 import Damage, FrameFormat, Rendition, SampleFormat, Video
from services.common.bus.memory import MemoryBus
from services.common.errors import BusUnavailable, MediaDirectoryFull
from services.common.media import MediaStore
from services.common.time import seconds, span_s
from services.common.window import FrameBatch, SampleBatch

WINDOW_BYTES = 4096
PICTURES = Rendition(rendition_id="frames-32", frames=FrameFormat(width_px=32, height_px=32))
SOUND = Rendition(rendition_id="samples-256-1", samples=SampleFormat(sample_rate_hz=256, channel_count=1))


def pictures(second: int) -> FrameWindow:
    """A window of 3072 bytes, which are 4096 at most once they are aligned."""
    rgb = np.full((1, 32, 32, 3), second, np.uint8)
    batch = FrameBatch(rgb=rgb, pts_s=np.array([float(second)]), index=np.array([second]))
    return FrameWindow(index=second, start_s=second, end_s=second + 1, renditions={"frames-32": batch})


def sound(second: int) -> SampleWindow:
    batch = SampleBatch(samples=np.zeros((256, 1), np.float32), sample_rate_hz=256, start_s=second)
    return SampleWindow(index=second, start_s=second, end_s=second + 1, renditions={"samples-256-1": batch})


class Failing(MemoryBus):
    """Takes tasks of one service only, and no end of a part once it is told so."""

    accepts: str | None = None
    ends = True

    async def publish_task(self, task: Task) -> None:
        if self.accepts not in (None, task.service):
            raise BusUnavailable("no server")
        await super().publish_task(task)

    async def publish_media(self, analysis_id: str, part_id: str, message: MediaMessage) -> None:
        if message.HasField("end") and not self.ends:
            raise BusUnavailable("no server")
        await super().publish_media(analysis_id, part_id, message)


class Press:
    """A publisher over a real store and a real bus."""

    def __init__(self, store: MediaStore, bus: MemoryBus, **plan: object) -> None:
        self.store, self.bus = store, bus
        self.expected: list[tuple[str, str, tuple[str, ...], float]] = []
        self.budget = MediaBudget(int(plan.pop("budget_bytes", 1 << 20)))  # type: ignore[call-overload]
        given = {"part_s": 4.0, "part_bytes": 1 << 20, "bytes_per_s": WINDOW_BYTES, "expected_s": None} | plan
        lead_in_s = given.pop("lead_in_s", 2.0)
        parts_in_flight = given.pop("parts_in_flight", 2)
        readers = {FRAMES: {"vision": ["cuts"], "vlm": ["describe"]}, SAMPLES: {"audio": ["speech"]}}
        self.publisher = PartPublisher(
            analysis_id="a",
            video=Video(name="clip.mp4"),
            settings=[],
            streams=[
                StreamPlan(kind=kind, renditions=[rendition], readers=readers[kind], **given)  # type: ignore[arg-type]
                for kind, rendition in ((FRAMES, PICTURES), (SAMPLES, SOUND))
            ],
            lead_in_s=lead_in_s,  # type: ignore[arg-type]
            parts_in_flight=parts_in_flight,  # type: ignore[arg-type]
            bus=bus,
            store=store,
            budget=self.budget,
            expect=lambda part, service, names, start: self.expected.append((part, service, tuple(names), start)),
        )

    def segments(self) -> int:
        """How many windows are laid down."""
        return len([path for path in self.store.directory.iterdir() if path.suffix != ".lock"])

    async def media(self, part_id: str) -> list[MediaMessage]:
        async with self.bus.media("a", part_id, silence_s=0.05) as messages:
            return [message async for message in messages]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[MediaStore]:
    with MediaStore(tmp_path / "media", 1 << 20) as made:
        yield made


@pytest.fixture(autouse=True)
def nothing_left(tmp_path: Path):
    """While the store is still open: a gateway lives long."""
    yield
    assert [path for path in (tmp_path / "media").iterdir() if path.suffix != ".lock"] == []


async def test_parts_hold_their_lead_in_and_say_where_they_are_their_own(store: MediaStore):
    press = Press(store, MemoryBus(), parts_in_flight=9)
    for second in range(10):
        await press.publisher.publish(pictures(second))
    await press.publisher.close({FRAMES: Damage(reason="truncated")})
    spans = {}
    for part in ("frames-0", "frames-1", "frames-2"):
        steps = await press.media(part)
        assert [step.window.index for step in steps[:-1]] == list(range(len(steps) - 1))
        assert steps[-1].end.window_count == len(steps) - 1
        spans[part] = [span_s(step.window.span)[0] for step in steps[:-1]]
        assert seconds(steps[-1].end.end_offset) == spans[part][-1] + 1
        assert steps[-1].end.HasField("damage") == (part == "frames-2")
    assert spans == {"frames-0": [0, 1, 2, 3], "frames-1": [2, 3, 4, 5, 6, 7], "frames-2": [6, 7, 8, 9]}
    assert press.publisher.own_start_s == {"frames-0": 0, "frames-1": 4, "frames-2": 8}
    assert press.expected[0] == ("frames-0", "vision", ("cuts",), 0)
    assert press.expected[-1] == ("frames-2", "vlm", ("describe",), 8)
    await press.publisher.release_all()


async def test_a_window_is_unlinked_when_no_part_needs_it_any_more(store: MediaStore):
    press = Press(store, MemoryBus(), parts_in_flight=9)
    for second in range(6):
        await press.publisher.publish(pictures(second))
    assert press.segments() == 6
    await press.publisher.release("frames-0")
    assert press.segments() == 4
    await press.publisher.release("frames-0")
    assert press.segments() == 4
    await press.publisher.close({})
    await press.publisher.release("frames-1")
    assert press.segments() == 0


async def test_a_part_answered_while_it_is_filled_leaves_nothing_behind(store: MediaStore):
    """All its analyzers may fail at the first window; a long video goes on."""
    press = Press(store, MemoryBus(), parts_in_flight=1)
    for second in range(12):
        await press.publisher.publish(pictures(second))
        await press.publisher.release(f"frames-{second // 4}")
        assert press.segments() <= 6
    await press.publisher.close({})
    assert press.segments() == 0
    assert "0 of" in repr(press.budget)


async def test_the_next_part_waits_for_its_place(store: MediaStore):
    press = Press(store, MemoryBus(), parts_in_flight=1)
    for second in range(4):
        await press.publisher.publish(pictures(second))
    waiting = asyncio.create_task(press.publisher.publish(pictures(4)))
    await asyncio.sleep(0.02)
    assert not waiting.done()
    assert (await press.media("frames-0"))[-1].HasField("end")
    await press.publisher.release("frames-0")
    await asyncio.wait_for(waiting, 30)
    await press.publisher.release_all()


@pytest.mark.parametrize("parts_in_flight", [1, 2])
async def test_both_streams_share_a_small_budget_without_waiting_for_each_other(
    store: MediaStore, parts_in_flight: int
):
    """Sound does not wait for room: a decoder that waits for sound would hold its part of frames meanwhile."""
    press = Press(store, MemoryBus(), parts_in_flight=parts_in_flight, budget_bytes=5 * WINDOW_BYTES)
    async with asyncio.timeout(30):
        for second in range(12):
            await press.publisher.publish(sound(second))
            for live in [name for name in press.publisher._live if name.startswith("frames")]:
                await press.publisher.release(live)
            await press.publisher.publish(pictures(second))
            await press.publisher.release(f"samples-{second // 4}")
    await press.publisher.release_all()


async def test_a_part_ends_where_what_was_reserved_for_it_ends(store: MediaStore):
    """The header claims a third of the true rate, and then an end that does not come."""
    press = Press(store, MemoryBus(), part_s=60.0, bytes_per_s=3072 / 3, expected_s=10.0, lead_in_s=0.0)
    for second in range(15):
        await press.publisher.publish(pictures(second))
        for live in list(press.publisher._live):
            await press.publisher.release(live)
    await press.publisher.close({})
    assert list(press.publisher.own_start_s.values()) == [0, 4, 7, 10]


async def test_cancelling_while_a_window_is_laid_down_leaves_nothing(store: MediaStore):
    press = Press(store, MemoryBus())
    await press.publisher.publish(pictures(0))
    writing, allowed = threading.Event(), threading.Event()
    usual = store.write

    def slow_write(*arguments: object) -> object:
        writing.set()
        allowed.wait(30)
        return usual(*arguments)  # type: ignore[arg-type]

    store.write = slow_write  # type: ignore[method-assign, assignment]
    task = asyncio.create_task(press.publisher.publish(pictures(1)))
    assert await asyncio.to_thread(writing.wait, 30)
    task.cancel()
    await asyncio.sleep(0)
    allowed.set()
    with pytest.raises(asyncio.CancelledError):
        await task
    await press.publisher.release_all()
    assert press.segments() == 0


async def test_a_full_store_is_an_error_and_what_was_laid_down_is_released(tmp_path: Path, store: MediaStore):
    with MediaStore(tmp_path / "small", 2 * WINDOW_BYTES) as small:
        press = Press(small, MemoryBus())
        for second in range(2):
            await press.publisher.publish(pictures(second))
        with pytest.raises(MediaDirectoryFull):
            await press.publisher.publish(pictures(2))
        assert press.publisher.window_count == 2
        assert press.publisher.peak_bytes == small.used_bytes
        await press.publisher.release_all()
        assert press.segments() == 0


async def test_a_task_the_bus_does_not_take_is_lost_by_name(store: MediaStore):
    bus = Failing()
    bus.accepts = "vision"
    press = Press(store, bus)
    with pytest.raises(BusUnavailable):
        await press.publisher.publish(pictures(0))
    (lost,) = press.publisher.lost
    assert (lost.part_id, list(lost.analyzers)) == ("frames-0", ["describe"])
    await press.publisher.release_all()


async def test_an_end_the_bus_does_not_take_is_lost_for_everybody(store: MediaStore):
    bus = Failing()
    press = Press(store, bus)
    for second in range(4):
        await press.publisher.publish(pictures(second))
    bus.ends = False
    with pytest.raises(BusUnavailable):
        await press.publisher.publish(pictures(4))
    await press.publisher.close({})
    assert [(lost.part_id, sorted(lost.analyzers)) for lost in press.publisher.lost] == [
        ("frames-0", ["cuts", "describe"])
    ]
    await press.publisher.release_all()
    assert press.segments() == 0


async def test_a_stream_nobody_reads_is_not_laid_down(store: MediaStore):
    press = Press(store, MemoryBus())
    press.publisher._streams.pop(SAMPLES)
    await press.publisher.publish(sound(0))
    assert (press.segments(), press.publisher.window_count) == (0, 0)
