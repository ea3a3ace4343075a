from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from reelscribe.v1.finding_pb2 import Finding
from reelscribe.v1.picture_pb2 import SubjectBasis
from services.common.analyzer import Percept
from services.common.device import Device
from services.common.errors import WeightsNotInstalled
from services.common.time import span_s
from services.common.weights import locate
from services.common.window import Window
from services.vision.analyzers.composition_analysis import NEED, SAMPLE_INTERVAL_S, CompositionAnalysis
from services.vision.percepts.faces import Face, Faces, FacesInFrame
from services.vision.percepts.objects import Objects, ObjectsInFrame, ObjectsInWindow, SeenObject
from services.vision.percepts.shots import ShotChange
from tests.services.vision.composition.seen import face, thing
from tests.services.vision.handed import change, handed, shots, without_frames
from tests.services.vision.perceived import loaded, part_for, perceived
from tests.services.vision.quality.distorted import photo
from tests.services.vision.scenes import photo_path
from tests.windows import part_of, windows_of_frames

LABELS = json.loads((Path(__file__).parent.parent / "truth" / "composition_labels.json").read_text())
STEP_S = 0.2
FRAME = cv2.resize(photo("coffee.png"), (180, 120), interpolation=cv2.INTER_AREA)

Seen = Callable[[float], tuple[Sequence[Face], Sequence[SeenObject]]]
"""What the percepts see at a time."""


def percepts(seen: Seen) -> dict[Any, Callable[[Window], Any]]:
    def frames(window: Window) -> list[tuple[float, tuple[Face, ...], tuple[SeenObject, ...]]]:
        return [(pts_s, *map(tuple, seen(pts_s))) for pts_s in window[NEED].pts_s.tolist()]

    return {
        Faces: lambda window: tuple(
            FacesInFrame(pts_s=pts_s, end_s=pts_s + STEP_S, shot=0, faces=faces) for pts_s, faces, _ in frames(window)
        ),
        Objects: lambda window: ObjectsInWindow(
            frames=tuple(
                ObjectsInFrame(pts_s=pts_s, end_s=pts_s + STEP_S, shot=0, objects=things)
                for pts_s, _, things in frames(window)
            ),
            over=(),
        ),
    }


def analyzed(
    length_s: float,
    seen: Seen,
    changes: Sequence[ShotChange] = (),
    *,
    frame: np.ndarray = FRAME,
    start_s: float = 0.0,
) -> list[Finding]:
    """One picture shown at 5 Hz, and what percepts see in it."""
    times = start_s + STEP_S * np.arange(round(length_s / STEP_S))
    windows = windows_of_frames([frame] * len(times), times, start_s + length_s, (NEED,))
    analyzer = CompositionAnalysis()
    part = replace(part_of(analyzer), start_s=start_s, own_start_s=start_s)
    return list(analyzer.analyze(part, handed(windows, shots(changes) | percepts(seen))))


def nobody(pts_s: float) -> tuple[Sequence[Face], Sequence[SeenObject]]:
    return (), ()


def somebody(x: float, y: float) -> Seen:
    """A face whose eyes' middle is at x, y, and its person."""
    box = (x - 0.05, y - 0.08, x + 0.05, y + 0.12)
    return lambda pts_s: ([face(box, face_id=3, track_id=7)], [thing((x - 0.1, y - 0.1, x + 0.1, 1.0))])


@pytest.mark.parametrize(
    ("place", "label"), [((0.5, 0.5), "centred"), ((1 / 3, 1 / 3), "on_thirds"), ((0.1, 0.5), "off_grid")]
)
def test_the_label_says_where_the_subject_stands(place: tuple[float, float], label: str):
    (finding,) = analyzed(2.0, somebody(*place))
    assert finding.label == label
    assert (finding.composition.anchor.x, finding.composition.anchor.y) == pytest.approx(place, abs=1e-6)
    assert finding.composition.headroom == pytest.approx(place[1] - 0.1)
    assert (finding.subject.face_id, finding.subject.track_id) == (3, 7)


def test_old_bug_every_shot_has_a_finding_also_without_a_subject():
    """It "delivered no data": where nothing is recognised, symmetry is measured all the same."""
    findings = analyzed(6.0, nobody, [change(2.0), change(4.0)])
    assert [(item.label, span_s(item.span)) for item in findings] == [
        ("no_subject", (0.0, 2.0)),
        ("no_subject", (2.0, 4.0)),
        ("no_subject", (4.0, 6.0)),
    ]
    for finding in findings:
        assert -1.0 <= finding.composition.symmetry <= 1.0
        assert finding.composition.basis == SubjectBasis.SUBJECT_BASIS_UNSPECIFIED
        assert not finding.composition.HasField("anchor")
        assert not finding.HasField("subject")


def test_a_picture_beside_its_mirror_image_is_symmetric():
    findings = analyzed(1.0, nobody, frame=np.hstack([FRAME, FRAME[:, ::-1]]))
    assert [finding.label for finding in findings] == ["no_subject", "symmetric"]
    assert findings[1].composition.symmetry == pytest.approx(1.0, abs=1e-5)


