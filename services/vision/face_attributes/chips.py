"""Chips: faces cut out of a frame, upright and of one size, as the networks saw them in training."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

Pixels = npt.NDArray[np.uint8]
Points = npt.NDArray[np.float64]

MEAN_FACE: Points = np.array([[0.2165, 0.187], [0.7635, 0.187], [0.49, 0.5025], [0.254, 0.77], [0.726, 0.77]])
"""(5, 2) where the Faces percept's landmarks lie on the face to which dlib aligns its chips, [0, 1] from the brows' top
to the chin.

Measured, not learned: dlib's aligner and YuNet on the same 26 frontal faces of eight real clips, means over the eight,
made symmetric. Other landmarks put in the place of dlib's own move the age of one photo by ten years.
"""

EYE_DISTANCE = float(MEAN_FACE[1, 0] - MEAN_FACE[0, 0])
"""Of the mean face: 0.547 of its width."""

TURNED_OFF_CENTRE = 0.35
"""How far from the middle between the eyes the nose may seem to be, in eye distances: about 35 degrees of turn."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Framing:
    """Which square of the mean face a chip shows, in units of the mean face, and in how many pixels."""

    size_px: int
    span: float
    """Side of the square."""
    left: float
    """How far it begins to the left of the mean face."""
    top: float
    """And above it."""

    @property
    def eye_distance_px(self) -> float:
        """Of a face in the chip."""
        return EYE_DISTANCE / self.span * self.size_px

    @property
    def points_px(self) -> Points:
        """(5, 2) where the landmarks come to lie, pixel centres at half numbers."""
        return np.asarray((MEAN_FACE + np.array([self.left, self.top])) / self.span * self.size_px)


def zoomed(framing: Framing, zoom: float) -> Framing:
    """The framing with another span around the same middle; of more than 1, the face is smaller in the chip."""
    wider = (zoom - 1.0) * framing.span / 2
    return replace(framing, span=framing.span * zoom, left=framing.left + wider, top=framing.top + wider)


def in_pixels(landmarks: npt.NDArray[np.float32], frame: Pixels) -> Points:
    """(5, 2) landmarks in [0, 1] of a frame (height, width, 3), as pixels of it."""
    height_px, width_px = frame.shape[:2]
    return np.asarray(landmarks, np.float64) * [width_px, height_px]


def eye_distance_px(landmarks_px: Points) -> float:
    """Between the eyes of (5, 2) landmarks."""
    return float(np.linalg.norm(landmarks_px[1] - landmarks_px[0]))


def faces_the_camera(landmarks_px: Points) -> bool:
    """Whether (5, 2) landmarks show both halves of a face: the nose seems to lie between the eyes, above the mouth."""
    right_eye, left_eye, nose, *mouth = landmarks_px
    across = left_eye - right_eye
    if not across.any():
        return False
    down = np.mean(mouth, axis=0) - (right_eye + left_eye) / 2
    along = float((nose - right_eye) @ across / (across @ across))
    normal = np.array([-across[1], across[0]])  # a quarter turn clockwise as the viewer sees it: towards the chin
    nose_depth, mouth_depth = float((nose - right_eye) @ normal), float(down @ normal)
    return abs(along - 0.5) <= TURNED_OFF_CENTRE and 0 < nose_depth < mouth_depth


def chip(frame: Pixels, landmarks_px: Points, framing: Framing) -> Pixels:
    """(size, size, 3) of a frame (height, width, 3): turned, moved and scaled so that the landmarks fit best.

    What lies outside of the frame repeats its border.
    """
    import cv2

    scale = _similarity(landmarks_px, framing.points_px)
    # Shrinking by interpolation alone would skip pixels: interpolated finely first, then averaged over areas.
    fine = max(1, int(np.ceil(1.0 / np.hypot(scale[0, 0], scale[1, 0]))))
    matrix = scale * fine
    matrix[:, 2] += matrix[:, :2] @ [0.5, 0.5] - 0.5  # OpenCV counts from the centre of the first pixel
    size = (framing.size_px * fine, framing.size_px * fine)
    large = cv2.warpAffine(frame, matrix, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    small = cv2.resize(large, (framing.size_px, framing.size_px), interpolation=cv2.INTER_AREA)
    return np.asarray(small, np.uint8)


def _similarity(source: Points, target: Points) -> Points:
    """(2, 3) matrix of the turn, move and scaling with the least squared distance from (n, 2) source to target."""
    middle, aim = source.mean(axis=0), target.mean(axis=0)
    one, other = source - middle, target - aim
    size = float((one**2).sum())
    cosine = float((one * other).sum()) / size
    sine = float((one[:, 0] * other[:, 1] - one[:, 1] * other[:, 0]).sum()) / size
    turn = np.array([[cosine, -sine], [sine, cosine]])
    return np.column_stack([turn, aim - turn @ middle])
