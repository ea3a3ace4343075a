import random
import threading
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from gateway.decode import Decoded, FrameWindow, SampleWindow, decode, probe
from gateway.plan import plan
from services.common.errors import Cancelled, NothingToDecode
from services.common.time import seconds
from services.common.window import Frames, Need, Samples
from tests.clips import Pictures, Sound, click_times_s, clicks, corners_of, every, number_of, write_clip

EVERY = Frames(rate_hz=None, long_side_px=256)
SOUND = Samples(sample_rate_hz=16000)


class Whole:
    """All windows of a clip, joined."""

    def __init__(self, path: Path, *needs: Need, **options: object) -> None:
        self.renditions = plan(needs or (EVERY, SOUND), probe(path))
        steps = list(decode(path, self.renditions, **options))  # type: ignore[arg-type]
        self.order = [type(step).__name__ for step in steps]
        self.frame_windows = [step for step in steps if isinstance(step, FrameWindow)]
        self.sample_windows = [step for step in steps if isinstance(step, SampleWindow)]
        (self.decoded,) = [step for step in steps if isinstance(step, Decoded)]
        assert isinstance(steps[-1], Decoded)

    @property
    def reasons(self) -> list[str]:
        return [damage.reason for damage in self.decoded.damages]

    def frames(self, rendition_id: str = "frames-256") -> tuple[list[int], list[float]]:
        """(numbers, times) of all frames."""
        batches = [window.renditions[rendition_id] for window in self.frame_windows]
        return [number_of(rgb) for batch in batches for rgb in batch.rgb], [t for batch in batches for t in batch.pts_s]

    def samples(self, rendition_id: str = "samples-16000-1") -> np.ndarray:
        return np.concatenate([window.renditions[rendition_id].samples for window in self.sample_windows])


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("clips")


@pytest.fixture(scope="module")
def steady(folder: Path) -> Path:
    """10 s at 25 frames a second with B-frames, header first, clicks at 0.5, 5.5 and 9.5 s."""
    return write_clip(
        folder / "steady.mp4",
        Pictures(times_s=every(25, 10.0), options={"crf": "12", "preset": "fast", "g": "25", "bf": "3"}),
        Sound(blocks=[(0.0, clicks([0.5, 5.5, 9.5], 10.0))], codec="aac"),
        options={"movflags": "+faststart"},
    )


def test_every_frame_comes_once_in_order_at_its_time(steady):
    whole = Whole(steady)
    numbers, times = whole.frames()
    assert numbers == list(range(250))
    assert times == pytest.approx(every(25, 10.0))
    assert [i for window in whole.frame_windows for i in window.renditions["frames-256"].index] == numbers
    assert (whole.decoded.decoded_frame_count, whole.decoded.displayed_frame_count) == (250, 250)
    assert whole.decoded.video.video_stream.frame_count == 250
    assert seconds(whole.decoded.video.duration) == pytest.approx(10.0)
    assert whole.reasons == []


def test_windows_of_frames_tile_the_video(steady):
    windows = Whole(steady).frame_windows
    assert [window.index for window in windows] == list(range(10))
    assert [window.start_s for window in windows] == pytest.approx([float(k) for k in range(10)])
    assert [window.end_s for window in windows[:-1]] == [window.start_s for window in windows[1:]]
    assert windows[-1].end_s == pytest.approx(10.0)


def test_clicks_are_heard_when_they_are(steady):
    whole = Whole(steady, SOUND, Samples(sample_rate_hz=48000, channel_count=2))
    assert click_times_s(whole.samples(), 16000) == pytest.approx([0.5, 5.5, 9.5], abs=0.002)
    both = whole.samples("samples-48000-2")
    assert both.shape[1] == 2
    assert click_times_s(both, 48000) == pytest.approx([0.5, 5.5, 9.5], abs=0.002)
    assert len(both) == pytest.approx(3 * len(whole.samples()), abs=3)


def test_pictures_and_sound_are_interleaved(steady):
    order = Whole(steady).order
    assert max(abs(order[:k].count("FrameWindow") - order[:k].count("SampleWindow")) for k in range(len(order))) <= 2


