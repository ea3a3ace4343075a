from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from services.common.analyzer import Percept
from services.common.device import Device
from services.common.window import FrameBatch, Window
from services.vision.percepts.shot_changes import ChangeKind
from services.vision.percepts.shot_frames import FrameSampler
from services.vision.percepts.shots import NEED, ShotChange, Shots, changes_by_window
from tests.services.vision.perceived import loaded
from tests.services.vision.scenes import noisy, photo, zoomed
from tests.windows import windows_of_frames

pytest.importorskip("torch")


@pytest.fixture(scope="module")
def shots(device: Device) -> Percept:
    return loaded([Shots], device)[0]


def changes(
    shots: Percept, frames: list[np.ndarray], pts_s: np.ndarray, end_s: float, length_s: float = 1.0
) -> list[tuple[ShotChange, ...]]:
    assert isinstance(shots, Shots)
    windows = windows_of_frames(frames, list(pts_s), end_s, (NEED,), length_s)
    return list(changes_by_window(windows, shots._network.predict))


def two_shots(first: int, second: int) -> list[np.ndarray]:
    return noisy([photo("bus")] * first + [photo("zidane")] * second)


@pytest.mark.parametrize("length_s", [0.2, 1.0, 2.0, 30.0])
def test_a_cut_is_in_the_window_of_its_frame_whatever_the_windows(shots: Percept, length_s: float) -> None:
    frames = two_shots(140, 100)
    by_window = changes(shots, frames, np.arange(240) / 30, 8.0, length_s)
    found = [(index, change) for index, window in enumerate(by_window) for change in window]
    assert len(found) == 1
    index, change = found[0]
    assert change.frame_index == 140
    assert change.start_s == pytest.approx(140 / 30)
    assert change.end_s == pytest.approx(141 / 30)
    assert index == int(140 / 30 / length_s + 1e-9)


@pytest.mark.parametrize("count", [1, 2, 3, 12, 13, 40, 99])
def test_a_short_clip_without_a_cut_has_none(shots: Percept, count: int) -> None:
    assert changes(shots, noisy([photo("bus")] * count), np.arange(count) / 30, count / 30)[0] == ()


@pytest.mark.parametrize("count", [10, 20, 60, 99])
def test_a_short_clip_with_a_cut_has_one(shots: Percept, count: int) -> None:
    frames = two_shots(count // 2, count - count // 2)
    found = [change for window in changes(shots, frames, np.arange(count) / 30, count / 30) for change in window]
    assert [change.frame_index for change in found] == [count // 2]


def test_times_come_from_pts_where_the_rate_varies(shots: Percept) -> None:
    frames = two_shots(50, 50)
    steps = np.where(np.arange(100) % 3 == 0, 0.09, 0.03)
    pts_s = np.append(0.0, np.cumsum(steps)[:-1])
    found = [change for window in changes(shots, frames, pts_s, float(steps.sum())) for change in window]
    assert [change.start_s for change in found] == [pytest.approx(pts_s[50])]
    assert found[0].end_s == pytest.approx(pts_s[51])


@pytest.mark.parametrize("cut", [120, 121])
def test_at_60_hz_a_cut_is_exact_though_the_network_sees_every_second_frame(shots: Percept, cut: int) -> None:
    frames = two_shots(cut, 240 - cut)
    found = [change for window in changes(shots, frames, np.arange(240) / 60, 4.0) for change in window]
    assert [(change.frame_index, round(change.start_s * 60)) for change in found] == [(cut, cut)]


def test_at_60_hz_every_second_frame_is_sampled() -> None:
    pts_s = np.arange(60) / 60
    batch = FrameBatch(rgb=np.zeros((60, 4, 4, 3), np.uint8), pts_s=pts_s, index=np.arange(60))
    assert FrameSampler().sample(batch, 1.0).index.tolist() == list(range(0, 60, 2))


def test_a_slow_zoom_over_a_photo_is_no_cut(shots: Percept) -> None:
    frames = noisy([zoomed(photo("bus"), 1 - step * 0.002) for step in range(150)])
    assert not any(changes(shots, frames, np.arange(150) / 30, 5.0))


def test_photo_flashes_are_no_cuts(shots: Percept) -> None:
    calm = [zoomed(photo("zidane"), 1 - step * 0.001) for step in range(150)]
    for first, length in ((40, 1), (80, 2), (115, 3)):
        for row in range(first, first + length):
            calm[row] = (calm[row] * 0.15 + 255 * 0.85).astype(np.uint8)
    assert not any(changes(shots, noisy(calm), np.arange(150) / 30, 5.0))


def test_a_dissolve_and_a_fade_have_their_spans(shots: Percept) -> None:
    bus, zidane = photo("bus"), photo("zidane")
    shares = np.linspace(0, 1, 18)[1:-1]
    frames = [bus] * 60 + [(bus * (1 - share) + zidane * share).astype(np.uint8) for share in shares] + [zidane] * 60
    frames += [(zidane * (1 - share)).astype(np.uint8) for share in shares] + [np.zeros_like(bus)] * 40
    found = [change for window in changes(shots, noisy(frames), np.arange(192) / 30, 6.4) for change in window]
    assert [change.kind for change in found] == [ChangeKind.DISSOLVE, ChangeKind.FADE_OUT]
    for change, first in zip(found, (60, 136), strict=True):
        assert abs(change.frame_index - first) <= 4
        assert abs(change.end_frame_index - (first + 16)) <= 4


def test_windows_without_frames_have_a_value_too(shots: Percept) -> None:
    assert isinstance(shots, Shots)
    filled = list(windows_of_frames(noisy([photo("bus")] * 30), list(np.arange(30) / 30), 1.0, (NEED,)))
    empty = FrameBatch(rgb=np.empty((0, 1, 1, 3), np.uint8), pts_s=np.empty(0), index=np.empty(0, np.int64))
    windows = [
        Window(index=0, start_s=0.0, end_s=1.0, contents={NEED: empty}),
        *filled,
        Window(index=2, start_s=1.0, end_s=2.0, contents={NEED: empty}),
    ]
    assert list(changes_by_window(iter(windows), shots._network.predict)) == [(), (), ()]


def test_no_windows_have_no_values(shots: Percept) -> None:
    assert isinstance(shots, Shots)
    assert list(changes_by_window(iter([]), shots._network.predict)) == []


def test_it_finds_the_cuts_of_a_slide_counter(shots: Percept, media_dir: Path) -> None:
    import av

    with av.open(str(media_dir / "video" / "psd_counter.mp4")) as container:
        frames = [frame.to_ndarray(format="rgb24")[::4, ::4] for frame in container.decode(video=0)]
    found = [change for window in changes(shots, frames, np.arange(len(frames)) / 10, 3.0) for change in window]
    assert [(change.kind, change.frame_index) for change in found] == [
        (ChangeKind.HARD_CUT, 10),
        (ChangeKind.HARD_CUT, 20),
    ]
