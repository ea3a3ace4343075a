from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from reelscribe.v1.finding_pb2 import Finding
from reelscribe.v1.media_pb2 import Video
from services.common import weights
from services.common.device import Device
from services.common.errors import WeightsDamaged, WeightsNotInstalled
from services.common.time import span_s
from services.common.weights import locate
from services.vision.analyzers.content_quality import NEED, WEIGHTS, ContentQuality
from services.vision.percepts.shots import ShotChange
from tests.services.vision.handed import change, handed, shots, without_frames
from tests.services.vision.quality.distorted import blurred, photo
from tests.windows import part_of, video_of, windows_of_frames


def analyzed(
    frames: Sequence[np.ndarray],
    changes: Sequence[ShotChange] = (),
    *,
    analyzer: ContentQuality | None = None,
    video: Video | None = None,
    start_s: float = 0.0,
    step_s: float = 0.5,
) -> list[Finding]:
    """Frames at 2 Hz, nothing of it learned unless a loaded analyzer is given."""
    analyzer = analyzer or ContentQuality()
    times = [start_s + index * step_s for index in range(len(frames))]
    windows = windows_of_frames(frames, times, start_s + len(frames) * step_s, (NEED,))
    part = replace(part_of(analyzer, video=video), start_s=start_s, own_start_s=start_s)
    return list(analyzer.analyze(part, handed(windows, shots(changes))))


def told(findings: Sequence[Finding]) -> list[tuple[str, tuple[float, float], int]]:
    return [(finding.label, span_s(finding.span), finding.quality.frame_count) for finding in findings]


@pytest.fixture(scope="module")
def learned(device: Device) -> ContentQuality:
    try:
        locate(WEIGHTS)
    except WeightsNotInstalled as error:
        pytest.skip(f"{error}: {error.fix}")
    analyzer = ContentQuality()
    analyzer.load(device)
    return analyzer


SMALL = cv2.resize(photo("coffee.png"), (150, 100), interpolation=cv2.INTER_AREA)


def test_one_finding_for_each_shot_and_one_for_the_whole():
    findings = analyzed([SMALL] * 4 + [blurred(SMALL, 2)] * 6, [change(2.0)])
    assert told(findings) == [
        ("shot_quality", (0.0, 2.0), 4),
        ("shot_quality", (2.0, 5.0), 6),
        ("overall", (0.0, 5.0), 10),
    ]
    assert findings[0].quality.sharpness > 5 * findings[1].quality.sharpness


def test_frames_of_a_gradual_change_are_not_counted():
    findings = analyzed([SMALL] * 4 + [np.zeros_like(SMALL)] * 2 + [SMALL] * 4, [change(2.0, 3.0)])
    assert told(findings) == [
        ("shot_quality", (0.0, 2.0), 4),
        ("shot_quality", (3.0, 5.0), 4),
        ("overall", (0.0, 5.0), 8),
    ]


def test_old_bug_the_whole_clip_is_measured_not_its_first_twenty_frames():
    findings = analyzed([SMALL] * 30 + [np.full_like(SMALL, 200)] * 50)
    assert told(findings) == [("shot_quality", (0.0, 40.0), 80), ("overall", (0.0, 40.0), 80)]
    assert findings[-1].quality.brightness == pytest.approx(200, abs=0.5)


def test_a_shot_is_told_before_the_video_is_over():
    taken = []

    def counted():
        for window in handed(windows_of_frames([SMALL] * 40, np.arange(40) / 2, 20.0, (NEED,)), shots([change(3.0)])):
            taken.append(window.index)
            yield window

    analyzer = ContentQuality()
    first = next(analyzer.analyze(part_of(analyzer), counted()))
    assert span_s(first.span) == (0.0, 3.0)
    assert len(taken) <= 5


def test_a_shot_between_two_frames_has_no_finding():
    findings = analyzed([SMALL] * 6, [change(1.1), change(1.4)])
    assert [item[:2] for item in told(findings)] == [
        ("shot_quality", (0.0, 1.1)),
        ("shot_quality", (1.4, 3.0)),
        ("overall", (0.0, 3.0)),
    ]


