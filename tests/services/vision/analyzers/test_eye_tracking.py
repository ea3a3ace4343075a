from __future__ import annotations

import json
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
import pytest

from reelscribe.v1.finding_pb2 import Finding
from services.common.analyzer import Percept
from services.common.device import Device
from services.common.errors import WeightsNotInstalled
from services.common.time import span_s
from services.vision.analyzers.eye_tracking import EyeTracking
from services.vision.percepts.face_meshes import NEED, FaceMeshes
from services.vision.percepts.face_policy import FacesSettings
from services.vision.percepts.faces import Faces
from tests.services.vision.face_clips import Clip, clip_of, looked_at, mirrored, rolled, shrunk, windows_of
from tests.services.vision.handed import handed, without_frames
from tests.windows import findings_of

TRUTH: list[dict[str, Any]] = json.loads((Path(__file__).parents[1] / "truth" / "gaze.json").read_text())["clips"]
FRAME_S = 0.1
"""Two frames at 15 Hz, some of them taken from 25 Hz: how exact times can be."""


@pytest.fixture(scope="module")
def eyes(device: Device) -> EyeTracking:
    analyzer = EyeTracking()
    try:
        analyzer.load(device)
    except WeightsNotInstalled as error:
        pytest.skip(f"{error}: {error.fix}")
    return analyzer


@pytest.fixture(scope="module")
def percepts(device: Device, eyes: EyeTracking) -> list[Percept]:
    percepts: list[Percept] = [Faces(), FaceMeshes()]
    for percept in percepts:
        percept.load(device)
    return percepts


@pytest.fixture(scope="module")
def blinker(media_dir: Path) -> Clip:
    return clip_of(media_dir / "video" / "grid_id2_vcd_swwp2s.mpg")


@pytest.fixture(scope="module")
def friday(media_dir: Path) -> Clip:
    """Two women in three-quarter view: the one on the right looks to the left, the other one to the right."""
    return clip_of(media_dir / "video" / "mdn_friday.mp4", 2.7, 4.3)


def spans_of(findings: list[Finding], *labels: str) -> list[tuple[float, float]]:
    return [span_s(each.span) for each in findings if each.label in labels]


def looks_of(findings: list[Finding]) -> set[str]:
    return {each.label for each in findings if each.HasField("gaze_direction")}


def assert_blinks(findings: list[Finding], truth: list[list[float]]) -> None:
    blinks = spans_of(findings, "blink")
    assert len(blinks) == len(truth)
    for (start_s, end_s), (true_start_s, true_end_s) in zip(blinks, truth, strict=True):
        assert start_s == pytest.approx(true_start_s, abs=FRAME_S)
        assert end_s == pytest.approx(true_end_s, abs=FRAME_S)


@pytest.mark.parametrize("entry", TRUTH[:2], ids=lambda entry: entry["file"])
def test_a_talking_head_looks_at_the_camera_and_its_blinks_are_counted(
    eyes: EyeTracking, percepts: list[Percept], media_dir: Path, entry: dict[str, Any]
) -> None:
    found = looked_at(eyes, clip_of(media_dir / "video" / entry["file"]), percepts)
    assert looks_of(found) == {"looking_at_camera"}
    assert_blinks(found, entry["blinks_s"])
    (track,) = [each for each in found if each.HasField("gaze")]
    assert track.subject.face_id == 1
    assert len(track.gaze.samples) == 45
    assert median(each.left_eye_openness for each in track.gaze.samples) > 0.25
    assert not any(each.HasField("confidence") for each in found)


def test_in_the_mirror_left_is_right_and_all_else_the_same(
    eyes: EyeTracking, percepts: list[Percept], friday: Clip
) -> None:
    found, reflected = (looked_at(eyes, clip, percepts) for clip in (friday, mirrored(friday)))
    assert looks_of(found) >= {"looking_left", "looking_right"}
    assert looks_of(reflected) >= {"looking_left", "looking_right"}
    assert _place_of(found, "looking_left") > 0.5 > _place_of(reflected, "looking_right")
    assert _place_of(found, "looking_right") < 0.6 < _place_of(found, "looking_left")
    assert "looking_at_camera" not in looks_of(found) | looks_of(reflected)


def _place_of(findings: list[Finding], label: str) -> float:
    """Middle of the faces that look there, [0, 1] from the left."""
    faces = {each.subject.face_id for each in findings if each.label == label}
    tracks = [each.gaze for each in findings if each.HasField("gaze") and each.subject.face_id in faces]
    return median((sample.face.left + sample.face.right) / 2 for track in tracks for sample in track.samples)


