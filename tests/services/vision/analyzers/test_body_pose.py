from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import av
import numpy as np
import pytest

from reelscribe.v1.finding_pb2 import BodySide, Finding
from services.common.analyzer import Percept
from services.common.device import Device
from services.common.time import seconds, span_s
from services.common.weights import InstalledWeights
from services.common.window import FrameBatch, Window
from services.vision.analyzers.body_pose import BodyPose
from services.vision.percepts.motion import Motion
from services.vision.percepts.objects import NEED
from services.vision.percepts.persons import Persons, PersonsInFrame
from services.vision.percepts.tracks import ObjectTrack, Tracks
from services.vision.percepts.tracks import Sighting as BoxSighting
from tests.services.vision.bodies.figures import RATE_HZ, Figure, seen_as
from tests.services.vision.perceived import all_needs, loaded, perceived
from tests.services.vision.pose_weights import pose_weights
from tests.windows import findings_of, part_of, windows_of_frames

TRACK_ID = 3
ORIENTATIONS = ("facing_camera", "facing_away", "facing_left", "facing_right")
POSTURES = ("standing", "sitting", "lying", "upright")
ACTIVITIES = ("still", "moving", "very_active")


def windows_with(
    figure_at: Callable[[float], Figure | None], length_s: float, start_s: float = 0.0, class_name: str = "person"
) -> Iterator[Window]:
    """Windows of a second in which one figure acts; its track is complete with the last."""
    times_s = [start_s + k / RATE_HZ for k in range(round(length_s * RATE_HZ))]
    frames = [_frame(time_s, figure_at(time_s - start_s)) for time_s in times_s]
    for index, first in enumerate(range(0, len(frames), 5)):
        here = frames[first : first + 5]
        is_last = first + 5 >= len(frames)
        batch = FrameBatch(
            rgb=np.zeros((len(here), 64, 36, 3), np.uint8),
            pts_s=np.array([frame.pts_s for frame in here]),
            index=np.arange(first, first + len(here)),
        )
        tracks = (_track(frames, class_name),) if is_last and any(frame.persons for frame in frames) else ()
        contents = {NEED: batch, Persons: tuple(here), Tracks: tracks, Motion: ()}
        yield Window(index=index, start_s=here[0].pts_s, end_s=here[-1].end_s, contents=contents)


def _frame(time_s: float, figure: Figure | None) -> PersonsInFrame:
    persons = () if figure is None else (seen_as(figure, time_s).person,)
    return PersonsInFrame(pts_s=time_s, end_s=time_s + 1 / RATE_HZ, shot=0, persons=persons)


def _track(frames: Sequence[PersonsInFrame], class_name: str) -> ObjectTrack:
    sightings = [
        BoxSighting(pts_s=frame.pts_s, end_s=frame.end_s, box=person.box, score=0.8, class_name=class_name)
        for frame in frames
        for person in frame.persons
    ]
    return ObjectTrack(track_id=TRACK_ID, class_name=class_name, sightings=tuple(sightings))


def found(figure_at: Callable[[float], Figure | None], length_s: float, start_s: float = 0.0) -> list[Finding]:
    return findings_of(BodyPose(), windows_with(figure_at, length_s, start_s))


def told(findings: Sequence[Finding], labels: Sequence[str]) -> list[tuple[str, float, float]]:
    return [
        (finding.label, *(round(edge_s, 3) for edge_s in span_s(finding.span)))
        for finding in findings
        if finding.label in labels
    ]


def test_one_body_is_one_track_and_what_it_does() -> None:
    """Old bug: 33 "people" for one woman."""
    findings = found(lambda _: Figure(), 3.0)
    assert [finding.label for finding in findings] == ["pose_track", "standing", "facing_camera", "still"]
    assert {finding.subject.track_id for finding in findings} == {TRACK_ID}
    track = findings[0]
    assert track.confidence == pytest.approx(0.9)
    assert len(track.pose.poses) == 15
    assert [seconds(pose.offset) for pose in track.pose.poses[:2]] == [0.0, 0.2]
    assert len(track.pose.poses[0].keypoints) == 17
    assert not any(finding.HasField("confidence") for finding in findings[1:])
    for finding in findings:
        assert span_s(finding.span) == (0.0, pytest.approx(3.0))


def test_the_evidence_is_told() -> None:
    _, standing, facing, still = found(lambda _: Figure(), 3.0)
    assert standing.body.trunk_tilt_deg == pytest.approx(0, abs=0.1)
    assert standing.body.knee_angle_deg == pytest.approx(180, abs=0.1)
    assert facing.body.shoulder_breadth == pytest.approx(0.8, abs=0.01)
    assert facing.body.frame_count == 15
    assert (still.activity.median_speed, still.activity.peak_speed) == (pytest.approx(0), pytest.approx(0))


