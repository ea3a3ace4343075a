"""Files as they come: broken, odd, empty. A clear error or what can be decoded, and nothing left behind."""

from __future__ import annotations

import asyncio
import os
import threading
from pathlib import Path

import pytest

from reelscribe.analyst import Assembler
from reelscribe.embedded import embedded
from reelscribe.v1.analysis_pb2 import Report
from reelscribe.v1.analyzer_pb2 import AnalyzerResult, Status
from services.common.errors import InvalidInput, NotAVideo, NotFound, NothingToDecode, TooLarge
from services.common.settings import GatewaySettings, MediaSettings, Settings
from services.common.time import seconds, span_s
from tests import fakes
from tests.clips import Pictures, every, write_clip

OK, EMPTY, PARTIAL = Status.STATUS_OK, Status.STATUS_EMPTY, Status.STATUS_PARTIAL
FAILED, SKIPPED = Status.STATUS_FAILED, Status.STATUS_SKIPPED


@pytest.fixture(autouse=True)
def nothing_left(tmp_path: Path):
    """After every test: no file in the media directory, no thread, no open file of ours."""
    threads, files = threading.active_count(), len(os.listdir("/proc/self/fd"))
    yield
    media = tmp_path / "media"
    assert not media.exists() or list(media.iterdir()) == []
    assert threading.active_count() <= threads
    assert len(os.listdir("/proc/self/fd")) <= files + 2


def analyze(path: Path, folder: Path, **gateway: object) -> Report:
    """The report of a clip, by an analyzer that counts pictures and one that listens."""

    async def run() -> Report:
        settings = Settings(
            media=MediaSettings(directory=folder / "media"),
            gateway=GatewaySettings(**gateway),  # type: ignore[arg-type]
        )
        assembler = Assembler()
        async with embedded(settings, catalogue={"vision": [fakes.Seconds], "audio": [fakes.Loud]}) as analyst:
            async for event in analyst.analyze(path):
                assembler.take(event)
        return assembler.report

    return asyncio.run(run())


def pictures_of(report: Report) -> AnalyzerResult:
    return report.results[0]


def sound_of(report: Report) -> AnalyzerResult:
    return report.results[1]


@pytest.mark.parametrize(
    ("name", "content"),
    [("empty.mp4", b""), ("text.mp4", b"this is no video\n" * 100), ("noise.mp4", os.urandom(9999))],
)
def test_what_is_no_video_is_told_so(tmp_path: Path, name: str, content: bytes):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(NotAVideo):
        analyze(tmp_path / name, tmp_path)


def test_a_folder_and_a_missing_file_are_told_so(tmp_path: Path):
    with pytest.raises(InvalidInput):
        analyze(tmp_path, tmp_path)
    with pytest.raises(NotFound):
        analyze(tmp_path / "none.mp4", tmp_path)


def test_a_picture_is_no_video(shared_dir: Path, tmp_path: Path):
    with pytest.raises(InvalidInput):
        analyze(shared_dir / "media" / "image" / "easyocr_english.png", tmp_path)


def test_8k_is_refused_before_it_is_decoded(tmp_path: Path):
    clip = write_clip(tmp_path / "8k.mkv", Pictures(times_s=[0.0], width_px=7680, height_px=4320))
    with pytest.raises(TooLarge):
        analyze(clip, tmp_path)