def test_slow_renditions_hold_the_frames_on_screen_at_their_moments(steady):
    whole = Whole(steady, EVERY, Frames(rate_hz=2.0, long_side_px=100))
    assert [each.rendition_id for each in whole.renditions] == ["frames-256"]
    slow = Whole(steady, Frames(rate_hz=2.0, long_side_px=256))
    # On screen at 0.5 s is frame 12, shown from 0.48 s to 0.52 s.
    assert slow.frames()[0][:4] == [0, 12, 25, 37]
    assert slow.decoded.decoded_frame_count == 250


def test_without_renditions_frames_are_counted_all_the_same(steady):
    (decoded,) = decode(steady, ())
    assert isinstance(decoded, Decoded)
    assert (decoded.displayed_frame_count, seconds(decoded.video.duration)) == (250, pytest.approx(10.0))
    assert decoded.cpu_s > 0


def test_two_decoder_threads_change_nothing(steady):
    assert Whole(steady, EVERY, thread_count=2).frames() == Whole(steady, EVERY).frames()


def test_variable_frame_rate_keeps_its_times(folder):
    times = [0.0, 0.1, 0.15, 0.9, 4.0, 4.04]
    whole = Whole(write_clip(folder / "vfr.mkv", Pictures(times_s=times)))
    assert whole.frames() == (list(range(6)), pytest.approx(times))
    assert [window.start_s for window in whole.frame_windows] == [0.0, 4.0]
    assert whole.frame_windows[0].end_s == 4.0


def test_a_delayed_start_is_time_0_and_earlier_sound_is_cut(folder):
    whole = Whole(
        write_clip(
            folder / "delayed.mkv",
            Pictures(times_s=every(25, 2.0, 1.0)),
            Sound(blocks=[(0.0, clicks([0.5, 1.5, 2.5], 3.0))]),
        )
    )
    assert whole.frames()[1][0] == 0.0
    assert click_times_s(whole.samples(), 16000) == pytest.approx([0.5, 1.5], abs=0.002)
    assert seconds(whole.decoded.video.audio_stream.start_offset) == pytest.approx(-1.0)


def test_a_late_start_and_a_gap_of_the_sound_are_silence(folder):
    blocks = [(0.25, clicks([0.25], 1.0)), (2.0, clicks([0.1], 1.0))]
    whole = Whole(write_clip(folder / "gap.mkv", Pictures(times_s=every(25, 3.0)), Sound(blocks=blocks)))
    assert click_times_s(whole.samples(), 16000) == pytest.approx([0.5, 2.1], abs=0.002)
    sound = whole.decoded.video.audio_stream
    assert (seconds(sound.start_offset), seconds(sound.gap_duration)) == pytest.approx((0.25, 0.75), abs=0.001)
    assert len(whole.samples()) == 48000


def test_sound_may_outlast_the_pictures_and_the_other_way_round(folder):
    for name, picture_s, sound_s in (("long-sound.mkv", 1.0, 3.0), ("long-picture.mkv", 3.0, 1.0)):
        whole = Whole(
            write_clip(
                folder / name, Pictures(times_s=every(25, picture_s)), Sound(blocks=[(0.0, clicks([], sound_s))])
            )
        )
        assert len(whole.samples()) == sound_s * 16000
        assert seconds(whole.decoded.video.duration) == pytest.approx(picture_s)
        assert whole.reasons == []


def test_frames_outside_the_edit_list_are_not_shown(folder):
    # Times before 0 make the muxer write an edit list that starts at frame 10.
    whole = Whole(
        write_clip(
            folder / "edited.mp4",
            Pictures(times_s=every(25, 2.0, -0.4)),
            Sound(blocks=[(-0.4, clicks([0.5, 1.5], 2.0))], codec="aac"),
        )
    )
    numbers, times = whole.frames()
    assert numbers == list(range(10, 50))
    assert times == pytest.approx(every(25, 1.6))
    assert whole.decoded.displayed_frame_count == 40
    assert click_times_s(whole.samples(), 16000) == pytest.approx([0.1, 1.1], abs=0.002)


