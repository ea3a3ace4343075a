import pytest

from reelscribe.v1.media_pb2 import FrameFormat, Rendition, SampleFormat
from services.common.renditions import serve
from services.common.window import Frames, Samples


def frames(name: str, width: int, height: int, rate_hz: float | None) -> Rendition:
    return Rendition(rendition_id=name, frames=FrameFormat(width_px=width, height_px=height, rate_hz=rate_hz))


PART = [
    frames("frames-256", 144, 256, None),
    frames("frames-640", 360, 640, 15.0),
    frames("frames-1280", 720, 1280, 2.0),
    Rendition(rendition_id="samples-16000-1", samples=SampleFormat(sample_rate_hz=16000, channel_count=1)),
]


@pytest.mark.parametrize(
    ("need", "rendition_id"),
    [
        (Frames(rate_hz=None, long_side_px=256), "frames-256"),
        (Frames(rate_hz=2.0, long_side_px=100), "frames-256"),
        (Frames(rate_hz=5.0, long_side_px=257), "frames-640"),
        (Frames(rate_hz=15.0, long_side_px=640), "frames-640"),
        (Frames(rate_hz=2.0, long_side_px=641), "frames-1280"),
        (Frames(rate_hz=1.0, long_side_px=None), "frames-1280"),
        (Samples(sample_rate_hz=16000), "samples-16000-1"),
    ],
)
def test_the_smallest_rendition_that_is_large_and_fast_enough_serves(need, rendition_id):
    assert serve(need, PART) == rendition_id


def test_a_slow_rendition_does_not_serve_a_fast_reader():
    assert serve(Frames(rate_hz=10.0, long_side_px=640), [PART[2], PART[1]]) == "frames-640"
    with pytest.raises(LookupError, match="frames-1280"):
        serve(Frames(rate_hz=10.0, long_side_px=640), [PART[2]])


def test_a_video_smaller_than_asked_for_serves_with_its_largest():
    small = [frames("frames-256", 256, 192, None), frames("frames-640", 320, 240, 15.0)]
    assert serve(Frames(rate_hz=2.0, long_side_px=1280), small) == "frames-640"


def test_sound_must_match_exactly():
    with pytest.raises(LookupError):
        serve(Samples(sample_rate_hz=48000), PART)
    with pytest.raises(LookupError):
        serve(Samples(sample_rate_hz=16000, channel_count=2), PART)


def test_a_measurement_gets_the_files_own_sound_and_nothing_that_was_made_of_it():
    measured = Rendition(rendition_id="native", samples=SampleFormat(sample_rate_hz=8000, channel_count=1, native=True))
    need = Samples(sample_rate_hz=48000, channel_count=6, native=True)
    assert serve(need, [*PART, measured]) == "native"
    assert serve(Samples(sample_rate_hz=16000), [measured, *PART]) == "samples-16000-1"
    with pytest.raises(LookupError):
        serve(need, PART)
    with pytest.raises(LookupError):
        serve(Samples(sample_rate_hz=8000), [measured])


def test_nothing_serves_from_nothing():
    with pytest.raises(LookupError, match="there are none"):
        serve(Frames(rate_hz=None, long_side_px=256), [])
