from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from services.common.window import Frames
from services.vision.percepts.scene_features import SceneFeatures, ShotFeatures
from services.vision.percepts.shots import NEED, ShotChange
from tests.services.vision.handed import change, handed, shots, without_frames
from tests.services.vision.perceived import part_for
from tests.windows import windows_of_frames

RATE_HZ = 30.0


class ByMeanColour(SceneFeatures):
    """The percept with another measure than the network: which frames are looked at is what is asked here."""

    def __init__(self) -> None:
        super().__init__()
        self.batches: list[int] = []

    def _signatures(self, squares: np.ndarray) -> np.ndarray:
        self.batches.append(len(squares))
        means: np.ndarray = squares.mean(axis=(1, 2)).astype(np.float32)
        return means


def perceive(
    frame_count: int, changes: Sequence[ShotChange] = (), percept: SceneFeatures | None = None
) -> list[tuple[ShotFeatures, ...]]:
    """Frame k is filled with the grey value k % 256."""
    frames = [np.full((32, 18, 3), index % 256, np.uint8) for index in range(frame_count)]
    pts_s = list(np.arange(frame_count) / RATE_HZ)
    windows = windows_of_frames(frames, pts_s, frame_count / RATE_HZ, (NEED,))
    percept = percept or ByMeanColour()
    return list(percept.perceive(part_for(percept), handed(windows, shots(changes))))


def all_of(values: Sequence[tuple[ShotFeatures, ...]]) -> list[ShotFeatures]:
    return [shot for value in values for shot in value]


def test_a_shot_is_looked_at_once_a_second() -> None:
    (shot,) = all_of(perceive(150))
    assert len(shot.pts_s) == 5
    assert shot.frame_index.tolist() == [15, 45, 75, 105, 135]
    assert shot.signatures[:, 0].tolist() == [15, 45, 75, 105, 135]


@pytest.mark.parametrize("frame_count", [1, 2, 12])
def test_the_shortest_shot_is_looked_at(frame_count: int) -> None:
    changes = [change(1.0), change(1.0 + frame_count / RATE_HZ)]
    seen = all_of(perceive(90, changes))
    assert [shot.shot.index for shot in seen] == [0, 1, 2]
    assert len(seen[1].pts_s) == 1
    assert 30 <= seen[1].frame_index[0] < 30 + frame_count


def test_mixed_frames_are_not_looked_at() -> None:
    seen = all_of(perceive(150, [change(1.2, 2.5)]))
    looked = np.concatenate([shot.frame_index for shot in seen])
    assert not ((looked >= 36) & (looked < 75)).any()
    assert [(shot.shot.start.frame_index, shot.shot.end.frame_index) for shot in seen] == [(0, 36), (75, 150)]


def test_a_shot_is_told_in_the_window_in_which_it_ends() -> None:
    values = perceive(150, [change(1.5), change(3.2)])
    assert [[shot.shot.index for shot in value] for value in values] == [[], [0], [], [1], [2]]


def test_frames_of_a_long_shot_are_looked_at_together() -> None:
    percept = ByMeanColour()
    perceive(600, percept=percept)
    assert percept.batches == [8, 8, 4]


def test_windows_without_frames_have_a_value_too() -> None:
    percept = ByMeanColour()
    windows = [without_frames(NEED), without_frames(NEED)]
    assert list(percept.perceive(part_for(percept), handed(iter(windows), shots()))) == [(), ()]


def test_no_windows_have_no_values() -> None:
    percept = ByMeanColour()
    assert list(percept.perceive(part_for(percept), iter(()))) == []


def test_it_asks_for_every_frame_small() -> None:
    assert Frames(rate_hz=None, long_side_px=256) == SceneFeatures.needs
