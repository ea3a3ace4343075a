import os
from pathlib import Path

import av
import pytest
from PIL import Image

from gateway.decode.source import open_source
from services.common.errors import InvalidSetting, NotAVideo, NotFound, NothingToDecode, UnsupportedCodec
from tests.clips import Pictures, Sound, clicks, every, write_clip


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    return write_clip(
        tmp_path / "clip.mp4", Pictures(times_s=every(25, 0.4)), Sound(blocks=[(0.0, clicks([0.1], 0.4))], codec="aac")
    )


def two_sounds(path: Path) -> Path:
    """Two audio streams, the second is the default one."""
    with av.open(str(path), "w") as container:
        for index in range(2):
            stream = container.add_stream("pcm_s16le", rate=48000)
            stream.codec_context.layout = "mono"
            stream.disposition = av.stream.Disposition.default if index else av.stream.Disposition(0)
        for stream in container.streams:
            frame = av.AudioFrame(format="s16", layout="mono", samples=4800)
            frame.sample_rate, frame.pts = 48000, 0
            for packet in [*stream.encode(frame), *stream.encode(None)]:
                container.mux(packet)
    return path


def test_the_picture_and_the_sound_are_chosen(clip):
    with open_source(clip) as source:
        assert (source.video.type, source.audio.type, source.audio_count) == ("video", "audio", 1)
        assert float(source.end_from_header) == pytest.approx(0.4, abs=0.03)


def test_the_default_sound_is_chosen_unless_another_is_asked_for(tmp_path):
    path = two_sounds(tmp_path / "two.mkv")
    with open_source(path) as source:
        assert (source.audio.index, source.audio_count) == (1, 2)
    with open_source(path, audio_stream=0) as source:
        assert source.audio.index == 0
    with pytest.raises(InvalidSetting, match="its audio streams are 0, 1"), open_source(path, audio_stream=7):
        pass


def refused(path: Path, error: type[Exception]) -> str:
    with pytest.raises(error) as caught, open_source(path):
        pass
    return str(caught.value)


def test_what_is_no_video_is_refused_by_name(tmp_path):
    (tmp_path / "empty.mp4").touch()
    (tmp_path / "notes.txt").write_text("Dear diary, today nothing moved.\n" * 200)
    (tmp_path / "zeros.mp4").write_bytes(bytes(100_000))
    Image.new("RGB", (64, 64), "red").save(tmp_path / "photo.jpg")
    Image.new("RGB", (64, 64), "red").save(tmp_path / "photo.png")
    assert refused(tmp_path / "empty.mp4", NotAVideo) == "'empty.mp4' is empty"
    assert refused(tmp_path, NotAVideo).endswith("is not a file")
    assert refused(tmp_path / "gone.mp4", NotFound) == "there is no file 'gone.mp4'"
    for name in ("notes.txt", "zeros.mp4", "photo.jpg", "photo.png"):
        assert name in refused(tmp_path / name, NotAVideo)


def test_a_pipe_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe.mp4")
    refused(tmp_path / "pipe.mp4", NotAVideo)


def test_playlists_cannot_name_other_files(tmp_path, clip):
    for name, text in {
        "list.m3u8": f"#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\n{clip}\n#EXT-X-ENDLIST\n",
        "list.ffconcat": f"ffconcat version 1.0\nfile {clip.name}\n",
        "list.sdp": "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=video 5004 RTP/AVP 96\n",
    }.items():
        (tmp_path / name).write_text(text)
        refused(tmp_path / name, NotAVideo)


def test_a_name_is_never_a_protocol_or_a_pattern(tmp_path, clip):
    for name in ("concat:a|b.mp4", "shot%03d.mp4", "http:clip.mp4"):
        renamed = clip.rename(tmp_path / name)
        with open_source(renamed) as source:
            assert source.video is not None
        clip = renamed


def test_cover_art_is_not_a_video(tmp_path):
    path = tmp_path / "song.mp3"
    with av.open(str(path), "w") as container:
        sound = container.add_stream("libmp3lame", rate=44100)
        art = container.add_stream("mjpeg")
        art.width, art.height, art.pix_fmt, art.disposition = 64, 64, "yuvj420p", av.stream.Disposition.attached_pic
        frame = av.VideoFrame.from_image(Image.new("RGB", (64, 64), "red")).reformat(format="yuvj420p")
        frame.pts = 0
        container.mux(art.encode(frame))
        for first in range(0, 44100, 1152):
            piece = av.AudioFrame(format="fltp", layout="stereo", samples=1152)
            piece.sample_rate, piece.pts = 44100, first
            for plane in piece.planes:
                plane.update(bytes(plane.buffer_size))
            container.mux(sound.encode(piece))
        container.mux(sound.encode(None))
    with open_source(path) as source:
        assert source.video is None
        assert source.audio is not None


@pytest.fixture
def odd(tmp_path: Path) -> Path:
    """A clip whose sound is in a codec that nobody knows."""
    sound = Sound(blocks=[(0.0, clicks([0.1], 0.4))])
    path = write_clip(tmp_path / "odd.mkv", Pictures(times_s=every(25, 0.4), codec="ffv1", options={}), sound)
    path.write_bytes(path.read_bytes().replace(b"A_PCM", b"A_QQQ"))
    return path


def test_a_file_of_unknown_codecs_says_so(odd):
    odd.write_bytes(odd.read_bytes().replace(b"V_FFV1", b"V_QQQ1"))
    refused(odd, UnsupportedCodec)


def test_one_unknown_codec_leaves_the_other_stream(odd):
    with open_source(odd) as source:
        assert source.video is not None
        assert source.audio is None
        assert [each.reason for each in source.damages.damages()] == ["audio_undecodable"]


def test_a_container_of_subtitles_only_has_nothing_to_decode(tmp_path):
    path, words = tmp_path / "words.mkv", tmp_path / "words.srt"
    words.write_text("1\n00:00:00,000 --> 00:00:02,000\nHello.\n\n")
    with av.open(str(words)) as text, av.open(str(path), "w") as container:
        stream = container.add_stream_from_template(text.streams.subtitles[0])
        for packet in text.demux():
            if packet.dts is not None:
                packet.stream = stream
                container.mux(packet)
    refused(path, NothingToDecode)