@pytest.mark.parametrize(
    ("rotation_deg", "mirrored", "corners"),
    [
        (0, False, ("red", "green", "blue", "white")),
        (-90, False, ("blue", "red", "white", "green")),
        (180, False, ("white", "blue", "green", "red")),
        (90, False, ("green", "white", "red", "blue")),
        (0, True, ("green", "red", "white", "blue")),
    ],
)
def test_the_display_matrix_is_applied(folder, rotation_deg, mirrored, corners):
    path = write_clip(
        folder / f"turned{rotation_deg}{mirrored}.mp4",
        Pictures(times_s=every(25, 0.2), rotation_deg=rotation_deg, mirrored=mirrored),
    )
    batch = Whole(path).frame_windows[0].renditions["frames-256"]
    assert corners_of(batch.rgb[0]) == corners
    assert batch.rgb.shape[1:] == ((160, 96, 3) if abs(rotation_deg) == 90 else (96, 160, 3))


def test_narrow_pixels_make_a_narrow_picture(folder):
    path = write_clip(folder / "sar.mp4", Pictures(times_s=every(25, 0.2), pixel_aspect=Fraction(1, 2)))
    whole = Whole(path)
    assert whole.frame_windows[0].renditions["frames-256"].rgb.shape == (5, 96, 80, 3)
    assert whole.frames()[0] == list(range(5))


@pytest.mark.parametrize(
    ("suffix", "codec", "sound_codec"),
    [("ts", "libx264", "aac"), ("avi", "mpeg4", "pcm_s16le"), ("webm", "libvpx", "libopus"), ("flv", "libx264", "aac")],
)
def test_other_containers_give_every_frame(folder, suffix, codec, sound_codec):
    options = {"deadline": "realtime", "cpu-used": "8", "crf": "10", "b": "1M"} if codec == "libvpx" else {}
    time_base = Fraction(1, 25) if suffix == "avi" else Fraction(1, 1000)
    path = write_clip(
        folder / f"clip.{suffix}",
        Pictures(times_s=every(25, 2.0), codec=codec, options=options, time_base=time_base),
        Sound(blocks=[(0.0, clicks([0.5, 1.5], 2.0))], codec=sound_codec),
    )
    whole = Whole(path)
    assert whole.frames() == (list(range(50)), pytest.approx(every(25, 2.0), abs=0.001))
    assert click_times_s(whole.samples(), 16000) == pytest.approx([0.5, 1.5], abs=0.05)
    assert whole.reasons == []


def test_sound_without_pictures_starts_at_its_first_sample(folder):
    path = write_clip(folder / "sound.mkv", sound=Sound(blocks=[(2.0, clicks([0.5], 1.5))]))
    whole = Whole(path)
    assert click_times_s(whole.samples(), 16000) == pytest.approx([0.5], abs=0.001)
    assert seconds(whole.decoded.video.duration) == pytest.approx(1.5)
    assert not whole.decoded.video.HasField("video_stream")


# Damaged files


def test_a_cut_file_gives_what_is_there(folder, steady):
    data = steady.read_bytes()
    (folder / "cut.mp4").write_bytes(data[: int(len(data) * 0.6)])
    whole = Whole(folder / "cut.mp4")
    numbers, times = whole.frames()
    assert 50 < len(numbers) < 200
    assert numbers[:50] == list(range(50))
    assert "truncated" in whole.reasons
    assert seconds(whole.decoded.video.duration) == pytest.approx(times[-1] + 0.04, abs=0.01)


