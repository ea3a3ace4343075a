"""Single pictures out of a file."""

from __future__ import annotations

from pathlib import Path

import pytest

from gateway.decode import stills
from services.common.errors import NotAVideo
from tests.clips import Pictures, corners_of, every, number_of, write_clip

RATE_HZ = 10


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two seconds; the picture shown at t has the number 10 t."""
    path = tmp_path_factory.mktemp("stills") / "clip.mp4"
    write_clip(path, Pictures(times_s=every(RATE_HZ, 2.0)))
    return path


def test_the_picture_on_screen_at_each_time(clip: Path):
    taken = stills(clip, [0.0, 0.55, 1.2, 1.99], long_side_px=160)
    assert [number_of(still.rgb) for still in taken if still] == [0, 5, 12, 19]
    assert [still.start_s for still in taken if still] == pytest.approx([0.0, 0.5, 1.2, 1.9])


def test_after_the_end_the_last_one_stays(clip: Path):
    taken = stills(clip, [1.9, 5.0, 9.0], long_side_px=160)
    assert [number_of(still.rgb) for still in taken if still] == [19, 19, 19]


def test_several_times_of_one_picture(clip: Path):
    assert [number_of(still.rgb) for still in stills(clip, [0.51, 0.52, 0.53], long_side_px=160) if still] == [5, 5, 5]


def test_pictures_are_upright_and_shrunk_but_never_enlarged(clip: Path):
    (small,) = stills(clip, [1.0], long_side_px=80)
    (whole,) = stills(clip, [1.0], long_side_px=4000)
    assert small is not None
    assert whole is not None
    assert (small.rgb.shape, whole.rgb.shape) == ((48, 80, 3), (96, 160, 3))
    assert corners_of(whole.rgb) == ("red", "green", "blue", "white")


def test_nothing_asked_is_nothing_taken(clip: Path):
    assert stills(clip, [], long_side_px=160) == []


def test_what_is_no_video_is_refused(tmp_path: Path):
    path = tmp_path / "text.mp4"
    path.write_text("no video " * 100)
    with pytest.raises(NotAVideo):
        stills(path, [0.0], long_side_px=160)
