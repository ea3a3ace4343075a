from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from bench.common.camera_moves import LANDSCAPE, PORTRAIT, CameraPath, compressed, filmed, with_subject
from reelscribe.v1.finding_pb2 import Finding, ShotScaleBasis
from services.common.device import Device
from services.common.time import span_s
from services.vision.analyzers.camera_analysis import CameraAnalysis
from services.vision.motion.moves import LABELS
from services.vision.percepts.faces import Faces
from services.vision.percepts.motion import Motion
from services.vision.percepts.objects import Objects
from services.vision.percepts.shots import Shots
from tests.services.vision.camera_clips import PHOTOS, camera_in, cut_at, scene
from tests.services.vision.perceived import all_needs, loaded, part_for, perceived
from tests.windows import findings_of, windows_of_frames

TRUTH = json.loads((Path(__file__).parent.parent / "truth" / "camera.json").read_text())

PATHS = (
    CameraPath(pan_per_s=0.02),
    CameraPath(pan_per_s=-1.0),
    CameraPath(tilt_per_s=0.3),
    CameraPath(tilt_per_s=-0.05),
    CameraPath(zoom_per_s=1.05),
    CameraPath(zoom_per_s=0.6),
    CameraPath(roll_deg_per_s=4),
    CameraPath(roll_deg_per_s=-20),
    CameraPath(pan_per_s=0.1, zoom_per_s=1.2),
)


def labels(findings: list[Finding]) -> list[str]:
    return [finding.label for finding in findings]


def assert_moved(findings: list[Finding], path: CameraPath) -> None:
    """Each move once, over the whole clip, in its direction and within a tenth of its speed."""
    assert sorted(labels(findings)) == sorted(path.labels)
    for finding in findings:
        move = finding.camera
        assert span_s(finding.span) == (0.0, 1.5)
        assert move.pan_per_s == pytest.approx(path.pan_per_s, rel=0.1, abs=0.002)
        assert move.tilt_per_s == pytest.approx(path.tilt_per_s, rel=0.1, abs=0.002)
        assert move.zoom_per_s - 1 == pytest.approx(path.zoom_per_s - 1, rel=0.1, abs=0.005)
        assert move.roll_deg_per_s == pytest.approx(path.roll_deg_per_s, rel=0.1, abs=0.2)


@pytest.mark.parametrize(
    ("number", "path", "size_px"),
    [
        *((number, path, LANDSCAPE) for number, path in enumerate(PATHS)),
        *((number, path, PORTRAIT) for number, path in enumerate(PATHS) if number % 2),
    ],
)
def test_direction_and_speed_of_known_moves(number: int, path: CameraPath, size_px: tuple[int, int]) -> None:
    """Old bugs: a pan had the sign of the pixels, zoom was inverted."""
    photo = scene(PHOTOS[(number + (size_px == PORTRAIT)) % len(PHOTOS)])
    frames = filmed(photo, path, size_px=size_px, length_s=1.5, noise=3)
    assert_moved(camera_in(frames), path)


@pytest.mark.parametrize("path", [CameraPath(), CameraPath(pan_per_s=-0.05), CameraPath(zoom_per_s=0.9)])
def test_compression_changes_nothing(path: CameraPath) -> None:
    assert_moved(camera_in(compressed(filmed(scene("zidane"), path, length_s=1.5, noise=3))), path)


@pytest.mark.parametrize("name", PHOTOS)
def test_a_camera_that_stands_is_static(name: str) -> None:
    frames = filmed(scene(name), CameraPath(), length_s=1.5, noise=4)
    (finding,) = camera_in(frames)
    assert finding.label == "static"
    assert finding.camera.shake < 0.0005
    assert finding.camera.inlier_share > 0.9
    assert not finding.HasField("confidence")


@pytest.mark.parametrize("speed_per_s", [0.2, 0.6])
def test_somebody_who_walks_by_does_not_move_the_camera(speed_per_s: float) -> None:
    """The subject takes more than a third of the frame."""
    frames = filmed(scene("coffee"), CameraPath(), length_s=1.5, noise=2)
    subject = scene("bus")[400:680, 200:400]
    assert labels(camera_in(with_subject(frames, subject, speed_per_s=speed_per_s))) == ["static"]


def test_a_caption_and_bars_do_not_hold_the_camera() -> None:
    frames = filmed(scene("bus"), CameraPath(pan_per_s=0.1), length_s=1.5)
    letters = np.random.default_rng(0).choice([0, 255], size=(10, 60)).astype(np.uint8).repeat(4, 0).repeat(4, 1)
    for frame in frames:
        frame[:30] = frame[-30:] = 0
        frame[200:240, 136:376] = letters[..., None]
    assert_moved(camera_in(frames), CameraPath(pan_per_s=0.1))


def test_a_mirrored_clip_pans_the_other_way() -> None:
    frames = filmed(scene("zidane"), CameraPath(pan_per_s=0.2, roll_deg_per_s=5), length_s=1.5)
    mirrored = [np.ascontiguousarray(frame[:, ::-1]) for frame in frames]
    assert_moved(camera_in(mirrored), CameraPath(pan_per_s=-0.2, roll_deg_per_s=-5))


@pytest.mark.parametrize(("shake", "size_px"), [(0.003, LANDSCAPE), (0.01, LANDSCAPE), (0.006, PORTRAIT)])
def test_old_bug_shaking_is_measured(shake: float, size_px: tuple[int, int]) -> None:
    """Stability was a constant of 1.0. A hand that shakes goes nowhere: it is no pan."""
    frames = filmed(scene("bus"), CameraPath(shake=shake), size_px=size_px, length_s=2, noise=2)
    (finding,) = camera_in(frames)
    assert finding.label == "handheld"
    assert finding.camera.shake == pytest.approx(shake * np.sqrt(2), rel=0.2)  # to the side, and up and down


