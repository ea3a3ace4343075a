"""Faces for tests: landmarks put where a test wants them, windows around them, and two photos with known people."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from services.common.device import Device
from services.common.errors import WeightsNotInstalled
from services.common.weights import InstalledWeights, locate
from services.common.window import FrameBatch, Window, displayed_at
from services.vision.face_attributes.chips import EYE_DISTANCE, MEAN_FACE
from services.vision.face_attributes.samples import SHARP
from services.vision.percepts.face_detector import FaceDetector
from services.vision.percepts.faces import Face, Faces, FacesInFrame
from services.vision.percepts.objects import NEED, Objects, ObjectsInWindow
from tests.services.vision.scenes import photo_path


def installed(name: str) -> InstalledWeights:
    """The weights; the test is skipped where they are not installed."""
    try:
        return locate(name)
    except WeightsNotInstalled as error:
        pytest.skip(f"{error}: {error.fix}")


def mean_face_px(center: tuple[float, float], eyes_px: float, turn_deg: float = 0.0) -> np.ndarray:
    """(5, 2) landmarks of the mean face: its nose at a place, its eyes so far apart, turned clockwise."""
    angle = np.deg2rad(turn_deg)
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    return (MEAN_FACE - MEAN_FACE[2]) @ turn * (eyes_px / EYE_DISTANCE) + center


def face(
    face_id: int, landmarks_px: np.ndarray, size_px: tuple[int, int] = (320, 240), track_id: int | None = None
) -> Face:
    """A face in a frame of (width, height)."""
    landmarks = (landmarks_px / size_px).astype(np.float32)
    (left, top), (right, bottom) = landmarks.min(axis=0).tolist(), landmarks.max(axis=0).tolist()
    return Face(face_id=face_id, track_id=track_id, box=(left, top, right, bottom), score=0.9, landmarks=landmarks)


def searched(pts_s: float, *faces: Face, shot: int = 0, step_s: float = 0.2) -> FacesInFrame:
    """A frame that was searched for faces, until the next one five times a second."""
    return FacesInFrame(pts_s=pts_s, end_s=round(pts_s + step_s, 6), shot=shot, faces=faces)


def windows(
    pictures: Sequence[np.ndarray], seen: Sequence[FacesInFrame], over: Sequence[Sequence[int]] = ()
) -> Iterator[Window]:
    """Windows of a second: one picture for each searched frame, of which every other half second's is in SHARP."""
    times = np.array([frame.pts_s for frame in seen])
    for index in range(int(np.ceil(seen[-1].end_s - seen[0].pts_s))):
        start_s = seen[0].pts_s + index
        rows = np.flatnonzero((times >= start_s - 1e-6) & (times < start_s + 1.0 - 1e-6))
        ended = tuple(over[index]) if index < len(over) else ()
        contents: dict[Hashable, Any] = {
            Faces: tuple(seen[row] for row in rows),
            Objects: ObjectsInWindow(frames=(), over=ended),
            NEED: _batch([pictures[row] for row in rows], times[rows]),
        }
        end_s = seen[rows[-1]].end_s if len(rows) else start_s + 1.0
        sharp = rows[displayed_at(times[rows], end_s, SHARP.rate_hz)] if len(rows) else rows
        contents[SHARP] = _batch([pictures[row] for row in sharp], times[sharp])
        yield Window(index=index, start_s=start_s, end_s=end_s, contents=contents)


def _batch(pictures: Sequence[np.ndarray], pts_s: np.ndarray) -> FrameBatch:
    rgb = np.stack(pictures) if len(pictures) else np.empty((0, 1, 1, 3), np.uint8)
    return FrameBatch(rgb=rgb, pts_s=pts_s, index=np.arange(len(pts_s), dtype=np.int64))


@cache
def astronaut() -> np.ndarray:
    """(512, 512, 3) RGB: a smiling woman of 41 or 42."""
    data = pytest.importorskip("skimage.data", reason="the test's photo comes with scikit-image")
    return np.asarray(data.astronaut())


@cache
def ancelotti() -> np.ndarray:
    """(720, 540, 3) RGB: the right part of zidane.jpg with a man of 54 or 55."""
    return np.ascontiguousarray(cv2.imread(str(photo_path("zidane")))[:, 740:, ::-1])


def found(picture: np.ndarray, face_id: int = 1, track_id: int | None = None) -> Face:
    """The surest face of a picture, by the real detector."""
    detected = FaceDetector(installed("yunet"), Device(core_count=1)).detect(picture, 0.6)
    height_px, width_px = picture.shape[:2]
    return face(face_id, detected.landmarks[0] * [width_px, height_px], (width_px, height_px), track_id)


def still(picture: np.ndarray, *faces: Face, count: int = 10, start_s: float = 0.0) -> Iterator[Window]:
    """A photo shown for `count` searched frames."""
    seen = [searched(round(start_s + k * 0.2, 6), *faces) for k in range(count)]
    return windows([picture] * count, seen)


def damaged(path: Path) -> InstalledWeights:
    """Installed weights whose only file is this one."""
    return InstalledWeights(
        name="made",
        library="made",
        licence="CC0-1.0",
        sha256="0",
        directory=path.parent,
        files={path.name: path},
        digests={},
    )
