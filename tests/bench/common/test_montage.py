from __future__ import annotations

from pathlib import Path

import av
import numpy as np
import pytest

from bench.common import montage as montages
from bench.common.mixed import DISSOLVE_FRAMES, FADE_FRAMES
from bench.common.montage import SOURCES, montage


@pytest.fixture
def video_dir(media_dir: Path) -> Path:
    return media_dir / "video"


def frames_of(path: Path) -> list[np.ndarray]:
    with av.open(str(path)) as container:
        return [frame.to_ndarray(format="rgb24") for frame in container.decode(video=0)]


def test_every_hard_cut_is_where_the_picture_changes_most(
    tmp_path: Path, video_dir: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(montages, "DISTURBANCES", ("",))
    made = montage(video_dir, tmp_path / "made.mp4", seed=5, shot_count=3, hard_only=True)
    frames = frames_of(tmp_path / "made.mp4")
    assert len(frames) == made.frame_count
    changes = [np.abs(one.astype(int) - other).mean() for one, other in zip(frames[1:], frames[:-1], strict=True)]
    largest = sorted(int(row) + 1 for row in np.argsort(changes)[-2:])
    assert largest == [change.first for change in made.changes]


def test_gradual_changes_take_the_frames_that_are_told(
    tmp_path: Path, video_dir: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(montages, "KINDS", ("fade", "dissolve"))
    made = montage(video_dir, tmp_path / "made.mp4", seed=3, shot_count=3)
    frames = frames_of(tmp_path / "made.mp4")
    lengths = sorted(change.after - change.first for change in made.changes)
    assert lengths == [DISSOLVE_FRAMES, 2 * FADE_FRAMES]
    (fade,) = [change for change in made.changes if change.after - change.first == 2 * FADE_FRAMES]
    darkest = min(range(fade.first, fade.after), key=lambda row: frames[row].mean())
    assert abs(darkest - (fade.first + FADE_FRAMES)) <= 1


def test_one_seed_gives_one_montage_and_no_file_follows_itself():
    rng = np.random.default_rng(1)
    names = [name for name, _, _ in montages._sources(rng, 3 * len(SOURCES))]
    assert all(one != other for one, other in zip(names[1:], names[:-1], strict=True))
    assert montages._drawn(np.random.default_rng(7), montages.KINDS, 9) == montages._drawn(
        np.random.default_rng(7), montages.KINDS, 9
    )