@pytest.mark.parametrize(("suffix", "codec", "sound_codec"), [("mkv", "libx264", "aac"), ("avi", "mpeg4", "pcm_s16le")])
def test_cut_files_of_other_containers_are_noticed(folder, suffix, codec, sound_codec):
    path = write_clip(
        folder / f"whole.{suffix}",
        Pictures(times_s=every(25, 4.0), codec=codec, options={}, time_base=Fraction(1, 25)),
        Sound(blocks=[(0.0, clicks([], 4.0))], codec=sound_codec),
    )
    cut = folder / f"cut.{suffix}"
    cut.write_bytes(path.read_bytes()[: path.stat().st_size * 6 // 10])
    whole = Whole(cut)
    assert 40 < whole.decoded.displayed_frame_count < 80
    assert "truncated" in whole.reasons


def test_flipped_bytes_are_counted_and_survived(folder, steady):
    data, dice = bytearray(steady.read_bytes()), random.Random(1)
    first = data.index(b"mdat") + 100
    for _ in range(200):
        data[dice.randrange(first, len(data))] = dice.randrange(256)
    (folder / "dirty.mp4").write_bytes(data)
    whole = Whole(folder / "dirty.mp4")
    assert whole.decoded.displayed_frame_count > 150
    assert whole.frames()[1][-1] == pytest.approx(9.96, abs=0.5)
    assert {"video_packet_corrupt", "audio_packet_corrupt"} <= set(whole.reasons)
    assert len(whole.samples()) == pytest.approx(160000, abs=2000)


def test_joined_recordings_go_on_where_the_first_ended(folder):
    path = write_clip(
        folder / "half.ts",
        Pictures(times_s=every(25, 2.0)),
        Sound(blocks=[(0.0, clicks([0.5], 2.0))], codec="aac"),
    )
    joined = folder / "joined.ts"
    joined.write_bytes(path.read_bytes() * 2)
    whole = Whole(joined)
    numbers, times = whole.frames()
    assert numbers == [*range(50), *range(50)]
    assert times == pytest.approx(every(25, 4.0), abs=0.001)
    assert "video_times_discontinuous" in whole.reasons
    assert click_times_s(whole.samples(), 16000) == pytest.approx([0.5, 2.5], abs=0.06)


def test_pictures_that_change_their_shape_are_fitted_into_the_first_one(folder):
    first = write_clip(folder / "wide.ts", Pictures(times_s=every(25, 1.0)))
    second = write_clip(folder / "tall.ts", Pictures(times_s=every(25, 1.0, 1.0), width_px=96, height_px=160))
    path = folder / "shapes.ts"
    path.write_bytes(first.read_bytes() + second.read_bytes())
    whole = Whole(path)
    last = whole.frame_windows[-1].renditions["frames-256"].rgb[-1]
    assert whole.decoded.displayed_frame_count == 50
    assert last.shape == (96, 160, 3)
    assert last[:, :48].max() == last[:, -48:].max() == 0
    assert corners_of(last[:, 52:108]) == ("red", "green", "blue", "white")


def test_a_picture_stream_without_pictures_leaves_the_sound(folder):
    path = write_clip(
        folder / "blind.mkv",
        Pictures(times_s=every(25, 1.0), codec="ffv1", options={}),
        Sound(blocks=[(0.0, clicks([0.5], 1.0))]),
    )
    data = path.read_bytes()
    path.write_bytes(data.replace(b"V_FFV1", b"V_VP8\0"))
    whole = Whole(path)
    assert whole.reasons[-1] == "video_undecodable"
    assert not whole.decoded.video.HasField("video_stream")
    assert click_times_s(whole.samples(), 16000) == pytest.approx([0.5], abs=0.001)


def test_nothing_at_all_is_an_error(folder):
    path = write_clip(folder / "nothing.mkv", Pictures(times_s=every(25, 0.4), codec="ffv1", options={}))
    path.write_bytes(path.read_bytes().replace(b"V_FFV1", b"V_VP8\0"))
    with pytest.raises(NothingToDecode):
        list(decode(path, ()))


# Stopping


def test_cancelling_stops_between_packets(steady):
    stop = threading.Event()
    steps = decode(steady, plan([EVERY], probe(steady)), cancelled=stop.is_set)
    next(steps)
    stop.set()
    with pytest.raises(Cancelled):
        list(steps)


def test_closing_the_generator_closes_the_file(steady):
    steps = decode(steady, plan([EVERY], probe(steady)))
    next(steps)
    assert str(steady) in open_files()
    steps.close()  # type: ignore[attr-defined]
    assert str(steady) not in open_files()


def open_files() -> set[str]:
    return {str(entry.readlink()) for entry in Path("/proc/self/fd").iterdir() if entry.is_symlink()}
