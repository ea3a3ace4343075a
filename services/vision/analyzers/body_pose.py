"""Bodies: their joints over time, how they are held and turned, what hands say, and how much they move."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

import numpy as np

from reelscribe.v1.analyzer_pb2 import Method
from reelscribe.v1.finding_pb2 import (
    Activity,
    BodySide,
    BodyState,
    Box,
    Finding,
    Gesture,
    Keypoint,
    Point,
    Pose,
    PoseTrack,
    Subject,
)
from services.common.analyzer import Analyzer
from services.common.time import duration, span, span_s
from services.common.window import Part, Window
from services.vision.bodies import activity as activities
from services.vision.bodies.arms import Arm, arm, by_side, mean_direction_deg
from services.vision.bodies.orientation import orientation, shoulder_breadths
from services.vision.bodies.posture import posture
from services.vision.bodies.proportions import body_heights
from services.vision.bodies.spans import Held, held
from services.vision.bodies.stretches import SIDES, Floats, Sighting, Stretch, median_of, stretches
from services.vision.bodies.waving import Wave, waves
from services.vision.percepts.motion import FrameMotion, Motion
from services.vision.percepts.objects import NEED
from services.vision.percepts.persons import Persons
from services.vision.percepts.tracks import Tracks

WIRE_SIDES = {
    "left": BodySide.BODY_SIDE_LEFT,
    "right": BodySide.BODY_SIDE_RIGHT,
    "both": BodySide.BODY_SIDE_BOTH,
}

FASTEST_TENTH = 90.0
"""Percentile."""

SURE_SCORE = 0.5
"""The network's, from which on one pose is enough: rather so than not."""


class BodyPose(Analyzer):
    """The 17 keypoints of each person, and what they show, five times a second.

    Labels: each about the track of object_detection with the same number.
    `pose_track`: all poses of a person; `confidence` is the network's mean score.
    `standing`, `sitting` (a deep squat counts), `lying`: only where hips and knees are seen; `upright`: trunk or head
    upright, no knee seen.
    `facing_camera`, `facing_away`, `facing_left`, `facing_right`: the body, not the head; left and right are the
    picture's. Turned by more than 60 degrees counts as sideways.
    `raised_hand`: at the chin or higher and not at the face.
    `waving`: a lifted hand that goes to and fro twice at least, at 0.5 to 2.5 Hz; as frames are seen at 5 Hz, a faster
    wave looks like a slower one.
    `pointing`: a straight arm, held still, neither hanging nor straight up; one that points at the camera is not told.
    `still`, `moving`, `very_active`: the three fastest joints below 0.1, below and from 2.0 body heights
    a second, camera motion taken off.
    All but `pose_track` are measured on the keypoints and have no confidence. What lasts less than half a second
    (activity: one second) is left out. Settings: those of `persons`.
    """

    name = "body_pose"
    method = Method.METHOD_MODEL
    needs = NEED
    uses = (Tracks, Persons, Motion)

    def analyze(self, part: Part, windows: Iterator[Window]) -> Iterator[Finding]:
        sightings: dict[int, list[Sighting]] = defaultdict(list)
        motions: list[FrameMotion] = []
        for window in windows:
            motions += window[Motion]
            for track_id, sighting in _sightings(window):
                sightings[track_id].append(sighting)
            for track in window[Tracks]:
                seen = sightings.pop(track.track_id, [])
                if track.class_name == "person" and _is_somebody(seen, len(track.sightings)):
                    yield _pose_track(track.track_id, seen)
                    yield from _states(track.track_id, seen, motions)


def _is_somebody(seen: Sequence[Sighting], chances: int) -> bool:
    """Not where the network found a single pose in all the frames of a track, and was not rather sure of it."""
    return len(seen) > 1 or (len(seen) == 1 and (chances == 1 or seen[0].person.score >= SURE_SCORE))


def _sightings(window: Window) -> Iterator[tuple[int, Sighting]]:
    height_px, width_px = window[NEED].rgb.shape[1:3]
    for frame in window[Persons]:
        for person in frame.persons:
            yield (
                person.track_id,
                Sighting(
                    pts_s=frame.pts_s,
                    end_s=frame.end_s,
                    shot=frame.shot,
                    aspect=width_px / height_px,
                    person=person,
                ),
            )


