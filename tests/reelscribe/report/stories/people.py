"""Who and what is seen: tracks, bodies, gaze, faces, a product."""

from __future__ import annotations

import math

from reelscribe.v1 import finding_pb2 as of
from reelscribe.v1.finding_pb2 import Box, Finding, Subject
from services.common.time import duration, span


def box(at_s: float, person: int) -> Box:
    left = 0.08 + 0.28 * person + 0.04 * math.sin(at_s)
    return Box(left=left, top=0.25, right=left + 0.25, bottom=0.8)


def pose(at_s: float, person: int) -> of.Pose:
    place = box(at_s, person)
    spots = (
        (0.5, 0.08),
        (0.55, 0.06),
        (0.45, 0.06),
        (0.6, 0.07),
        (0.4, 0.07),
        (0.75, 0.2),
        (0.25, 0.2),
        (0.85, 0.36),
        (0.15, 0.36),
        (0.8, 0.5),
        (0.2, 0.5),
        (0.65, 0.55),
        (0.35, 0.55),
        (0.65, 0.75),
        (0.35, 0.75),
        (0.65, 0.97),
        (0.35, 0.97),
    )
    joints = [
        of.Keypoint(
            point=of.Point(x=place.left + x * (place.right - place.left), y=place.top + y * (place.bottom - place.top)),
            confidence=0.9,
        )
        for x, y in spots
    ]
    return of.Pose(offset=duration(at_s), box=place, confidence=0.9, keypoints=joints)


def tracks() -> list[Finding]:
    moments = [0.2 * step for step in range(20)]
    boxes = [of.TrackedBox(offset=duration(each), box=box(each, 1), confidence=0.8) for each in moments]
    cup = [
        of.TrackedBox(offset=duration(each), box=Box(left=0.6, top=0.6, right=0.8, bottom=0.75), confidence=0.6)
        for each in moments
    ]
    return [
        Finding(span=span(0, 4), label="person", confidence=0.8, track=of.Track(track_id=1, boxes=boxes)),
        Finding(span=span(0, 4), label="cup", confidence=0.6, track=of.Track(track_id=2, boxes=cup)),
    ]


def product() -> Finding:
    product = of.Product(category="kitchenware", visible_duration=duration(3.8), screen_share=0.03, texts=["BREW"])
    return Finding(span=span(0, 4), label="cup", confidence=0.6, subject=Subject(track_id=2), product=product)


def bodies() -> list[Finding]:
    who = Subject(track_id=1)
    poses = of.PoseTrack(poses=[pose(0.2 * step, 1) for step in range(20)])
    return [
        Finding(span=span(0, 4), label="pose_track", subject=who, pose=poses),
        Finding(span=span(0, 4), label="facing_camera", subject=who, body=of.BodyState(frame_count=20)),
        Finding(
            span=span(1, 2),
            label="waving",
            subject=who,
            gesture=of.Gesture(side=of.BodySide.BODY_SIDE_LEFT, frequency_hz=1.8),
        ),
        Finding(span=span(0, 4), label="moving", subject=who, activity=of.Activity(median_speed=0.5, peak_speed=1.2)),
    ]


def gaze() -> list[Finding]:
    who = Subject(track_id=1, face_id=1)
    samples = [
        of.GazeSample(
            offset=duration(step / 15),
            face=Box(left=0.42, top=0.26, right=0.6, bottom=0.4),
            head_yaw_deg=20,
            eye_yaw_deg=8,
        )
        for step in range(60)
    ]
    looks = of.GazeDirection(yaw_deg=2, frame_count=30)
    return [
        Finding(span=span(0, 4), label="gaze_track", subject=who, gaze=of.GazeTrack(samples=samples)),
        Finding(span=span(0, 3), label="looking_at_camera", subject=who, gaze_direction=looks),
        Finding(span=span(3, 4), label="looking_down", subject=who, gaze_direction=looks),
        Finding(span=span(1.5, 1.8), label="blink", subject=who),
        Finding(span=span(8, 9), label="eyes_too_small", subject=Subject(face_id=2)),
    ]


def age() -> Finding:
    gender = of.ClassDistribution(names=["female", "male"], shares=[0.8, 0.2])
    age = of.AgeEstimate(median_years=34, low_years=29, high_years=41, sample_count=8, apparent_gender=gender)
    return Finding(span=span(0, 4), label="apparent_age", subject=Subject(track_id=1, face_id=1), age=age)


def emotion() -> Finding:
    shares = of.ClassDistribution(
        names=["happy", "neutral", "sad"],
        shares=[0.7, 0.2, 0.1],
        samples=[of.DistributionSample(offset=duration(1), shares=[0.7, 0.2, 0.1])],
    )
    return Finding(
        span=span(0, 4), label="happy", confidence=0.7, subject=Subject(track_id=1, face_id=1), distribution=shares
    )
