"""One picture for each shot."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from PIL import Image

from reelscribe.report.keyframes import MAX_COUNT, kept_keyframes, keyframes, longest, moments
from reelscribe.v1.analysis_pb2 import Report
from reelscribe.v1.finding_pb2 import Finding, Scene, Shot
from reelscribe.v1.media_pb2 import Video, VideoStream
from services.common.time import duration, span
from tests.clips import Pictures, every, number_of, write_clip
from tests.reelscribe.report.reports import report, result


def shots(*spans: tuple[float, float]) -> Report:
    found = [Finding(span=span(*each), label="shot", shot=Shot(index=number)) for number, each in enumerate(spans)]
    made = report(result("cut_analysis", *found))
    made.video.CopyFrom(
        Video(name="clip.mp4", duration=duration(3), video_stream=VideoStream(width_px=160, height_px=96))
    )
    return made


def test_a_shot_is_stood_for_by_its_middle():
    assert moments(shots((0, 1), (1, 3))) == ((0, 1, 0.5), (1, 3, 2.0))


def test_or_by_the_frame_its_scene_has_chosen_if_that_lies_in_it():
    made = shots((0, 1), (1, 3))
    scene = Finding(span=span(0, 3), label="scene", scene=Scene(representative_offset=duration(2.7)))
    made.results.append(result("scene_segmentation", scene))
    assert moments(made) == ((0, 1, 0.5), (1, 3, 2.7))


def test_without_shots_there_is_one_for_each_five_seconds():
    assert [each[:2] for each in moments(report())] == [(0, 5), (5, 10), (10, 15), (15, 20)]


def test_of_very_many_the_longest_are_kept_in_order():
    spans = [(float(number), number + (0.5 if number % 2 else 0.9)) for number in range(2 * MAX_COUNT)]
    kept = moments(shots(*spans))
    assert len(kept) == MAX_COUNT
    assert kept == tuple(sorted(kept))
    assert all(end_s - start_s > 0.8 for start_s, end_s, _ in kept)


def test_of_equally_long_ones_some_from_everywhere_are_kept():
    kept = longest([(2.0 * number, 2.0 * number + 2) for number in range(400)], 100)
    assert len(kept) == 100
    assert all(20 <= sum(first <= index < first + 100 for index in kept) <= 30 for first in (0, 100, 200, 300))


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("keyframes") / "clip.mp4"
    write_clip(path, Pictures(times_s=every(10, 3.0)))
    return path


def test_pictures_are_of_their_moments(clip: Path):
    import numpy as np

    first, second = keyframes(shots((0, 1), (1, 3)), clip)
    with Image.open(io.BytesIO(second.webp)) as picture:
        assert picture.format == "WEBP"
        assert number_of(np.asarray(picture.convert("RGB"))) == 20
    assert (first.number, first.at_s, first.width_px, first.height_px) == (1, 0.5, 160, 96)
    assert second.file_name == "shot-002-0002.000.webp"


def test_sound_has_no_pictures(clip: Path):
    made = shots((0, 1))
    made.video.ClearField("video_stream")
    assert keyframes(made, clip) == ()


def test_those_of_an_earlier_run_are_read_where_they_still_fit(clip: Path, tmp_path: Path):
    made = shots((0, 1), (1, 3))
    taken = keyframes(made, clip)
    for frame in taken:
        (tmp_path / frame.file_name).write_bytes(frame.webp)
    assert kept_keyframes(made, tmp_path) == taken
    assert [frame.number for frame in kept_keyframes(shots((0, 1), (2.5, 3)), tmp_path)] == [1]
    assert kept_keyframes(made, tmp_path / "nowhere") == ()
