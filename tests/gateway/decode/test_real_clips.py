"""Real clips, odd and damaged ones among them.

Counts and times are those of ffprobe 5.1 (`-show_frames`, best_effort_timestamp_time of the picture stream, first one
taken off; the end adds the last frame's duration), a different FFmpeg from the one that decodes here.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from gateway.decode import Decoded, FrameWindow, SampleWindow, decode, probe
from gateway.plan import plan
from reelscribe.v1.media_pb2 import Video
from services.common.errors import InvalidSetting, NothingToDecode
from services.common.time import seconds
from services.common.window import Frames, Samples

SMALL = Frames(rate_hz=None, long_side_px=256)
SOUND = Samples(sample_rate_hz=16000)

# name: frames, time of the last frame, end of the last frame, width, height
FACTS = {
    "psd_counter.mp4": (30, 2.9, 3.0, 1920, 1080),
    "mediabunny_cursed-vfr.mp4": (63, 7.155503, 8.725503, 3026, 1386),
    "psd_delayed_start.mp4": (24, 0.92, 0.96, 480, 320),
    "androidx_sample_edit_list.mp4": (77, 2.535, 2.568333, 1080, 1920),
    "androidx_sample_portrait.mp4": (30, 0.967633, 1.001, 720, 1080),
    "androidx_portrait_4k60.mp4": (18, 0.283067, 0.299711, 2160, 3840),
    "androidx_sample_rotate_and_reflect.mp4": (30, 0.967633, 1.001, 720, 1080),
    "androidx_h265_with_metadata_track.mp4": (3, 0.066711, 0.100067, 1080, 1920),
    "androidx_hdr10-av1.mp4": (127, 4.2042, 4.237567, 720, 1280),
    "androidx_hdr10-video-with-sdr-container.mp4": (28, 0.9841, 1.0174, 1920, 1080),
    "androidx_hlg10-color-test.mp4": (9, 0.266756, 0.3001, 1920, 1080),
    "mediabunny_sar_2x1.mp4": (150, 4.966667, 5.0, 1280, 360),
    "moviepy_transparent.webm": (150, 4.967, 5.0, 200, 200),
    "moviepy_no_duration.webm": (74, 4.872, 4.938, 1280, 720),
    "moviepy_video_with_failing_audio.mp4": (280, 11.16, 11.2, 640, 360),
    "androidx_sample_android_slow_motion.mp4": (7, 0.492011, 0.525344, 1280, 720),
    "androidx_sample_empty_track.mp4": (30, 0.967622, 1.000989, 1080, 720),
    "androidx_sample_mdat_too_long.mp4": (30, 0.967633, 1.001, 1080, 720),
    "androidx_sample_missing_stsd.mp4": (30, 0.967633, 1.001, 1080, 720),
    "androidx_sample_video_only.mp4": (30, 0.967633, 1.001, 1080, 720),
    "androidx_sample_shorter_audio.mp4": (72, 1.183333, 1.2, 320, 240),
    "androidx_sowt-with-video.mov": (100, 1.98, 2.0, 1920, 1080),
    "androidx_roadtrip-vp92-10bit.webm": (72, 2.961, 3.002, 426, 240),
    "mediabunny_no-initial-keyframe.ts": (15, 0.466, 0.499367, 626, 352),
    "mdn_friday.mp4": (185, 6.133333, 6.166667, 640, 480),
    "mdn_flower.webm": (150, 4.972, 5.005, 960, 540),
    "grid_brbk7n.mpg": (75, 2.96, 3.0, 360, 288),
    "intel_asl_again.mkv": (77, 2.534, 2.567, 640, 480),
    "torchcodec_av1_video.mkv": (125, 4.96, 5.0, 640, 360),
    "torchcodec_h264_10bits.mp4": (30, 0.966667, 1.0, 200, 200),
    "torchcodec_h265_10bits.mp4": (30, 0.966667, 1.0, 200, 200),
    "derived/vertical_de_composite.mp4": (745, 24.8, 24.833333, 720, 1280),
}

UNDAMAGED_BUT_FOR = {
    "androidx_sample_missing_stsd.mp4": ["audio_undecodable"],
    "mediabunny_no-initial-keyframe.ts": ["video_no_initial_keyframe"],
}


@pytest.fixture(scope="session")
def clips(media_dir: Path) -> Path:
    return media_dir / "video"


def frames_of(path: Path, need: Frames = SMALL) -> tuple[np.ndarray, list[float], Decoded]:
    """(pixels of the last window's rendition, all times, the end)."""
    rgb, pts_s, decoded = np.empty(0), [], None
    for step in decode(path, plan([need], probe(path))):
        if isinstance(step, FrameWindow):
            (batch,) = step.renditions.values()
            rgb, pts_s = batch.rgb if len(batch) else rgb, [*pts_s, *batch.pts_s]
        elif isinstance(step, Decoded):
            decoded = step
    assert decoded is not None
    return rgb, pts_s, decoded


def samples_of(path: Path, **options: int) -> tuple[np.ndarray, Video]:
    steps = list(decode(path, plan([SOUND], probe(path)), **options))  # type: ignore[arg-type]
    assert isinstance(steps[-1], Decoded)
    blocks = [step.renditions["samples-16000-1"].samples for step in steps if isinstance(step, SampleWindow)]
    return np.concatenate(blocks or [np.empty((0, 1))]), steps[-1].video


@pytest.mark.parametrize("name", FACTS)
def test_frames_times_and_size_are_those_of_ffprobe(clips, name):
    count, last_s, end_s, width, height = FACTS[name]
    rgb, pts_s, decoded = frames_of(clips / name)
    assert decoded.decoded_frame_count == decoded.displayed_frame_count == len(pts_s) == count
    assert pts_s[0] == 0.0
    assert pts_s[-1] == pytest.approx(last_s, abs=1e-5)
    assert np.all(np.diff(pts_s) > 0)
    video = decoded.video
    assert seconds(video.duration) == pytest.approx(end_s, abs=1e-5)
    assert (video.video_stream.width_px, video.video_stream.height_px) == (width, height)
    assert max(rgb.shape[1:3]) == min(256, max(width, height))
    assert [damage.reason for damage in decoded.damages] == UNDAMAGED_BUT_FOR.get(name, [])


def test_the_gaps_of_a_screen_recording_are_kept(clips):
    _, pts_s, _ = frames_of(clips / "mediabunny_cursed-vfr.mp4")
    assert pts_s[:6] == pytest.approx([0.0, 1.115208, 1.156892, 1.181806, 1.203507, 1.208802], abs=1e-5)


# Which way is up


def test_a_turned_and_mirrored_clip_looks_like_the_same_clip_stored_upright(clips):
    turned, _, _ = frames_of(clips / "androidx_sample_rotate_and_reflect.mp4")
    upright, _, _ = frames_of(clips / "androidx_sample_portrait.mp4")
    assert turned.shape == upright.shape
    assert np.abs(turned.astype(int) - upright).mean() < 3


@pytest.mark.parametrize(
    ("name", "rotation_deg", "mirrored"),
    [
        ("androidx_sample_portrait.mp4", 0, False),
        ("androidx_portrait_4k60.mp4", 90, False),
        ("androidx_sample_rotate_and_reflect.mp4", 90, True),
    ],
)
def test_the_turn_is_reported(clips, name, rotation_deg, mirrored):
    stream = probe(clips / name).video_stream
    assert (stream.rotation_deg, stream.mirrored) == (rotation_deg, mirrored)


# Colours


@pytest.mark.parametrize(
    ("name", "transfer"),
    [
        ("androidx_hdr10-av1.mp4", "smpte2084"),
        ("androidx_hdr10-video-with-sdr-container.mp4", "smpte2084"),
        ("androidx_hlg10-color-test.mp4", "arib-std-b67"),
        ("androidx_sample_edit_list.mp4", "arib-std-b67"),
    ],
)
def test_hdr_clips_are_tone_mapped(clips, name, transfer):
    rgb, _, decoded = frames_of(clips / name)
    stream = decoded.video.video_stream
    assert (stream.color_transfer, stream.tone_mapped) == (transfer, True)
    # Raw PQ or HLG is pale; the scenes are daylight with white in them.
    assert np.percentile(rgb, 99) > 225
    assert np.percentile(rgb, 1) < 60


def test_the_patches_of_an_hlg_color_chart_have_their_hues(clips):
    rgb, _, _ = frames_of(clips / "androidx_hlg10-color-test.mp4", Frames(rate_hz=None, long_side_px=1280))
    # Centres of patches on the chart, as fractions of the frame, found by eye.
    spots = {"orange": (0.16, 0.35), "blue": (0.16, 0.60), "green": (0.29, 0.60), "red": (0.415, 0.60)}
    height, width = rgb.shape[1:3]
    color = {
        name: rgb[-1, int(y * height) - 8 : int(y * height) + 8, int(x * width) - 8 : int(x * width) + 8]
        .mean(axis=(0, 1))
        .round()
        for name, (x, y) in spots.items()
    }
    red, green, blue = color["orange"]
    assert red > 200 > 170 > green > 90 > blue
    assert color["blue"].argmax() == 2
    assert color["green"].argmax() == 1
    assert color["red"].argmax() == 0


def test_color_bars_have_their_colors(clips):
    rgb, _, _ = frames_of(clips / "mediabunny_sar_2x1.mp4", Frames(rate_hz=None, long_side_px=1280))
    line = rgb[0, 330].astype(int)
    bars = {"red": 100, "green": 320, "yellow": 530, "blue": 740, "magenta": 950, "cyan": 1200}
    wanted = {"red": 0b100, "green": 0b010, "yellow": 0b110, "blue": 0b001, "magenta": 0b101, "cyan": 0b011}
    seen = {name: sum(int(value > 128) << 2 - i for i, value in enumerate(line[x])) for name, x in bars.items()}
    assert seen == wanted


def test_transparent_pixels_have_their_stored_color(clips):
    rgb, _, _ = frames_of(clips / "moviepy_transparent.webm")
    red, green, blue = rgb.reshape(-1, 3).max(axis=0).astype(int)
    assert red > 200
    assert max(green, blue) < 100
    assert np.median(rgb) < 8


# Sound


@pytest.mark.parametrize(
    ("name", "start_s", "length_s"),
    [
        # Samples given by ffmpeg 5.1 with aresample=async=1:first_pts=0, over the rate.
        ("derived/vertical_de_composite.mp4", 0.0, 24.845351),
        ("androidx_sample_portrait.mp4", 0.042993, 1.087891),
        ("androidx_hdr10-av1.mp4", 0.021, 4.202333),
        ("moviepy_no_duration.webm", 0.015, 4.875),
        ("androidx_sowt-with-video.mov", 0.0, 2.0),
    ],
)
def test_sound_starts_and_ends_where_it_is_stated(clips, name, start_s, length_s):
    samples, video = samples_of(clips / name)
    assert seconds(video.audio_stream.start_offset) == pytest.approx(start_s, abs=1e-3)
    assert len(samples) / 16000 == pytest.approx(length_s, abs=2e-3)
    assert seconds(video.audio_stream.gap_duration) == 0
    assert np.abs(samples[: max(0, int(start_s * 16000) - 8)]).max(initial=0) < 1e-6
    assert (np.abs(samples).max() > 0.001) == (name != "moviepy_no_duration.webm")  # it has a sound track of silence
    assert np.abs(samples).max() <= 1.0


def test_shorter_sound_is_not_padded(clips):
    samples, video = samples_of(clips / "androidx_sample_shorter_audio.mp4")
    assert len(samples) / 16000 == pytest.approx(0.766, abs=0.01)
    assert seconds(video.duration) == pytest.approx(1.2)


def test_sound_before_the_first_picture_is_cut(clips):
    samples, video = samples_of(clips / "mediabunny_no-initial-keyframe.ts")
    # 112.711 s against 114.847 s by ffprobe; FFmpeg 8 places the AAC frame 2 ms later.
    assert seconds(video.audio_stream.start_offset) == pytest.approx(-2.134, abs=0.003)
    assert len(samples) / 16000 == pytest.approx(0.51, abs=0.01)


def test_a_sound_file_has_no_frames(clips):
    samples, video = samples_of(clips / "androidx_sample_audio_only.mp4")
    assert not video.HasField("video_stream")
    assert seconds(video.duration) == pytest.approx(len(samples) / 16000, abs=1e-3)


def test_each_of_several_sounds_can_be_asked_for(clips):
    path = clips / "mediabunny_multiple-aac-tracks.mp4"
    for index in (0, 1):
        samples, video = samples_of(path, audio_stream=index)
        assert (video.audio_stream.stream_index, video.audio_stream.stream_count) == (index, 2)
        assert video.audio_stream.channel_count == 6
        assert len(samples) / 16000 == pytest.approx(5.0133, abs=0.01)
    with pytest.raises(InvalidSetting):
        probe(path, audio_stream=2)


# What cannot be decoded


def test_an_invalid_bitstream_is_nothing(clips):
    path = clips / "androidx_invalid-bitstream.webm"
    with pytest.raises(NothingToDecode, match="no picture"):
        probe(path)
    with pytest.raises(NothingToDecode):
        list(decode(path, ()))


def test_vvc_is_decoded_where_ffmpeg_can(clips):
    _, pts_s, decoded = frames_of(clips / "androidx_sample_vvc.mp4")
    # 120 packets of 1/24 s by ffprobe, which cannot decode them.
    assert (len(pts_s), decoded.video.video_stream.codec) == (120, "vvc")
    assert seconds(decoded.video.duration) == pytest.approx(5.0)


def test_six_minutes_take_no_more_memory_than_seconds(clips):
    """21766 frames; in a process of its own, since the peak is the process's."""
    script = (
        "import resource, sys; from pathlib import Path; from gateway.decode import decode, probe;"
        "from gateway.plan import plan; from services.common.window import Frames, Samples;"
        "path = Path(sys.argv[1]); needs = [Frames(rate_hz=2.0, long_side_px=256), Samples(sample_rate_hz=16000)];"
        "steps = decode(path, plan(needs, probe(path))); first = next(steps);"
        "start = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss;"
        "last = [step for step in steps if type(step).__name__ == 'Decoded'][0];"
        "end = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss;"
        "print(last.displayed_frame_count, end - start)"
    )
    path = clips / "androidx_long_180p_av1.mp4"
    done = subprocess.run([sys.executable, "-c", script, str(path)], capture_output=True, text=True, check=True)
    frame_count, growth_kib = map(int, done.stdout.split())
    assert frame_count == 21766
    # All of its samples alone are 23 MB, its small frames 84 MB.
    assert growth_kib < 16 * 1024
