"""Clips of faces for tests: seen by the face percepts alone, in one shot and without an object detector."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import av
import cv2
import numpy as np

from reelscribe.v1.finding_pb2 import Finding
from services.common.analyzer import Percept
from services.common.window import Window
from services.vision.analyzers.eye_tracking import EyeTracking
from services.vision.percepts.objects import NEED, Objects, ObjectsInFrame, ObjectsInWindow, SeenObject
from services.vision.percepts.shots import ShotChange
from tests.services.vision.handed import handed, shots
from tests.services.vision.perceived import all_needs, part_for, perceived
from tests.windows import findings_of, windows_of_frames

Clip = tuple[list[np.ndarray], list[float]]
"""RGB frames and when each is displayed."""


def clip_of(path: Path, start_s: float = 0.0, end_s: float = 60.0) -> Clip:
    """The frames of a file within a span, times as in the file."""
    frames, pts_s = [], []
    with av.open(str(path)) as container:
        first = None
        for frame in container.decode(video=0):
            time_s = float(frame.pts * frame.time_base)
            first = time_s if first is None else first
            if start_s <= time_s - first < end_s:
                frames.append(frame.to_ndarray(format="rgb24"))
                pts_s.append(time_s - first)
    return frames, pts_s


def mirrored(clip: Clip) -> Clip:
    return [np.ascontiguousarray(frame[:, ::-1]) for frame in clip[0]], clip[1]


def rolled(clip: Clip, clockwise_deg: float) -> Clip:
    """Turned about the middle, what lies outside repeated from the border."""

    def turned(frame: np.ndarray) -> np.ndarray:
        height, width = frame.shape[:2]
        matrix = cv2.getRotationMatrix2D((width / 2, height / 2), -clockwise_deg, 1.0)
        picture: np.ndarray = cv2.warpAffine(frame, matrix, (width, height), borderMode=cv2.BORDER_REPLICATE)
        return picture

    return [turned(frame) for frame in clip[0]], clip[1]


def shrunk(clip: Clip, share: float) -> Clip:
    """All of it smaller, also relative to the frame, which keeps its size."""

    def small(frame: np.ndarray) -> np.ndarray:
        little = cv2.resize(frame, None, fx=share, fy=share, interpolation=cv2.INTER_AREA)
        canvas = np.full_like(frame, 110)
        canvas[: little.shape[0], : little.shape[1]] = little
        return canvas

    return [small(frame) for frame in clip[0]], clip[1]


def windows_of(
    clip: Clip,
    percepts: Sequence[Percept],
    changes: Sequence[ShotChange] = (),
    person: SeenObject | None = None,
) -> list[Window]:
    """Windows with the percepts filled in; the object detector is said to have seen one person all along, or none."""
    frames, pts_s = clip
    end_s = pts_s[-1] + (pts_s[-1] - pts_s[-2] if len(pts_s) > 1 else 0.04)
    windows = windows_of_frames(frames, pts_s, end_s, all_needs(EyeTracking))
    known = handed(windows, {**shots(changes), Objects: lambda window: objects_in(window, changes, person)})
    return list(perceived(known, percepts, part_for(percepts[0])))


def objects_in(window: Window, changes: Sequence[ShotChange] = (), person: SeenObject | None = None) -> ObjectsInWindow:
    batch = window[NEED]
    ends_s = [*batch.pts_s[1:], window.end_s][: len(batch)]
    frames = tuple(
        ObjectsInFrame(
            pts_s=float(pts_s),
            end_s=float(end_s),
            shot=sum(change.start_s <= pts_s for change in changes),
            objects=(person,) if person else (),
        )
        for pts_s, end_s in zip(batch.pts_s, ends_s, strict=True)
    )
    return ObjectsInWindow(frames=frames, over=())


def looked_at(analyzer: EyeTracking, clip: Clip, percepts: Sequence[Percept]) -> list[Finding]:
    """What the analyzer finds, in order of time."""
    return sorted(
        findings_of(analyzer, iter(windows_of(clip, percepts))), key=lambda each: each.span.start_offset.ToNanoseconds()
    )
