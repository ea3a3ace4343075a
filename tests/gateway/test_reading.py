from __future__ import annotations

import itertools
import threading
from collections.abc import Iterator
from contextlib import aclosing
from pathlib import Path

import pytest

import gateway.reading
from gateway.decode import FrameWindow, decode, probe
from gateway.plan import plan
from gateway.reading import Reading
from gateway.streams import FRAMES, SAMPLES
from services.common.errors import MediaDirectoryFull, NotFound
from services.common.settings import GatewaySettings
from services.common.time import seconds
from services.common.window import Frames, Samples
from tests.clips import Pictures, Sound, clicks, every, write_clip

LENGTH_S = 6.0
NEEDS = (Frames(rate_hz=None, long_side_px=256), Samples(sample_rate_hz=16000))


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    sound = Sound(blocks=[(0.0, clicks([0.5], LENGTH_S))])
    return write_clip(tmp_path / "clip.mkv", Pictures(times_s=every(10, LENGTH_S), rate_hz=10), sound)


@pytest.fixture(autouse=True)
def no_thread_left():
    yield
    assert [thread.name for thread in threading.enumerate() if thread.name.startswith("decode")] == []


def reading_of(clip: Path) -> Reading:
    video = probe(clip)
    video.name, video.sha256 = "holiday.mkv", "0" * 64
    return Reading(clip, video, plan(NEEDS, video), GatewaySettings())


async def read(reading: Reading, limit: int | None = None) -> list[object]:
    async with aclosing(reading.windows()) as windows:
        taken = []
        async for window in windows:
            taken.append(window)
            if limit is not None and len(taken) == limit:
                break
    return taken


async def test_a_file_is_read_once_to_its_end(clip: Path):
    reading = reading_of(clip)
    windows = await read(reading)
    assert sum(isinstance(window, FrameWindow) for window in windows) == LENGTH_S
    decoding, video = reading.decoding(123), reading.video()
    assert (decoding.pass_count, decoding.decoded_frame_count, decoding.displayed_frame_count) == (1, 60, 60)
    assert decoding.peak_media_bytes == 123
    assert seconds(decoding.cpu_duration) > 0
    assert seconds(decoding.wall_duration) > 0
    assert (video.name, video.sha256) == ("holiday.mkv", "0" * 64)
    assert seconds(video.duration) == reading.length_s() == LENGTH_S
    assert reading.damages() == {}
    assert repr(reading) == "Reading(clip.mkv, 6.0 s)"


def test_nothing_is_claimed_before_it_is_read(clip: Path):
    decoding = reading_of(clip).decoding(0)
    assert (decoding.pass_count, decoding.decoded_frame_count) == (0, 0)


async def test_one_that_is_left_early_says_how_far_it_came(clip: Path):
    reading = reading_of(clip)
    windows = await read(reading, limit=4)
    frames = sum(10 for window in windows if isinstance(window, FrameWindow))
    assert reading.decoding(0).decoded_frame_count == frames
    assert reading.video().video_stream.frame_count == frames
    assert seconds(reading.video().duration) == reading.decoded_s < LENGTH_S
    assert reading.length_s() == pytest.approx(LENGTH_S, abs=0.1)
    assert seconds(reading.decoding(0).cpu_duration) > 0


async def test_stopping_ends_it_without_an_error(clip: Path):
    reading = reading_of(clip)
    async with aclosing(reading.windows()) as windows:
        await anext(windows)
        reading.stopped = True
        assert len([window async for window in windows]) <= 1
    assert reading.error is None


async def test_what_cannot_be_read_is_kept_as_its_error(clip: Path):
    reading = reading_of(clip)
    clip.unlink()
    assert await read(reading) == []
    assert isinstance(reading.error, NotFound)


async def test_an_error_is_the_damage_of_both_streams(clip: Path):
    reading = reading_of(clip)
    await read(reading, limit=2)
    reading.error = MediaDirectoryFull("no room")
    assert {kind: damage.reason for kind, damage in reading.damages().items()} == {
        FRAMES: "media_directory_full",
        SAMPLES: "media_directory_full",
    }
    assert [damage.message for damage in reading.video().damages] == ["no room"]


async def test_a_decoder_that_breaks_gives_what_it_had(clip: Path, monkeypatch: pytest.MonkeyPatch):
    def breaking(*arguments: object, **options: object) -> Iterator[object]:
        yield from itertools.islice(decode(*arguments, **options), 3)  # type: ignore[arg-type]
        raise ValueError("a picture of size 0")

    monkeypatch.setattr(gateway.reading, "decode", breaking)
    reading = reading_of(clip)
    assert len(await read(reading)) == 3
    assert reading.error is not None
    assert reading.error.reason == "decoding_failed"
