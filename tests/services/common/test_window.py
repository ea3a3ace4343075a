from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from gateway.decode import FrameWindow, decode
from gateway.plan import plan
from reelscribe.v1.media_pb2 import Video, VideoStream
from services.common.window import FrameBatch, Frames, SampleBatch, Window, displayed_at
from tests.clips import Pictures, every, write_clip

RATES_HZ = (1.0, 2.0, 5.0, 7.5, 10.0, 15.0, 29.97, 60.0, 240.0)


def times(kind: str, seed: int = 0) -> tuple[np.ndarray, float]:
    """Presentation times of a clip of about three seconds and its end."""
    random = np.random.default_rng(seed)
    match kind:
        case "30":
            pts_s = np.arange(90) / 30
        case "29.97":
            pts_s = np.arange(90) * 1001 / 30000
        case "slow":
            pts_s = np.arange(4) * 0.8
        case "one":
            pts_s = np.array([0.0])
        case _:
            pts_s = np.concatenate([[0.0], np.cumsum(random.choice([0.001, 0.017, 0.033, 0.4], 60))])
    return pts_s, float(pts_s[-1]) + 0.033


def on_screen(pts_s: np.ndarray, end_s: float, rate_hz: float) -> list[int]:
    """The definition itself: at each moment k / rate the last frame that has begun, to the microsecond."""
    rows: list[int] = []
    for k in range(int(end_s * rate_hz) + 2):
        tick_s = k / rate_hz
        shown = np.flatnonzero(pts_s <= tick_s + 1e-6)
        if len(shown) and tick_s < end_s - 1e-6 and (not rows or rows[-1] != shown[-1]):
            rows.append(int(shown[-1]))
    return rows


@pytest.mark.parametrize("rate_hz", RATES_HZ)
@pytest.mark.parametrize("kind", ["30", "29.97", "slow", "one", "variable"])
def test_frames_are_those_on_screen_at_the_moments_of_the_rate(kind: str, rate_hz: float):
    for seed in range(5 if kind == "variable" else 1):
        pts_s, end_s = times(kind, seed)
        assert displayed_at(pts_s, end_s, rate_hz).tolist() == on_screen(pts_s, end_s, rate_hz)


def test_no_rate_is_every_frame_and_no_frame_is_none():
    pts_s, end_s = times("variable")
    assert displayed_at(pts_s, end_s, None).tolist() == list(range(len(pts_s)))
    assert displayed_at(np.empty(0), 1.0, 5.0).tolist() == []
    assert displayed_at(np.empty(0), 1.0, None).tolist() == []


def test_a_rate_above_the_videos_takes_each_frame_once():
    pts_s, end_s = times("30")
    assert displayed_at(pts_s, end_s, 120.0).tolist() == list(range(90))


def test_of_two_frames_at_one_time_the_first_is_never_seen():
    assert displayed_at(np.array([0.0, 0.5, 0.5, 1.0]), 1.5, 2.0).tolist() == [0, 2, 3]


def test_a_frame_that_ends_at_a_moment_does_not_show_it():
    assert displayed_at(np.array([0.0, 0.2]), 0.4, 5.0).tolist() == [0, 1]
    assert displayed_at(np.array([0.01, 0.19]), 0.2, 5.0).tolist() == []


@pytest.mark.parametrize("kind", ["30", "29.97", "variable"])
@pytest.mark.parametrize("rates_hz", [(15.0, 5.0), (10.0, 2.0), (30.0, 15.0, 5.0), (60.0, 2.0)])
def test_thinning_in_steps_gives_the_same_as_at_once(kind: str, rates_hz: tuple[float, ...]):
    for seed in range(5):
        pts_s, end_s = times(kind, seed)
        kept = np.arange(len(pts_s))
        for rate_hz in rates_hz:
            kept = kept[displayed_at(pts_s[kept], end_s, rate_hz)]
        assert kept.tolist() == displayed_at(pts_s, end_s, rates_hz[-1]).tolist()


@pytest.mark.parametrize("rate_hz", [2.0, 5.0, 15.0])
def test_window_by_window_gives_the_same_as_the_whole(rate_hz: float):
    pts_s, end_s = times("variable", 3)
    starts = [0, 7, 8, 30, 51]
    rows: list[int] = []
    for first, last in zip(starts, [*starts[1:], len(pts_s)], strict=True):
        window_end_s = float(pts_s[last]) if last < len(pts_s) else end_s
        rows += (first + displayed_at(pts_s[first:last], window_end_s, rate_hz)).tolist()
    assert rows == displayed_at(pts_s, end_s, rate_hz).tolist()


@pytest.mark.parametrize("times_s", [every(30, 3.0), [0.0, 0.05, 0.4, 0.41, 0.42, 1.3, 1.9, 1.95]])
def test_the_decoder_chooses_the_same_frames(tmp_path: Path, times_s: list[float]):
    """A reader of 5 Hz gets the same whether the decoder laid down 5 Hz or every frame."""
    clip = write_clip(tmp_path / "clip.mkv", Pictures(times_s=times_s))
    video = Video(video_stream=VideoStream(width_px=160, height_px=96))

    def laid_down(rate_hz: float | None) -> list[FrameWindow]:
        renditions = plan([Frames(rate_hz=rate_hz, long_side_px=160)], video)
        return [step for step in decode(clip, renditions) if isinstance(step, FrameWindow)]

    chosen = [index for window in laid_down(5.0) for index in next(iter(window.renditions.values())).index.tolist()]
    thinned: list[int] = []
    for window in laid_down(None):
        batch = next(iter(window.renditions.values()))
        thinned += batch.index[displayed_at(batch.pts_s, window.end_s, 5.0)].tolist()
    assert chosen == thinned


def test_batches_know_their_length_and_mix_to_mono():
    frames = FrameBatch(rgb=np.zeros((2, 4, 4, 3), np.uint8), pts_s=np.array([0.0, 0.1]), index=np.arange(2))
    assert len(frames) == 2
    stereo = np.array([[1.0, 0.0], [0.5, 0.5]], np.float32)
    both = SampleBatch(samples=stereo, sample_rate_hz=8000, start_s=0.0)
    assert both.mono.tolist() == [0.5, 0.5]
    assert SampleBatch(samples=stereo[:, :1], sample_rate_hz=8000, start_s=0.0).mono.tolist() == [1.0, 0.5]


def test_a_window_has_what_was_declared_and_nothing_else():
    need = Frames(rate_hz=5.0, long_side_px=256)
    window = Window(index=3, start_s=1.0, end_s=2.0, contents={need: "frames"})
    assert window[Frames(rate_hz=5.0, long_side_px=256)] == "frames"
    with pytest.raises(KeyError):
        window[Frames(rate_hz=2.0, long_side_px=256)]
    assert repr(window) == "Window(3, [1.000, 2.000) s)"
