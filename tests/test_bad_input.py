"""Files as they come: broken, odd, empty. A clear error or what can be decoded, and nothing left behind."""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import Sequence
from pathlib import Path

import av
import numpy as np
import pytest

from bench.common.sound_files import write_sound
from reelscribe.analyst import Assembler
from reelscribe.embedded import embedded
from reelscribe.v1.analysis_pb2 import Report
from reelscribe.v1.analyzer_pb2 import AnalyzerResult, Setting, Status
from services.common.errors import InvalidInput, InvalidSetting, NotAVideo, NotFound, NothingToDecode, TooLarge
from services.common.settings import GatewaySettings, MediaSettings, Settings
from services.common.time import seconds, span_s
from tests import fakes
from tests.clips import Pictures, Sound, every, write_clip

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


def analyze(path: Path, folder: Path, *, chosen: Sequence[Setting] = (), **gateway: object) -> Report:
    """The report of a clip, by an analyzer that counts pictures, one that listens, and one that measures."""

    async def run() -> Report:
        settings = Settings(
            media=MediaSettings(directory=folder / "media"),
            gateway=GatewaySettings(**gateway),  # type: ignore[arg-type]
        )
        assembler = Assembler()
        async with embedded(
            settings, catalogue={"vision": [fakes.Seconds], "audio": [fakes.Loud, fakes.OwnSound]}
        ) as analyst:
            async for event in analyst.analyze(path, settings=chosen):
                assembler.take(event)
        return assembler.report

    return asyncio.run(run())


def pictures_of(report: Report) -> AnalyzerResult:
    return report.results[0]


def sound_of(report: Report) -> AnalyzerResult:
    return report.results[1]


def own_sound_of(report: Report) -> str:
    """In which form it was measured, by a "rate x channels at level" label; empty where nothing was."""
    return report.results[2].findings[0].label if report.results[2].findings else ""


def tone(length_s: float, *, rate_hz: int = 48000, level: float = 0.5, channel_count: int = 1) -> np.ndarray:
    wave = level * np.sin(2 * np.pi * 500 * np.arange(round(length_s * rate_hz)) / rate_hz)
    return np.tile(wave.astype(np.float32)[:, None], (1, channel_count))


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


def sounding(folder: Path, *blocks: tuple[float, np.ndarray], rate_hz: int = 48000, pictures_s: float = 2.0) -> Path:
    pictures = Pictures(times_s=every(10, pictures_s), rate_hz=10) if pictures_s else None
    return write_clip(folder / "clip.mkv", pictures, Sound(blocks=blocks, sample_rate_hz=rate_hz, codec="pcm_f32le"))


@pytest.mark.parametrize(
    ("stored", "measured"),
    [
        ((8000, 1), "8000 x 1 at 0.50"),
        ((44100, 2), "44100 x 2 at 0.50"),
        ((96000, 2), "48000 x 2 at 0.50"),
    ],
)
def test_sound_of_any_rate_is_heard_and_measured_as_it_is(tmp_path: Path, stored: tuple[int, int], measured: str):
    rate_hz, channel_count = stored
    clip = sounding(tmp_path, (0.0, tone(2.0, rate_hz=rate_hz, channel_count=channel_count)), rate_hz=rate_hz)
    report = analyze(clip, tmp_path)
    assert own_sound_of(report) == measured
    assert (sound_of(report).status, len(sound_of(report).findings)) == (OK, 2)
    assert report.video.audio_stream.sample_rate_hz == rate_hz


def test_surround_sound_is_heard_and_measured_in_its_channels(tmp_path: Path):
    clip = write_sound(tmp_path / "surround.wav", tone(1.0, channel_count=6), 48000)
    report = analyze(clip, tmp_path)
    assert own_sound_of(report) == "48000 x 6 at 0.50"
    assert sound_of(report).status == OK


def test_silence_is_heard_as_silence(tmp_path: Path):
    report = analyze(sounding(tmp_path, (0.0, 0 * tone(2.0))), tmp_path)
    assert sound_of(report).status == EMPTY
    assert own_sound_of(report) == "48000 x 1 at 0.00"


def test_sound_beyond_full_scale_is_measured_as_it_is_and_cut_off_for_models(tmp_path: Path):
    report = analyze(write_sound(tmp_path / "over.wav", tone(2.0, level=1.5), 48000), tmp_path)
    assert own_sound_of(report) == "48000 x 1 at 1.50"
    assert sound_of(report).status == OK


