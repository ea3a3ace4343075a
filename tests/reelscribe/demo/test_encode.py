from __future__ import annotations

from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image

from reelscribe.demo import encode
from reelscribe.demo.scenario import HEIGHT_PX, WIDTH_PX

COLOURS = [(200, 30, 30), (30, 160, 40), (40, 60, 200)]


def three_seconds() -> list[Image.Image]:
    return [Image.new("RGB", (WIDTH_PX, HEIGHT_PX), colour) for colour in COLOURS for _ in range(30)]


def tone(rate_hz: int = 24_000) -> np.ndarray:
    return (0.5 * np.sin(2 * np.pi * 440 * np.arange(3 * rate_hz) / rate_hz)).astype(np.float32)


@pytest.fixture(params=encode.VIDEO_CODECS, ids=lambda choice: choice[0])
def clip(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    if request.param[0] not in av.codecs_available:
        pytest.skip(f"this FFmpeg has no {request.param[0]}")
    monkeypatch.setattr(encode, "VIDEO_CODECS", (request.param,))
    encode.write_mp4(tmp_path / "clip.mp4", three_seconds(), tone(), 24_000)
    return tmp_path / "clip.mp4"


def test_every_frame_is_there_at_its_time(clip: Path):
    with av.open(str(clip)) as container:
        times = [frame.time for frame in container.decode(video=0)]
    assert times == pytest.approx([index / 30 for index in range(90)], abs=1e-4)


def test_colours_survive(clip: Path):
    with av.open(str(clip)) as container:
        frames = [frame.to_image().getpixel((300, 600)) for frame in container.decode(video=0)]
    for index, colour in zip((10, 40, 70), COLOURS, strict=True):
        assert frames[index] == pytest.approx(colour, abs=8)


def test_sound_is_as_long_as_the_picture_and_at_the_same_pitch(clip: Path):
    with av.open(str(clip)) as container:
        samples = np.concatenate([frame.to_ndarray()[0] for frame in container.decode(audio=0)])
    assert samples.size / encode.AUDIO_RATE_HZ == pytest.approx(3.0, abs=0.03)
    spectrum = np.abs(np.fft.rfft(samples[48_000:96_000]))
    assert spectrum.argmax() == pytest.approx(440, abs=1)


def test_the_index_stands_before_the_media(clip: Path):
    content = clip.read_bytes()
    assert 0 < content.index(b"moov") < content.index(b"mdat")


def test_a_codec_that_is_missing_is_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(encode, "VIDEO_CODECS", (("no_such_codec", {}), ("mpeg4", {})))
    encode.write_mp4(tmp_path / "clip.mp4", three_seconds()[:3], tone()[:2400], 24_000)
    with av.open(str(tmp_path / "clip.mp4")) as container:
        assert container.streams.video[0].codec_context.name == "mpeg4"
