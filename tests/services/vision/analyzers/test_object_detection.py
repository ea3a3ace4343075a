from __future__ import annotations

from pathlib import Path

import pytest

from reelscribe.v1.finding_pb2 import Finding
from services.common.analyzer import Percept
from services.common.device import Device
from services.common.time import seconds, span_s
from services.common.weights import InstalledWeights
from services.common.window import Window
from services.vision.analyzers.object_detection import ObjectDetection
from services.vision.percepts.objects import NEED
from services.vision.percepts.tracks import ObjectTrack, Sighting, Tracks
from tests.services.vision.perceived import all_needs, loaded, perceived
from tests.windows import findings_of, part_of, windows_of_file


@pytest.fixture(scope="module")
def percepts(yolo11n: InstalledWeights, device: Device) -> list[Percept]:
    return loaded([Tracks], device)


class AllNeeds:
    needs = all_needs(ObjectDetection)


def analyzed(percepts: list[Percept], path: Path, start_s: float, end_s: float) -> list[Finding]:
    windows = windows_of_file(path, AllNeeds, end_s)  # type: ignore[arg-type]
    chosen = (window for window in windows if window.start_s >= start_s)
    analyzer = ObjectDetection()
    return findings_of(analyzer, perceived(chosen, percepts, part_of(analyzer)))


def sighting(pts_s: float, score: float, name: str = "cup") -> Sighting:
    return Sighting(pts_s=pts_s, end_s=pts_s + 0.2, box=(0.1, 0.2, 0.3, 0.4), score=score, class_name=name)


def test_a_track_becomes_one_finding() -> None:
    track = ObjectTrack(track_id=7, class_name="cup", sightings=(sighting(1.0, 0.5), sighting(1.2, 0.7)))
    windows = [Window(index=0, start_s=0.0, end_s=2.0, contents={Tracks: (track,)})]
    (finding,) = findings_of(ObjectDetection(), iter(windows))
    assert finding.label == "cup"
    assert span_s(finding.span) == (1.0, pytest.approx(1.4))
    assert finding.confidence == pytest.approx(0.6)
    assert finding.track.track_id == 7
    assert [seconds(box.offset) for box in finding.track.boxes] == [1.0, 1.2]
    assert [box.confidence for box in finding.track.boxes] == pytest.approx([0.5, 0.7])
    box = finding.track.boxes[0].box
    assert (box.left, box.top, box.right, box.bottom) == pytest.approx((0.1, 0.2, 0.3, 0.4))


def test_without_windows_there_is_nothing() -> None:
    assert findings_of(ObjectDetection(), iter([])) == []


def test_it_looks_at_whole_frames_a_few_times_a_second() -> None:
    assert NEED.rate_hz is not None
    assert NEED.rate_hz <= 15
    assert NEED.long_side_px == 640


def test_one_walker_is_one_person(percepts: list[Percept], media_dir: Path) -> None:
    """Old bug: the count of objects was the count of frames they were seen in."""
    clip = media_dir / "video" / "intel_one-by-one-person-detection.mp4"
    findings = analyzed(percepts, clip, 6.0, 14.0)
    (person,) = [finding for finding in findings if finding.label == "person"]
    assert len(person.track.boxes) > 30
    assert person.confidence > 0.7
    centres = [(box.box.left + box.box.right) / 2 for box in person.track.boxes]
    assert max(centres) - min(centres) > 0.2
