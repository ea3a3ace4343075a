import numpy as np
import pytest

from gateway.decode import frames as frames_module
from gateway.decode.frames import FrameWindows
from gateway.decode.records import FrameWindow
from reelscribe.v1.media_pb2 import FrameFormat


class Paint:
    """Renders a "picture", which here is a number, as pixels of that value."""

    def __init__(self) -> None:
        self.rendered: list[int] = []

    def render(self, frame: int) -> np.ndarray:
        self.rendered.append(frame)
        return np.full((2, 3, 3), frame, dtype=np.uint8)


def run(times_s: list[float], end_s: float, *, rate_hz: float | None = None) -> tuple[list[FrameWindow], Paint]:
    paint = Paint()
    format_ = FrameFormat(width_px=3, height_px=2, rate_hz=rate_hz)
    windows = FrameWindows({"frames": (format_, paint)}, window_s=1.0)  # type: ignore[dict-item]
    given: list[FrameWindow] = []
    for index, time_s in enumerate(times_s):
        given += windows.add(index, index=index, start_s=time_s)
    return given + list(windows.finish(end_s)), paint


def spans(windows: list[FrameWindow]) -> list[tuple[float, float]]:
    return [(window.start_s, window.end_s) for window in windows]


def test_windows_start_at_frames_and_cover_everything():
    windows, _ = run([0.0, 0.4, 0.8, 1.2, 1.6, 4.3], 4.7)
    assert spans(windows) == [(0.0, 1.2), (1.2, 4.3), (4.3, 4.7)]
    assert [window.index for window in windows] == [0, 1, 2]
    assert windows[1].renditions["frames"].index.tolist() == [3, 4]
    assert windows[1].renditions["frames"].rgb[:, 0, 0, 0].tolist() == [3, 4]


def test_a_slow_rendition_renders_only_what_is_on_screen_at_its_moments():
    windows, paint = run([k / 30 for k in range(30)], 1.0, rate_hz=5.0)
    assert paint.rendered == [0, 6, 12, 18, 24]
    assert windows[0].renditions["frames"].pts_s == pytest.approx([0, 0.2, 0.4, 0.6, 0.8])


def test_a_still_is_rendered_once_however_long_it_stands():
    windows, paint = run([0.0, 0.1, 5.0], 5.1, rate_hz=2.0)
    assert paint.rendered == [0, 1, 2]
    assert spans(windows) == [(0.0, 5.0), (5.0, 5.1)]


def test_a_window_without_a_frame_in_a_rendition_has_an_empty_batch():
    windows, _ = run([0.0, 0.5, 1.0, 1.5, 2.0], 2.5, rate_hz=0.5)
    assert [len(window.renditions["frames"]) for window in windows] == [1, 0, 1]
    assert windows[1].renditions["frames"].rgb.shape == (0, 2, 3, 3)


def test_large_windows_end_early(monkeypatch):
    monkeypatch.setattr(frames_module, "WINDOW_BYTES", 2 * 18)
    windows, _ = run([0.0, 0.1, 0.2, 0.3, 0.4], 0.5)
    assert spans(windows) == [(0.0, 0.2), (0.2, 0.4), (0.4, 0.5)]


def test_pixels_cannot_be_written():
    windows, _ = run([0.0], 0.1)
    with pytest.raises(ValueError, match="read-only"):
        windows[0].renditions["frames"].rgb[0, 0, 0, 0] = 1


def test_no_frame_gives_no_window():
    assert run([], 0.0)[0] == []