def test_a_pan_by_hand_is_a_pan_and_handheld() -> None:
    frames = filmed(scene("coffee"), CameraPath(pan_per_s=0.2, shake=0.005), length_s=2)
    assert set(labels(camera_in(frames))) == {"pan_right", "handheld"}


def test_old_bug_the_whole_clip_is_looked_at() -> None:
    """Only the first 20 frames were."""
    still = filmed(scene("bus"), CameraPath(), length_s=2)
    start = filmed(scene("bus"), CameraPath(zoom_per_s=1.2), length_s=4)[60:]
    first, second = camera_in([*still, *start])
    assert (first.label, second.label) == ("static", "zoom_in")
    assert span_s(first.span) == pytest.approx((0, 2), abs=0.2)
    assert span_s(second.span) == pytest.approx((2, 4), abs=0.2)


def test_each_shot_has_moves_of_its_own() -> None:
    left = filmed(scene("bus"), CameraPath(pan_per_s=-0.2), length_s=1)
    right = filmed(scene("coffee"), CameraPath(pan_per_s=0.2), length_s=1)
    findings = camera_in([*left, *right], [cut_at(1.0)])
    assert [(finding.label, *span_s(finding.span)) for finding in findings] == [
        ("pan_left", 0.0, 1.0),
        ("pan_right", 1.0, 2.0),
    ]


def test_a_shot_is_told_when_it_is_over() -> None:
    frames = filmed(scene("bus"), CameraPath(), length_s=1) + filmed(scene("coffee"), CameraPath(), length_s=2)
    assert len(camera_in(frames, [cut_at(1.0)])) == 2


def test_without_texture_nothing_is_told_rather_than_static() -> None:
    assert camera_in([np.full((144, 256, 3), 100, np.uint8)] * 60) == []


@pytest.mark.parametrize("count", [0, 1, 2])
def test_hardly_any_frames(count: int) -> None:
    assert camera_in(filmed(scene("bus"), CameraPath(), length_s=1)[:count]) == []


def test_a_part_may_start_anywhere() -> None:
    frames = filmed(scene("bus"), CameraPath(pan_per_s=0.2), length_s=1.5)
    (finding,) = camera_in(frames, start_s=60.0)
    assert (finding.label, *span_s(finding.span)) == ("pan_right", 60.0, 61.5)


def test_the_docstring_has_every_label() -> None:
    assert CameraAnalysis.__doc__
    assert all(f"`{label}`" in CameraAnalysis.__doc__ for label in LABELS)


def frames_of(path: Path, until_s: float) -> tuple[list[np.ndarray], list[float]]:
    """Small frames, squeezed as the gateway does, and their times."""
    frames: list[np.ndarray] = []
    times: list[float] = []
    with av.open(str(path)) as container:
        for frame in container.decode(video=0):
            pts_s = float(frame.pts * frame.time_base)
            if times and pts_s - times[0] >= until_s:
                break
            scale = 256 / max(frame.width, frame.height)
            small = frame.reformat(
                width=round(frame.width * scale),
                height=round(frame.height * scale),
                format="rgb24",
                interpolation="AREA",
            )
            frames.append(small.to_ndarray())
            times.append(pts_s)
    return frames, [time_s - times[0] for time_s in times]


@pytest.mark.parametrize("clip", TRUTH["clips"], ids=lambda clip: str(clip["file"]))
def test_real_clips_as_labelled_by_eye(media_dir: Path, clip: dict[str, Any]) -> None:
    frames, times = frames_of(media_dir / "video" / clip["file"], clip.get("until_s", np.inf))
    findings = camera_in(frames, [cut_at(cut_s) for cut_s in clip["cuts_s"]], times=times)
    for shot in clip["shots"]:
        told = {label: told_s(findings, label, shot["start_s"], shot["end_s"]) for label in LABELS}
        assert {label for label, length_s in told.items() if length_s} == set(shot["labels"])
        assert told[shot["labels"][0]] >= 0.8 * (shot["end_s"] - shot["start_s"])


def told_s(findings: list[Finding], label: str, start_s: float, end_s: float) -> float:
    """For how long of [start_s, end_s) a label is told."""
    spans = [span_s(finding.span) for finding in findings if finding.label == label]
    return sum(max(min(end_s, after_s) - max(start_s, from_s), 0.0) for from_s, after_s in spans)


@pytest.fixture(scope="module")
def seers(device: Device) -> list[Any]:
    for name in ("torch", "ultralytics"):
        pytest.importorskip(name)
    return loaded([Shots, Motion, Objects, Faces], device)


@pytest.mark.parametrize("photo", TRUTH["photos"], ids=lambda photo: str(photo["name"]))
def test_scale_of_real_photos(seers: list[Any], photo: dict[str, Any]) -> None:
    analyzer = CameraAnalysis()
    frames = [scene(photo["name"])] * 15
    windows = windows_of_frames(frames, [row / 15 for row in range(15)], 1.0, all_needs(CameraAnalysis))
    found = findings_of(analyzer, perceived(windows, seers, part_for(seers[0])))
    scales = [finding for finding in found if finding.HasField("shot_scale")]
    assert labels(scales) == photo["scale"]
    assert "static" in labels(found)
    for finding in scales:
        assert finding.shot_scale.basis != ShotScaleBasis.SHOT_SCALE_BASIS_UNSPECIFIED
        assert span_s(finding.span) == (0.0, 1.0)