def test_evidence_that_was_not_seen_is_unset() -> None:
    upright = next(each for each in found(lambda _: Figure(hidden=("knee", "ankle")), 1.0) if each.label == "upright")
    assert upright.body.HasField("trunk_tilt_deg")
    assert not upright.body.HasField("knee_angle_deg")


def test_a_body_that_turns_around() -> None:
    findings = found(lambda time_s: Figure(yaw_deg=0 if time_s < 1.99 else 90 if time_s < 3.99 else 180), 6.0)
    assert told(findings, ORIENTATIONS) == [
        ("facing_camera", 0.0, 2.0),
        ("facing_right", 2.0, 4.0),
        ("facing_away", 4.0, 6.0),
    ]


def test_sitting_down() -> None:
    findings = found(lambda time_s: Figure(posture="standing" if time_s < 1.99 else "sitting"), 4.0)
    assert told(findings, POSTURES) == [("standing", 0.0, 2.0), ("sitting", 2.0, 4.0)]


def test_a_raised_hand_is_not_waving() -> None:
    """Old bug: a raised hand was called waving."""
    findings = found(lambda time_s: Figure(right_arm=(90, 180) if 0.99 < time_s < 3.99 else (0, 0)), 5.0)
    (raised,) = [finding for finding in findings if finding.HasField("gesture")]
    assert (raised.label, raised.gesture.side) == ("raised_hand", BodySide.BODY_SIDE_RIGHT)
    assert span_s(raised.span) == (pytest.approx(1.0), pytest.approx(4.0))


@pytest.mark.parametrize("frequency_hz", [0.7, 1.2, 2.0])
def test_waving(frequency_hz: float) -> None:
    def wave(time_s: float) -> Figure:
        return Figure(left_arm=(60.0, 180 + 30 * float(np.sin(2 * np.pi * frequency_hz * time_s))))

    (waving,) = [finding for finding in found(wave, 4.0) if finding.label == "waving"]
    assert waving.gesture.side == BodySide.BODY_SIDE_LEFT
    assert waving.gesture.frequency_hz == pytest.approx(frequency_hz, abs=0.06)


def test_both_hands_wave() -> None:
    def wave(time_s: float) -> Figure:
        angle = 180 + 30 * float(np.sin(2 * np.pi * time_s))
        return Figure(left_arm=(60.0, angle), right_arm=(60.0, angle))

    (waving,) = [finding for finding in found(wave, 4.0) if finding.label == "waving"]
    assert waving.gesture.side == BodySide.BODY_SIDE_BOTH


def test_pointing() -> None:
    (pointing,) = [
        finding for finding in found(lambda _: Figure(right_arm=(90, 90)), 2.0) if finding.HasField("gesture")
    ]
    assert (pointing.label, pointing.gesture.side) == ("pointing", BodySide.BODY_SIDE_RIGHT)
    assert pointing.gesture.direction_deg == pytest.approx(270, abs=1)


def test_walking_across_is_moving_and_not_still() -> None:
    findings = found(lambda time_s: Figure(x=0.1 + 0.3 * time_s), 3.0)
    (moving,) = [finding for finding in findings if finding.HasField("activity")]
    assert moving.label == "moving"
    assert moving.activity.median_speed == pytest.approx(0.5, abs=0.01)


def test_a_gap_ends_no_track() -> None:
    findings = found(lambda time_s: None if 1.39 < time_s < 1.79 else Figure(), 4.0)
    assert told(findings, ("pose_track",)) == [("pose_track", 0.0, 4.0)]
    assert told(findings, ORIENTATIONS) == [("facing_camera", 0.0, 4.0)]


def test_a_part_that_does_not_start_at_zero() -> None:
    findings = found(lambda _: Figure(), 2.0, start_s=58.0)
    assert len(findings) == 4
    for finding in findings:
        assert span_s(finding.span) == (58.0, pytest.approx(60.0))


def test_a_single_frame() -> None:
    findings = found(lambda _: Figure(yaw_deg=180), 0.2)
    assert [finding.label for finding in findings] == ["pose_track", "standing", "facing_away"]


def test_one_doubtful_pose_of_many_chances_is_nobody() -> None:
    """Old bug, too: 33 "people" for one woman."""
    doubtful, sure = (_once_in_a_track(score) for score in (0.3, 0.8))
    assert findings_of(BodyPose(), doubtful) == []
    assert next(finding.label for finding in findings_of(BodyPose(), sure)) == "pose_track"


def _once_in_a_track(score: float) -> Iterator[Window]:
    """A person whom the detector sees for a second, and the pose network once."""
    (window,) = windows_with(lambda _: Figure(), 1.0)
    one = window[Persons][2]
    poses = (replace(one, persons=(replace(one.persons[0], score=score),)),)
    contents = {NEED: window[NEED], Persons: poses, Tracks: window[Tracks], Motion: ()}
    yield Window(index=0, start_s=0.0, end_s=1.0, contents=contents)


