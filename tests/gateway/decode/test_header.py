from fractions import Fraction

import pytest

from gateway.decode.header import probe
from services.common.errors import NothingToDecode, TooLarge
from services.common.time import seconds
from tests.clips import Pictures, Sound, clicks, every, write_clip


def test_all_that_is_known_before_decoding_is_said(tmp_path):
    path = write_clip(
        tmp_path / "clip.mp4",
        Pictures(times_s=every(25, 0.4), rotation_deg=-90, mirrored=True, pixel_aspect=Fraction(2), color_trc=1),
        Sound(blocks=[(0.0, clicks([0.1], 0.4, channel_count=2))], codec="aac"),
    )
    video = probe(path)
    assert (video.name, video.size_bytes) == ("clip.mp4", path.stat().st_size)
    assert "mp4" in video.container
    pictures, sound = video.video_stream, video.audio_stream
    assert (pictures.codec, pictures.width_px, pictures.height_px) == ("h264", 96, 320)
    assert (pictures.rotation_deg, pictures.mirrored) == (90, True)
    assert (pictures.color_transfer, pictures.tone_mapped) == ("bt709", False)
    assert pictures.frame_rate_from_header_hz == pytest.approx(25)
    assert (sound.codec, sound.sample_rate_hz, sound.channel_count) == ("aac", 48000, 2)
    assert (sound.stream_index, sound.stream_count) == (1, 1)


def test_what_only_decoding_can_tell_is_left_open(tmp_path):
    video = probe(write_clip(tmp_path / "clip.mp4", Pictures(times_s=every(25, 0.4))))
    assert not video.HasField("duration")
    assert not video.HasField("audio_stream")
    assert video.video_stream.frame_count == 0


@pytest.mark.parametrize(("picture_s", "sound_s", "offset_s"), [(0.0, 0.5, 0.5), (1.5, 0.0, -1.5)])
def test_the_sound_may_start_later_or_earlier(tmp_path, picture_s, sound_s, offset_s):
    path = write_clip(
        tmp_path / "clip.mkv",
        Pictures(times_s=every(25, 0.4, picture_s)),
        Sound(blocks=[(sound_s, clicks([], 1.0))]),
    )
    assert seconds(probe(path).audio_stream.start_offset) == pytest.approx(offset_s, abs=0.001)


def test_hdr_is_said_to_be_tone_mapped(tmp_path):
    pictures = Pictures(
        times_s=every(25, 0.2), codec="libx265", pix_fmt="yuv420p10le", options={"x265-params": "log-level=none"},
        colorspace=9, color_trc=16, color_primaries=9,
    )  # fmt: skip
    stream = probe(write_clip(tmp_path / "clip.mp4", pictures)).video_stream
    assert (stream.color_transfer, stream.tone_mapped) == ("smpte2084", True)


def test_pictures_over_the_limit_are_refused(tmp_path):
    path = write_clip(tmp_path / "clip.mp4", Pictures(times_s=[0.0]))
    with pytest.raises(TooLarge, match="160 x 96"):
        probe(path, max_pixel_count=160 * 96 - 1)
    assert probe(path, max_pixel_count=160 * 96).video_stream.width_px == 160


def test_8k_is_over_the_usual_limit_and_4k_is_not(tmp_path):
    large = Pictures(times_s=[0.0], width_px=7680, height_px=4320, codec="mjpeg", pix_fmt="yuvj420p", options={})
    with pytest.raises(TooLarge, match="7680 x 4320"):
        probe(write_clip(tmp_path / "8k.mkv", large))
    large = Pictures(times_s=[0.0], width_px=3840, height_px=2160, codec="mjpeg", pix_fmt="yuvj420p", options={})
    assert probe(write_clip(tmp_path / "4k.mkv", large)).video_stream.width_px == 3840


def test_a_sound_file_has_no_video_stream(tmp_path):
    video = probe(write_clip(tmp_path / "a.wav", sound=Sound(blocks=[(0.0, clicks([0.1], 0.5))])))
    assert not video.HasField("video_stream")
    assert seconds(video.audio_stream.start_offset) == 0
    assert list(video.damages) == []


def test_pictures_that_never_come_out_are_nothing(tmp_path):
    path = write_clip(tmp_path / "clip.mkv", Pictures(times_s=every(25, 0.4), codec="ffv1", options={}))
    path.write_bytes(path.read_bytes().replace(b"V_FFV1", b"V_VP8\0"))
    with pytest.raises(NothingToDecode, match="no picture"):
        probe(path)