def _pose_track(track_id: int, seen: Sequence[Sighting]) -> Finding:
    return Finding(
        span=span(seen[0].pts_s, seen[-1].end_s),
        label="pose_track",
        confidence=float(np.mean([sighting.person.score for sighting in seen])),
        pose=PoseTrack(poses=[_pose(sighting) for sighting in seen]),
        subject=Subject(track_id=track_id),
    )


def _pose(sighting: Sighting) -> Pose:
    left, top, right, bottom = sighting.person.box
    return Pose(
        offset=duration(sighting.pts_s),
        box=Box(left=left, top=top, right=right, bottom=bottom),
        confidence=sighting.person.score,
        keypoints=[
            Keypoint(point=Point(x=x, y=y), confidence=confidence)
            for x, y, confidence in sighting.person.keypoints.tolist()
        ],
    )


def _states(track_id: int, seen: Sequence[Sighting], motions: Sequence[FrameMotion]) -> list[Finding]:
    """All but the track itself, in order of time."""
    findings = []
    for stretch in stretches(seen):
        heights = body_heights(stretch)
        findings += [
            *_body_states(stretch, heights),
            *_gestures(stretch, heights),
            *_activities(stretch, heights, motions),
        ]
    for finding in findings:
        finding.subject.track_id = track_id
    return sorted(findings, key=lambda finding: span_s(finding.span))


def _body_states(stretch: Stretch, heights: Floats) -> Iterator[Finding]:
    how = posture(stretch, heights)
    breadths = shoulder_breadths(stretch)
    for spans in (held(stretch, how.labels), held(stretch, orientation(stretch))):
        for each in spans:
            state = BodyState(
                trunk_tilt_deg=median_of(how.trunk_tilt_deg[each.rows]),
                knee_angle_deg=median_of(how.knee_angle_deg[each.rows]),
                shoulder_breadth=median_of(breadths[each.rows]),
                frame_count=each.rows.stop - each.rows.start,
            )
            yield Finding(span=span(each.start_s, each.end_s), label=each.label, body=state)


def _gestures(stretch: Stretch, heights: Floats) -> Iterator[Finding]:
    arms = {side: arm(stretch, heights, side) for side in SIDES}
    for each in held(stretch, by_side(arms["left"].raised, arms["right"].raised)):
        yield _gesture("raised_hand", each, Gesture(side=WIRE_SIDES[each.label]))
    found = {side: waves(stretch, heights, side) for side in SIDES}
    for each in held(stretch, by_side(*(_rows_of(found[side], len(stretch)) for side in SIDES))):
        frequency_hz = _frequency_hz(each, [wave for side in SIDES for wave in found[side]])
        yield _gesture("waving", each, Gesture(side=WIRE_SIDES[each.label], frequency_hz=frequency_hz))
    for side in SIDES:
        yield from _pointing(stretch, arms[side], side)


def _pointing(stretch: Stretch, one: Arm, side: str) -> Iterator[Finding]:
    for each in held(stretch, [side if points else None for points in one.pointing]):
        direction_deg = mean_direction_deg(one.direction_deg[each.rows])
        yield _gesture("pointing", each, Gesture(side=WIRE_SIDES[side], direction_deg=direction_deg))


def _gesture(label: str, each: Held, gesture: Gesture) -> Finding:
    return Finding(span=span(each.start_s, each.end_s), label=label, gesture=gesture)


def _rows_of(found: Sequence[Wave], count: int) -> np.ndarray:
    rows = np.zeros(count, dtype=bool)
    for wave in found:
        rows[wave.first : wave.last + 1] = True
    return rows


def _frequency_hz(each: Held, found: Sequence[Wave]) -> float:
    """Mean of the waves within the span."""
    return float(np.mean([w.frequency_hz for w in found if w.first < each.rows.stop and w.last >= each.rows.start]))


def _activities(stretch: Stretch, heights: Floats, motions: Sequence[FrameMotion]) -> Iterator[Finding]:
    speed = activities.speeds(stretch, heights, motions)
    for each in held(stretch, activities.activity(speed), activities.LEAST_S):
        values = speed[each.rows]
        known = values[~np.isnan(values)]
        shape = Activity(median_speed=float(np.median(known)), peak_speed=float(np.percentile(known, FASTEST_TENTH)))
        yield Finding(span=span(each.start_s, each.end_s), label=each.label, activity=shape)