def test_each_shot_has_its_own_subject():
    def seen(pts_s: float) -> tuple[Sequence[Face], Sequence[SeenObject]]:
        return ([face((0.4, 0.4, 0.6, 0.8))], []) if pts_s < 2.0 else ([], [thing((0.1, 0.2, 0.3, 0.4), "cup", 5)])

    first, second = analyzed(4.0, seen, [change(2.0)])
    assert first.composition.basis == SubjectBasis.SUBJECT_BASIS_FACE
    assert second.composition.basis == SubjectBasis.SUBJECT_BASIS_OBJECT
    assert (first.subject.face_id, second.subject.track_id) == (1, 5)


def test_frames_of_a_gradual_change_are_not_counted():
    findings = analyzed(6.0, nobody, [change(2.0, 4.0)])
    assert [span_s(finding.span) for finding in findings] == [(0.0, 2.0), (4.0, 6.0)]


def test_frames_are_looked_at_no_more_often_than_a_composition_changes():
    processed = []
    analyzer = CompositionAnalysis()
    windows = windows_of_frames([FRAME] * 50, STEP_S * np.arange(50), 10.0, (NEED,))
    part = replace(part_of(analyzer), count_processed=processed.append)
    (finding,) = analyzer.analyze(part, handed(windows, shots() | percepts(nobody)))
    assert sum(processed) == finding.composition.frame_count
    assert finding.composition.frame_count <= 10.0 / SAMPLE_INTERVAL_S
    assert finding.composition.frame_count >= 10.0 / (SAMPLE_INTERVAL_S + STEP_S)


def test_a_shot_of_a_single_frame_has_a_finding():
    findings = analyzed(2.0, nobody, [change(1.0), change(1.15)])
    assert [finding.composition.frame_count for finding in findings] == [2, 1, 2]


def test_a_part_that_starts_late_is_timed_from_there():
    assert [span_s(finding.span) for finding in analyzed(1.0, nobody, start_s=60.0)] == [(60.0, 61.0)]


@pytest.mark.parametrize("shape", [(1, 1, 3), (3, 7, 3)])
def test_tiny_and_odd_frames_are_measured(shape: tuple[int, int, int]):
    assert analyzed(0.4, somebody(0.5, 0.5), frame=np.full(shape, 9, np.uint8))[0].label == "centred"
    assert analyzed(0.4, nobody, frame=np.full(shape, 9, np.uint8))[0].label == "no_subject"


def test_without_windows_or_frames_there_is_nothing():
    analyzer = CompositionAnalysis()
    empty = handed(iter([without_frames(NEED)]), shots([change(0.5)]) | percepts(nobody))
    assert list(analyzer.analyze(part_of(analyzer), empty)) == []
    assert list(analyzer.analyze(part_of(analyzer), iter(()))) == []


@pytest.fixture(scope="module")
def seeing(device: Device) -> list[Percept]:
    """The detectors, on real weights. Shots are handed in: a picture that stands still has none."""
    try:
        locate("yunet"), locate("yolo11n")
    except WeightsNotInstalled as error:
        pytest.skip(f"{error}: {error.fix}")
    pytest.importorskip("ultralytics", reason="ultralytics is not installed")
    return [percept for percept in loaded([Objects, Faces], device) if isinstance(percept, Objects | Faces)]


@pytest.mark.parametrize(
    "truth", LABELS["pictures"], ids=lambda truth: f"{truth['file']}-{truth.get('frame_index', 0)}"
)
def test_real_pictures_are_composed_as_they_look(
    seeing: list[Percept], truth: dict[str, Any], request: pytest.FixtureRequest
):
    frame = picture(truth, request)
    windows = handed(windows_of_frames([frame] * 2, [0.0, STEP_S], 2 * STEP_S, (NEED,)), shots())
    analyzer = CompositionAnalysis()
    finding = next(analyzer.analyze(part_of(analyzer), perceived(windows, seeing, part_for(seeing[0]))))
    found, tolerance = finding.composition, LABELS["tolerance"]
    assert SubjectBasis.Name(found.basis) == truth["basis"]
    assert [found.anchor.x, found.anchor.y] == pytest.approx(truth["anchor"], abs=tolerance)
    assert found.headroom == pytest.approx(truth["headroom"], abs=tolerance)
    if side := truth.get("turned"):
        before_left = found.subject.left - (1 - found.subject.right)
        assert found.lead_room == pytest.approx(before_left if side == "left" else -before_left, abs=0.01)
    if truth.get("blurred_background"):
        assert found.subject_focus > 0.3


def picture(truth: dict[str, Any], request: pytest.FixtureRequest) -> np.ndarray:
    name: str = truth["file"]
    if name.endswith(".png"):
        return photo(name)
    if name.endswith(".jpg"):
        return np.ascontiguousarray(cv2.imread(str(photo_path(Path(name).stem)))[..., ::-1])
    composite: Path = request.getfixturevalue("composite")
    capture = cv2.VideoCapture(str(composite))
    capture.set(cv2.CAP_PROP_POS_FRAMES, truth["frame_index"])
    _, bgr = capture.read()
    capture.release()
    return np.ascontiguousarray(bgr[..., ::-1])