def test_blockiness_is_told_where_the_frames_are_native():
    native, unknown = analyzed([SMALL] * 2, video=video_of(150, 100)), analyzed([SMALL] * 2)
    assert native[0].quality.HasField("blockiness")
    assert not unknown[0].quality.HasField("blockiness")
    assert not analyzed([SMALL] * 2, video=video_of(300, 200))[0].quality.HasField("blockiness")


def test_a_part_that_starts_late_is_timed_from_there():
    assert {span_s(finding.span) for finding in analyzed([SMALL] * 2, start_s=60.0)} == {(60.0, 61.0)}


@pytest.mark.parametrize("shape", [(1, 1, 3), (7, 3, 3), (33, 47, 3)])
def test_tiny_and_odd_frames_are_measured(learned: ContentQuality, shape: tuple[int, int, int]):
    frame = np.random.default_rng(0).integers(0, 256, shape).astype(np.uint8)
    assert [finding.label for finding in analyzed([frame], analyzer=learned)] == ["shot_quality", "overall"]


def test_without_windows_or_frames_there_is_nothing():
    analyzer = ContentQuality()
    empty = handed(iter([without_frames(NEED)]), shots([change(0.5)]))
    assert list(analyzer.analyze(part_of(analyzer), empty)) == []
    assert list(analyzer.analyze(part_of(analyzer), iter(()))) == []


def test_without_weights_the_measures_are_told_and_the_score_is_unset(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, device: Device
):
    monkeypatch.setenv("REELSCRIBE_MODEL_DIR", str(tmp_path))
    assert weights.model_dir() == tmp_path
    analyzer = ContentQuality()
    analyzer.load(device)
    assert analyzer.models == ()
    findings = analyzed([SMALL] * 2, analyzer=analyzer)
    assert [finding.quality.HasField("brisque") for finding in findings] == [False, False]
    assert findings[0].quality.sharpness > 0


def test_damaged_weights_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, device: Device):
    monkeypatch.setenv("REELSCRIBE_MODEL_DIR", str(tmp_path))
    (tmp_path / WEIGHTS).mkdir()
    (tmp_path / WEIGHTS / "svm.txt").write_text("svm_type epsilon_svr\n")
    with pytest.raises(WeightsDamaged):
        ContentQuality().load(device)


def test_the_learned_score_is_told_with_its_weights(learned: ContentQuality):
    findings = analyzed(
        [photo("coffee.png")] * 5 + [blurred(photo("coffee.png"), 3)] * 5, [change(2.5)], analyzer=learned
    )
    clean, spoilt, _ = (finding.quality.brisque for finding in findings)
    assert clean < 10
    assert spoilt > 70
    assert [model.name for model in learned.models] == [WEIGHTS]


def test_real_shots_differ_as_they_look(learned: ContentQuality, composite: Path):
    """A frame of each of two shots: an old grey film with a title, and a woman before a white wall."""
    film, wall = (frame_of(composite, index) for index in (90, 420))
    findings = analyzed([film] * 2 + [wall] * 2, [change(1.0)], analyzer=learned, video=video_of(720, 1280))
    grey_film, white_wall = (finding.quality for finding in findings[:2])
    assert white_wall.brightness > grey_film.brightness + 30
    assert grey_film.dark_clipped_share > white_wall.dark_clipped_share
    assert all(0.5 < each.blockiness < 2 for each in (grey_film, white_wall))
    assert all(40 < each.brisque < 100 for each in (grey_film, white_wall)), "both are for the most part blurred bars"


def frame_of(path: Path, index: int) -> np.ndarray:
    capture = cv2.VideoCapture(str(path))
    capture.set(cv2.CAP_PROP_POS_FRAMES, index)
    _, bgr = capture.read()
    capture.release()
    return np.ascontiguousarray(bgr[..., ::-1])
