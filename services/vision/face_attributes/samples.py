"""Samples: which faces of which frames are looked at, and where their landmarks lie in those frames."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from services.common.window import PTS_TOLERANCE_S, FrameBatch, Frames
from services.vision.face_attributes.chips import Pixels, Points, eye_distance_px, faces_the_camera, in_pixels
from services.vision.percepts.faces import Face, FacesInFrame

SHARP = Frames(rate_hz=2.0, long_side_px=1280)
"""What chips are cut from: looks change slowly, and the rendition that texts are read from has twice the pixels of
the one that faces are searched in."""

MOST_MOVED = 0.25
"""How far a landmark may move, in eye distances, between two searched frames for its place between them to be known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FaceSample:
    """One face in one frame, fit for being estimated."""

    face_id: int
    track_id: int | None
    """Of the person, as the Faces percept says it."""
    pts_s: float
    end_s: float
    """When the next frame that is searched for faces comes, or the video or shot ends."""
    frame: Pixels
    """(height, width, 3) RGB, the whole of it."""
    landmarks_px: Points
    """(5, 2) in the frame."""


class Sampler:
    """The faces of one part that are large enough and turned to the camera, in each frame of SHARP."""

    def __init__(self, least_eye_distance_px: float) -> None:
        """Faces whose eyes are closer together in a frame of SHARP are too small."""
        self._least_eye_distance_px = least_eye_distance_px
        self._before: tuple[FacesInFrame, ...] = ()
        """The last frame of the window before that was searched for faces."""

    def take(self, batch: FrameBatch, seen: Sequence[FacesInFrame]) -> list[FaceSample]:
        """The faces to look at in one window of SHARP, of which `seen` tells who is where; in order of time."""
        known = (*self._before, *seen)
        self._before = known[-1:]
        samples = []
        for pts_s, rgb in zip(batch.pts_s.tolist(), batch.rgb, strict=True):
            for face, end_s in faces_at(pts_s, known):
                landmarks_px = in_pixels(face.landmarks, rgb)
                if eye_distance_px(landmarks_px) < self._least_eye_distance_px or not faces_the_camera(landmarks_px):
                    continue
                samples.append(
                    FaceSample(
                        face_id=face.face_id,
                        track_id=face.track_id,
                        pts_s=pts_s,
                        end_s=end_s,
                        frame=rgb,
                        landmarks_px=landmarks_px,
                    )
                )
        return samples


def faces_at(pts_s: float, known: Sequence[FacesInFrame]) -> Iterator[tuple[Face, float]]:
    """The faces at a moment, and when what is said of it ends: of the frame searched then, or between two of a shot.

    Each face is paired by its number. One that is not in both frames, or moves too much between them, is left out.
    """
    for frame in known:
        if abs(frame.pts_s - pts_s) <= PTS_TOLERANCE_S:
            yield from ((face, frame.end_s) for face in frame.faces)
            return
    for left, right in pairwise(known):
        if left.pts_s < pts_s < right.pts_s and left.shot == right.shot:
            share = (pts_s - left.pts_s) / (right.pts_s - left.pts_s)
            later = {face.face_id: face for face in right.faces}
            for face in left.faces:
                if face.face_id in later and (between := _between(face, later[face.face_id], share)):
                    yield between, right.pts_s
            return


def _between(left: Face, right: Face, share: float) -> Face | None:
    moved = right.landmarks - left.landmarks
    eyes = left.landmarks[1] - left.landmarks[0]
    if np.linalg.norm(moved, axis=1).max() > MOST_MOVED * np.linalg.norm(eyes):
        return None
    return replace(left, landmarks=left.landmarks + np.float32(share) * moved)