def test_a_file_cut_off_half_way_is_partial_with_what_there_was(composite: Path, tmp_path: Path):
    """The header is at the front, so that the first half still plays."""
    half = tmp_path / "half.mp4"
    half.write_bytes(composite.read_bytes()[: composite.stat().st_size // 2])
    report = analyze(half, tmp_path)
    assert pictures_of(report).status == PARTIAL
    assert 100 < pictures_of(report).coverage.received_count < 745
    covered_s = span_s(pictures_of(report).coverage.spans[-1])[1]
    assert covered_s == pytest.approx(seconds(report.video.duration), abs=1.0)
    assert covered_s < 24.0
    assert report.video.damages


def test_a_file_with_a_hole_is_partial(composite: Path, tmp_path: Path):
    holed = bytearray(composite.read_bytes())
    middle = len(holed) // 2
    holed[middle : middle + 40_000] = os.urandom(40_000)
    clip = tmp_path / "holed.mp4"
    clip.write_bytes(holed)
    report = analyze(clip, tmp_path)
    assert pictures_of(report).status in (OK, PARTIAL)
    assert report.video.damages or pictures_of(report).coverage.received_count == 745
    assert len(pictures_of(report).findings) >= 20


@pytest.mark.parametrize(
    ("name", "pictures", "sound"),
    [
        ("androidx_sample_missing_stsd.mp4", (OK, 30), FAILED),
        ("androidx_sample_mdat_too_long.mp4", (OK, 30), EMPTY),
        ("androidx_sample_empty_track.mp4", (OK, 30), EMPTY),
        ("androidx_sample_video_only.mp4", (OK, 30), SKIPPED),
        ("androidx_sample_audio_only.mp4", (SKIPPED, 0), EMPTY),
        ("androidx_sample_shorter_audio.mp4", (OK, 72), EMPTY),
        ("mediabunny_no-initial-keyframe.ts", (PARTIAL, 15), OK),
        ("mediabunny_multiple-aac-tracks.mp4", (SKIPPED, 0), OK),
        ("moviepy_no_duration.webm", (OK, 74), EMPTY),
        ("moviepy_transparent.webm", (OK, 150), EMPTY),
        ("moviepy_video_with_failing_audio.mp4", (OK, 280), OK),
        ("psd_counter.mp4", (OK, 30), SKIPPED),
        ("psd_delayed_start.mp4", (OK, 24), SKIPPED),
        ("mediabunny_cursed-vfr.mp4", (OK, 63), SKIPPED),
        ("androidx_sample_edit_list.mp4", (OK, 77), OK),
    ],
)
def test_odd_files_give_what_can_be_decoded(
    media_dir: Path, tmp_path: Path, name: str, pictures: tuple[Status, int], sound: Status
):
    report = analyze(media_dir / "video" / name, tmp_path)
    result = pictures_of(report)
    assert (result.status, result.coverage.received_count) == pictures
    assert result.coverage.received_count == result.coverage.offered_count == report.decoding.displayed_frame_count
    assert sound_of(report).status == sound
    assert sound_of(report).HasField("reason") == (sound not in (OK, EMPTY))


def test_a_stream_that_cannot_be_decoded_at_all_is_an_error(media_dir: Path, tmp_path: Path):
    with pytest.raises(NothingToDecode):
        analyze(media_dir / "video" / "androidx_invalid-bitstream.webm", tmp_path)


def test_sound_that_cannot_be_decoded_fails_by_name_and_the_pictures_go_on(media_dir: Path, tmp_path: Path):
    report = analyze(media_dir / "video" / "androidx_sample_missing_stsd.mp4", tmp_path)
    assert sound_of(report).reason.code == "audio_undecodable"
    assert [damage.reason for damage in report.video.damages] == ["audio_undecodable"]


def test_a_still_picture_for_a_minute_is_covered_whole(tmp_path: Path):
    """Two frames, a minute apart: the window is a minute long, not a frame rate's worth."""
    clip = write_clip(tmp_path / "still.mkv", Pictures(times_s=[0.0, 60.0], rate_hz=1))
    report = analyze(clip, tmp_path)
    assert pictures_of(report).coverage.received_count == 2
    assert span_s(pictures_of(report).coverage.spans[0])[1] >= 60.0


def test_one_frame_is_a_video(tmp_path: Path):
    report = analyze(write_clip(tmp_path / "one.mkv", Pictures(times_s=[0.0])), tmp_path)
    assert pictures_of(report).coverage.received_count == 1


def test_a_constant_rate_that_the_header_gets_wrong(tmp_path: Path):
    clip = write_clip(tmp_path / "lie.mkv", Pictures(times_s=every(10, 3.0), rate_hz=50))
    assert seconds(analyze(clip, tmp_path).video.duration) == pytest.approx(3.0, abs=0.1)