def test_the_mirror_changes_the_sign_of_the_angles(eyes: EyeTracking, percepts: list[Percept], blinker: Clip) -> None:
    short: Clip = blinker[0][:20], blinker[1][:20]
    plain, reflected = (_angles(looked_at(eyes, clip, percepts)) for clip in (short, mirrored(short)))
    np.testing.assert_allclose(reflected, plain * [-1, 1, -1, -1, 1], atol=4.0)


def test_a_rolled_picture_rolls_the_head_and_leaves_the_gaze(
    eyes: EyeTracking, percepts: list[Percept], blinker: Clip
) -> None:
    plain = _angles(looked_at(eyes, (blinker[0][:20], blinker[1][:20]), percepts))
    found = looked_at(eyes, rolled(blinker, 15.0), percepts)
    assert looks_of(found) == {"looking_at_camera"}
    assert _angles(found)[2] - plain[2] == pytest.approx(15.0, abs=2.0)
    assert_blinks(found, TRUTH[1]["blinks_s"])


def _angles(findings: list[Finding]) -> np.ndarray:
    """Medians: head yaw, pitch, roll, eye yaw, pitch."""
    samples = [sample for each in findings for sample in each.gaze.samples]
    names = ("head_yaw_deg", "head_pitch_deg", "head_roll_deg", "eye_yaw_deg", "eye_pitch_deg")
    return np.array([median(getattr(sample, name) for sample in samples) for name in names])


def test_a_face_half_as_large_looks_and_blinks_all_the_same(
    eyes: EyeTracking, percepts: list[Percept], blinker: Clip
) -> None:
    found = looked_at(eyes, shrunk(blinker, 0.5), percepts)
    assert looks_of(found) == {"looking_at_camera"}
    assert_blinks(found, TRUTH[1]["blinks_s"])


def test_old_bug_a_small_face_is_not_at_the_camera_but_not_measured(
    eyes: EyeTracking, percepts: list[Percept], blinker: Clip
) -> None:
    """Thresholds in pixels: small faces always looked at the camera."""
    found = looked_at(eyes, shrunk((blinker[0][:15], blinker[1][:15]), 0.25), percepts)
    assert [each.label for each in found] == ["eyes_too_small"]
    assert found[0].subject.face_id == 1


def test_old_bug_without_a_face_nothing_is_found(eyes: EyeTracking, percepts: list[Percept]) -> None:
    """The replaced system invented a segment."""
    grass = np.random.default_rng(0).integers(0, 255, (180, 320, 3), np.uint8)
    assert looked_at(eyes, ([grass] * 20, [row / 15 for row in range(20)]), percepts) == []


def test_a_single_frame_has_a_sample_and_no_span(eyes: EyeTracking, percepts: list[Percept], blinker: Clip) -> None:
    found = looked_at(eyes, (blinker[0][:1], blinker[1][:1]), percepts)
    assert [each.label for each in found] == ["gaze_track"]
    assert len(found[0].gaze.samples) == 1


def test_closed_eyes_look_nowhere(eyes: EyeTracking, percepts: list[Percept], blinker: Clip) -> None:
    (track,) = [each for each in looked_at(eyes, blinker, percepts) if each.HasField("gaze")]
    closed = [sample for sample in track.gaze.samples if not sample.HasField("eye_yaw_deg")]
    assert 6 <= len(closed) <= 12
    assert max(sample.left_eye_openness for sample in closed) < 0.3


def test_windows_without_frames_and_no_windows_at_all(eyes: EyeTracking) -> None:
    assert findings_of(eyes, iter([])) == []
    assert findings_of(eyes, handed(iter([without_frames(NEED)]), {FaceMeshes: lambda window: ()})) == []


def test_a_part_that_starts_later_keeps_the_video_s_times(
    eyes: EyeTracking, percepts: list[Percept], blinker: Clip
) -> None:
    later: Clip = blinker[0][:20], [60.0 + time_s for time_s in blinker[1][:20]]
    found = findings_of(eyes, iter(windows_of(later, percepts)))
    assert min(span_s(each.span)[0] for each in found) == pytest.approx(60.0)


def test_switched_off_it_declines() -> None:
    assert EyeTracking().declined({Faces: FacesSettings(use="geometry")}) is None
    reason = EyeTracking().declined({Faces: FacesSettings(use="off")})
    assert reason is not None
    assert "faces.use" in reason.message
