"""What camera_analysis says of frames, its registration real, with changes of shot and people as they are given."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import replace
from typing import Any

import cv2
import numpy as np
import pytest

from reelscribe.v1.finding_pb2 import Finding
from services.common.device import Device
from services.common.window import Window
from services.vision.analyzers.camera_analysis import CameraAnalysis
from services.vision.percepts.faces import Faces
from services.vision.percepts.motion import NEED, FrameMotion, Motion
from services.vision.percepts.objects import Objects, ObjectsInWindow
from services.vision.percepts.shot_changes import ChangeKind
from services.vision.percepts.shots import ShotChange, Shots
from tests.services.vision.perceived import part_for, perceived
from tests.services.vision.scenes import photo_path
from tests.windows import part_of, windows_of_frames

PHOTOS = ("bus", "zidane", "astronaut", "coffee", "chelsea")
"""Two that come with ultralytics, three with scikit-image."""


def scene(name: str) -> np.ndarray:
    """(height, width, 3) RGB at its own size."""
    if name in ("bus", "zidane"):
        return np.ascontiguousarray(np.asarray(cv2.imread(str(photo_path(name))))[..., ::-1])
    picture: np.ndarray = getattr(pytest.importorskip("skimage.data"), name)()
    return picture


def cut_at(pts_s: float, frame_s: float = 1 / 30) -> ShotChange:
    return change(ChangeKind.HARD_CUT, pts_s, pts_s + frame_s)


def change(kind: ChangeKind, start_s: float, end_s: float) -> ShotChange:
    return ShotChange(
        kind=kind,
        frame_index=round(start_s * 30),
        end_frame_index=round(end_s * 30),
        start_s=start_s,
        end_s=end_s,
        probability=0.9,
        frame_difference=50.0,
    )


def motions_in(
    frames: Sequence[np.ndarray], changes: Sequence[ShotChange] = (), *, rate_hz: float = 30.0, length_s: float = 1.0
) -> list[FrameMotion]:
    times = [row / rate_hz for row in range(len(frames))]
    return [motion for window in _windows(frames, times, changes, length_s) for motion in window[Motion]]


def camera_in(
    frames: Sequence[np.ndarray],
    changes: Sequence[ShotChange] = (),
    *,
    times: Sequence[float] | None = None,
    start_s: float = 0.0,
) -> list[Finding]:
    """Of frames in which nobody is seen, shown at 30 Hz unless told otherwise."""
    analyzer = CameraAnalysis()
    moments = [start_s + row / 30 for row in range(len(frames))] if times is None else times
    part = replace(part_of(analyzer), start_s=start_s, own_start_s=start_s)
    return list(analyzer.analyze(part, iter(_windows(frames, moments, changes, 1.0))))


def _windows(
    frames: Sequence[np.ndarray], times: Sequence[float], changes: Sequence[ShotChange], length_s: float
) -> list[Window]:
    if not frames:
        return []
    end_s = times[-1] + (times[-1] - times[0]) / max(len(times) - 1, 1)
    windows = []
    for window in windows_of_frames(frames, times, end_s, (NEED,), length_s):
        begun = tuple(change for change in changes if window.start_s <= change.start_s < window.end_s)
        known: dict[Hashable, Any] = {Shots: begun, Objects: ObjectsInWindow(frames=(), over=()), Faces: ()}
        contents = {**window._contents, **known}
        windows.append(Window(index=window.index, start_s=window.start_s, end_s=window.end_s, contents=contents))
    motion = Motion()
    motion.load(Device(core_count=1))
    return list(perceived(iter(windows), [motion], part_for(motion)))