def test_nobody_and_nothing() -> None:
    assert found(lambda _: None, 2.0) == []
    assert findings_of(BodyPose(), iter([])) == []
    (empty,) = windows_of_frames([np.zeros((36, 64, 3), np.uint8)], [0.0], 1.0, (NEED,))
    nothing = FrameBatch(rgb=np.empty((0, 1, 1, 3), np.uint8), pts_s=np.empty(0), index=np.empty(0, np.int64))
    contents = {NEED: nothing, Persons: (), Tracks: (), Motion: ()}
    window = Window(index=0, start_s=empty.start_s, end_s=empty.end_s, contents=contents)
    assert findings_of(BodyPose(), iter([window])) == []


def test_what_turned_out_to_be_no_person_has_no_pose() -> None:
    assert findings_of(BodyPose(), windows_with(lambda _: Figure(), 2.0, class_name="teddy_bear")) == []


@pytest.fixture(scope="module")
def percepts(yolo11n: InstalledWeights, device: Device) -> list[Percept]:
    pose_weights()
    return loaded([Tracks, Persons, Motion], device)


def analyzed(percepts: list[Percept], clip: Path, start_s: float, end_s: float, *, mirrored: bool) -> list[Finding]:
    times_s, frames = _decoded(clip, start_s, end_s)
    if mirrored:
        frames = [np.ascontiguousarray(frame[:, ::-1]) for frame in frames]
    windows = windows_of_frames(frames, times_s, end_s, all_needs(BodyPose))
    return findings_of(BodyPose(), perceived(windows, percepts, part_of(BodyPose())))


def _decoded(clip: Path, start_s: float, end_s: float) -> tuple[list[float], list[np.ndarray]]:
    times_s, frames = [], []
    with av.open(str(clip)) as container:
        for frame in container.decode(video=0):
            if frame.time >= end_s:
                break
            if frame.time >= start_s:
                times_s.append(frame.time)
                frames.append(frame.to_ndarray(format="rgb24"))
    return times_s, frames


REAL = [
    ("intel_asl_thanks.mkv", 0.0, 1.7, {"facing_camera"}, {"upright"}, False),
    ("intel_asl_thanks.mkv", 0.0, 1.7, {"facing_camera"}, {"upright"}, True),
    ("grid_brbk7n.mpg", 0.0, 1.0, {"facing_camera"}, {"upright"}, False),
    ("intel_one-by-one-person-detection.mp4", 9.0, 11.0, {"facing_away"}, {"standing"}, False),
    ("moviepy_chaplin.mp4", 2.0, 4.0, {"facing_right", "facing_camera"}, {"standing"}, False),
    ("moviepy_chaplin.mp4", 2.0, 4.0, {"facing_right", "facing_camera"}, {"standing"}, True),
]
SWAPPED = {"facing_left": "facing_right", "facing_right": "facing_left"}


@pytest.mark.parametrize(("name", "start_s", "end_s", "facing", "posture", "mirrored"), REAL)
def test_real_bodies_are_turned_as_they_are(
    percepts: list[Percept],
    media_dir: Path,
    name: str,
    start_s: float,
    end_s: float,
    facing: set[str],
    posture: set[str],
    mirrored: bool,
) -> None:
    """Old bug: facing the camera was called a back view; and one woman was 33 people."""
    findings = analyzed(percepts, media_dir / "video" / name, start_s, end_s, mirrored=mirrored)
    longest = _for_longest(findings)
    assert len([finding for finding in findings if finding.label == "pose_track"]) == len(facing)
    expected = {SWAPPED.get(label, label) for label in facing} if mirrored else facing
    assert set(longest.values()) == expected
    assert {finding.label for finding in findings if finding.label in POSTURES} == posture
    assert not [finding for finding in findings if finding.label == "waving"]


def _for_longest(findings: Sequence[Finding]) -> dict[int, str]:
    """The orientation each track has for longest."""
    lengths: dict[int, dict[str, float]] = {}
    for finding in findings:
        if finding.label in ORIENTATIONS:
            start_s, end_s = span_s(finding.span)
            of_track = lengths.setdefault(finding.subject.track_id, {})
            of_track[finding.label] = of_track.get(finding.label, 0.0) + end_s - start_s
    return {track_id: max(of_track, key=lambda label: of_track[label]) for track_id, of_track in lengths.items()}


def test_labels_are_documented() -> None:
    assert BodyPose.__doc__ is not None
    for label in ("pose_track", *POSTURES, *ORIENTATIONS, "raised_hand", "waving", "pointing", *ACTIVITIES):
        assert f"`{label}`" in BodyPose.__doc__
