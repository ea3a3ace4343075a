"""What is drawn over the picture: boxes, joints, faces and texts at their times, in numbers a page can carry."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from reelscribe.report.found import PERSON
from reelscribe.report.page.known import Known
from reelscribe.report.page.telling import title
from reelscribe.report.page.words import Words
from reelscribe.v1.geometry_pb2 import Box
from services.common.time import seconds

SCALE = 1000
"""Coordinates are whole thousandths of the frame: a pixel or so."""

JOINT_CONFIDENCE = 0.25
"""A joint less sure than this is not drawn, as in ultralytics' own drawings (`Annotator.kpts`)."""

MAX_SAMPLES = 9000
"""Boxes, and likewise poses and faces, in one page; about one megabyte of poses. Of more, every second, third ..."""


def overlay(known: Known, words: Words) -> dict[str, Any]:
    """Lists of [time in ms, numbers ...] for each thing followed; `stride` by kind: 2 = every second sample is kept."""
    tracks = known.of("track")
    boxes = [found.finding.track.boxes for found in tracks]
    poses = known.of("pose")
    gazes = known.of("gaze")
    box_stride, pose_stride, gaze_stride = (
        _stride(boxes),
        _stride([found.finding.pose.poses for found in poses]),
        _stride([found.finding.gaze.samples for found in gazes]),
    )
    return {
        "tracks": [
            {
                "person": found.label == PERSON,
                "label": title(found, words),
                "at": _thinned(found.finding.track.boxes, box_stride, lambda each: [_ms(each), *_box(each.box)]),
            }
            for found in tracks
        ],
        "poses": [
            {"id": found.finding.subject.track_id, "at": _thinned(found.finding.pose.poses, pose_stride, _joints)}
            for found in poses
        ],
        "faces": [
            {"at": _thinned(found.finding.gaze.samples, gaze_stride, _face), "id": found.finding.subject.face_id}
            for found in gazes
        ],
        "texts": [
            {
                "start": round(1000 * found.start_s),
                "end": round(1000 * found.end_s),
                "box": _box(found.finding.text.box),
                "label": title(found, words),
            }
            for found in known.written
            if found.finding.text.HasField("box")
        ],
        "stride": {"tracks": box_stride, "poses": pose_stride, "faces": gaze_stride},
    }


def _stride(series: Sequence[Sequence[Any]]) -> int:
    return max(1, -(-sum(len(each) for each in series) // MAX_SAMPLES))


def _thinned(samples: Sequence[Any], stride: int, tell: Callable[[Any], list[int]]) -> list[list[int]]:
    """Every so many, and always the last: a thing does not leave early."""
    kept = list(samples[::stride])
    if samples and (len(samples) - 1) % stride:
        kept.append(samples[-1])
    return [tell(sample) for sample in kept]


def _ms(sample: Any) -> int:
    return round(1000 * seconds(sample.offset))


def _box(box: Box) -> list[int]:
    return [round(SCALE * edge) for edge in (box.left, box.top, box.right, box.bottom)]


def _joints(pose: Any) -> list[int]:
    """Time, then x and y of each joint; -1 -1 for one that is not sure enough."""
    told = [_ms(pose)]
    for joint in pose.keypoints:
        seen = joint.confidence >= JOINT_CONFIDENCE
        told += [round(SCALE * joint.point.x), round(SCALE * joint.point.y)] if seen else [-1, -1]
    return told


def _face(sample: Any) -> list[int]:
    """Time, box, and where head and measured eyes turn, in whole degrees."""
    yaw = sample.head_yaw_deg + (sample.eye_yaw_deg if sample.HasField("eye_yaw_deg") else 0)
    pitch = sample.head_pitch_deg + (sample.eye_pitch_deg if sample.HasField("eye_pitch_deg") else 0)
    return [_ms(sample), *_box(sample.face), round(yaw), round(pitch)]