def test_a_gap_in_the_sound_is_silence_and_is_told(tmp_path: Path):
    clip = sounding(tmp_path, (0.0, tone(1.0)), (3.0, tone(1.0)), pictures_s=4.0)
    report = analyze(clip, tmp_path)
    assert seconds(report.video.audio_stream.gap_duration) == pytest.approx(2.0, abs=0.01)
    assert [round(span_s(each.span)[0]) for each in sound_of(report).findings] == [0, 3]
    assert span_s(sound_of(report).coverage.spans[0]) == (0.0, pytest.approx(4.0, abs=0.01))


@pytest.mark.parametrize(("sound_s", "pictures_s"), [(1.0, 3.0), (3.0, 1.0)])
def test_sound_shorter_or_longer_than_the_pictures_is_covered_to_its_own_end(
    tmp_path: Path, sound_s: float, pictures_s: float
):
    report = analyze(sounding(tmp_path, (0.0, tone(sound_s)), pictures_s=pictures_s), tmp_path)
    assert span_s(sound_of(report).coverage.spans[-1])[1] == pytest.approx(sound_s, abs=0.02)
    assert span_s(pictures_of(report).coverage.spans[-1])[1] == pytest.approx(pictures_s, abs=0.11)
    assert [each.status for each in report.results] == [OK, OK, OK]
    assert not report.video.damages


def two_tracks(folder: Path, default: int) -> Path:
    """The first silent, the second a tone; `default` carries the disposition."""
    clip = folder / "tracks.mkv"
    with av.open(str(clip), "w") as container:
        streams = [container.add_stream("pcm_f32le", rate=48000) for _ in range(2)]
        for index, stream in enumerate(streams):
            stream.codec_context.layout = "mono"
            stream.disposition = av.stream.Disposition.default if index == default else av.stream.Disposition(0)
        packets = []
        for level, stream in zip((0.0, 0.5), streams, strict=True):
            samples = np.ascontiguousarray(tone(2.0, level=level).T)
            frame = av.AudioFrame.from_ndarray(samples, format="flt", layout="mono")
            frame.sample_rate, frame.pts = 48000, 0
            packets += [*stream.encode(frame), *stream.encode(None)]
        container.mux(packets)
    return clip


def test_of_two_tracks_the_default_one_is_heard_or_the_one_that_is_set(tmp_path: Path):
    for default, status in ((0, EMPTY), (1, OK)):
        clip = two_tracks(tmp_path, default)
        report = analyze(clip, tmp_path)
        assert (report.video.audio_stream.stream_index, report.video.audio_stream.stream_count) == (default, 2)
        assert sound_of(report).status == status
        other = analyze(clip, tmp_path, chosen=[Setting(name="gateway.audio_stream", count=1 - default)])
        assert other.video.audio_stream.stream_index == 1 - default
        assert sound_of(other).status == (OK if status == EMPTY else EMPTY)


def test_a_track_that_is_not_there_is_refused(tmp_path: Path):
    with pytest.raises(InvalidSetting, match="its audio streams are 0, 1"):
        analyze(two_tracks(tmp_path, 0), tmp_path, chosen=[Setting(name="gateway.audio_stream", count=7)])


def test_broken_packets_in_the_middle_are_silence_that_is_told(tmp_path: Path):
    """Packets of AAC overwritten: what is before and after is heard at its own time."""
    whole = write_clip(tmp_path / "whole.mkv", None, Sound(blocks=[(0.0, tone(6.0))], codec="aac"))
    broken = tmp_path / "broken.mkv"
    with av.open(str(whole)) as source, av.open(str(broken), "w") as target:
        stream = target.add_stream_from_template(source.streams.audio[0])
        for packet in source.demux(audio=0):
            if packet.dts is None:
                continue
            kept = packet
            if 2.0 <= packet.pts * packet.time_base < 4.0:
                kept = av.Packet(b"\xff" * packet.size)
                kept.pts, kept.dts, kept.time_base = packet.pts, packet.dts, packet.time_base
            kept.stream = stream
            target.mux(kept)
    report = analyze(broken, tmp_path)
    assert sound_of(report).status in (OK, PARTIAL)
    assert [damage.reason for damage in report.video.damages] == ["audio_packet_corrupt"]
    heard_s = [round(span_s(each.span)[0]) for each in sound_of(report).findings]
    assert {0, 1, 5} <= set(heard_s)
    assert 3 not in heard_s
    assert span_s(sound_of(report).coverage.spans[-1])[1] == pytest.approx(6.0, abs=0.05)
