import numpy as np
import pytest

from gateway.decode.samples import SampleWindows
from reelscribe.v1.media_pb2 import SampleFormat

FORMATS = {
    "low": SampleFormat(sample_rate_hz=10, channel_count=1),
    "high": SampleFormat(sample_rate_hz=40, channel_count=2),
}


def ramp(count: int, channels: int = 1) -> np.ndarray:
    return np.repeat(np.arange(count, dtype=np.float32)[:, None], channels, axis=1)


def test_a_window_is_given_when_every_rendition_has_it():
    windows = SampleWindows(FORMATS, window_s=1.0)
    windows.add("low", ramp(25))
    assert list(windows.complete()) == []
    windows.add("high", ramp(90, 2))
    first, second = windows.complete()
    assert (first.start_s, first.end_s, second.start_s, second.end_s) == (0.0, 1.0, 1.0, 2.0)
    assert second.renditions["low"].samples[:, 0].tolist() == list(range(10, 20))
    assert second.renditions["high"].samples.shape == (40, 2)
    assert second.renditions["high"].start_s == 1.0


def test_the_last_window_ends_with_the_sound_and_drops_what_resamplers_add():
    windows = SampleWindows(FORMATS, window_s=1.0)
    windows.add("low", ramp(26))
    windows.add("high", ramp(103, 2))
    *_, last = windows.finish(end_s=2.5)
    assert (last.start_s, last.end_s) == (2.0, 2.5)
    assert [len(batch) for batch in last.renditions.values()] == [5, 20]


def test_sound_that_ends_on_a_window_gives_no_empty_one():
    windows = SampleWindows({"low": FORMATS["low"]}, window_s=1.0)
    windows.add("low", ramp(20))
    assert len(list(windows.complete())) == 2
    assert list(windows.finish(end_s=2.0)) == []


def test_no_sound_gives_no_window():
    assert list(SampleWindows(FORMATS, window_s=1.0).finish(end_s=0.0)) == []
    assert list(SampleWindows({}, window_s=1.0).complete()) == []


def test_samples_cannot_be_written():
    windows = SampleWindows({"low": FORMATS["low"]}, window_s=1.0)
    windows.add("low", ramp(10))
    (window,) = windows.complete()
    with pytest.raises(ValueError, match="read-only"):
        window.renditions["low"].samples[0] = 1
