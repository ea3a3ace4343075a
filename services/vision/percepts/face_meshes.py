"""FaceMeshes, as a percept: 478 points on each face that is large enough, followed from frame to frame."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from services.common.analyzer import Percept
from services.common.device import Device
from services.common.weights import locate
from services.common.window import PTS_TOLERANCE_S, Frames, Part, Window
from services.vision.percepts.face_network import Crop, FaceNetwork, Points
from services.vision.percepts.faces import Face, Faces, FacesInFrame
from services.vision.percepts.objects import Edges
from services.vision.percepts.shot_numbers import ShotNumbers
from services.vision.percepts.shots import Shots
from services.vision.percepts.tracker import overlap

NEED = Frames(rate_hz=15.0, long_side_px=640)
"""A blink of 150 ms shows in at least two of the frames."""

LEAST_HEIGHT_PX = 48
"""Smaller faces (height of the detector's box) get no mesh: their eyes are under 8 px wide. A talking head shrunk to it
loses 1 degree of its head's angles, 3 of its eyes' and no blink; at 33 px it loses 7, at 25 px blinks appear."""

KEPT_HEIGHT_SHARE = 0.9
"""A face that has a mesh keeps it down to this share of LEAST_HEIGHT_PX: no coming and going at the border."""

LEAST_PRESENCE = 0.5
"""A mesh of a lower score is no face; MediaPipe's own threshold."""

MARGIN = 1.5
"""Side of the crop in units of the face's longer side, as the network was trained."""

SAME_FACE_OVERLAP = 0.3
"""A mesh that overlaps the detection of its face less has slipped: begun again from the detection."""

EYES_APART = 0.12
"""Of the face's height: three quarters of an eye's width. If mesh and detector see an eye farther apart than that, one
of them is wrong, as the mesh is on profiles: its far eye hangs in the air. No mesh is told until they agree again."""

UNDETECTED_S = 0.5
"""How long a mesh goes on where the detector sees its face no more."""

EYE_CORNERS = ((33, 133), (263, 362))
"""Outer and inner one of the person's own right eye, then of the left one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FaceMesh:
    """The points of one face in one frame."""

    face_id: int
    """That of the Faces percept."""
    track_id: int | None
    """Likewise."""
    box: Edges
    """Around the points."""
    points: npt.NDArray[np.float32]
    """(478, 3): x and y in [0, 1] of the frame, z in the same unit as x and smaller nearer to the camera."""
    blendshapes: npt.NDArray[np.float32]
    """(52,) in [0, 1], in the order of BLENDSHAPE_NAMES: how far each muscle of the face is drawn."""
    presence: float
    """The network's own, [0, 1], that there is a face at all; near 1 on every face, so no measure of accuracy."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MeshesInFrame:
    """All meshes of one sampled frame."""

    pts_s: float
    end_s: float
    """When the next sampled frame comes, or the window or shot ends."""
    shot: int
    """As in FacesInFrame."""
    meshes: tuple[FaceMesh, ...]
    """In the order of their faces' numbers."""
    too_small: tuple[int, ...]
    """Numbers of the faces that were seen here and are too small for a mesh."""


class FaceMeshes(Percept):
    """`window[FaceMeshes]`: tuple[MeshesInFrame, ...], one for each row of `window[NEED]`, in the same order.

    Between detections (5 Hz) the crop follows the face by the mesh before, as MediaPipe's does. A mesh ends with its
    shot, when the network sees no face, or when the detector saw none for half a second. In a new shot it begins with
    the first detection, up to 0.2 s after the cut.
    """

    needs = NEED
    uses = (Faces, Shots)
    weights = ("face-landmarker",)

    def load(self, device: Device) -> None:
        self._network = FaceNetwork(locate("face-landmarker"), device)
        self.models = (self._network.model,)

    def perceive(self, part: Part, windows: Iterator[Window]) -> Iterator[tuple[MeshesInFrame, ...]]:
        follower = _Follower(self._network)
        for window in windows:
            yield follower.follow(window)


@dataclass(slots=True, kw_only=True)
class _Target:
    """A face that is being followed."""

    face_id: int
    crop: Crop
    box: Edges
    track_id: int | None = None
    detected_s: float = 0.0
    detection: Face | None = None
    """Of this frame; None in between."""
    agreed: bool = True
    """Whether mesh and detector put the eyes in the same places, last time both saw them."""


class _Follower:
    """Numbered faces in, meshes out."""

    def __init__(self, network: FaceNetwork) -> None:
        self._network = network
        self._numbers = ShotNumbers()
        self._detections: deque[FacesInFrame] = deque()
        self._targets: dict[int, _Target] = {}
        self._too_small: tuple[int, ...] = ()

    def follow(self, window: Window) -> tuple[MeshesInFrame, ...]:
        self._numbers.learn(window[Shots])
        self._detections.extend(window[Faces])
        batch = window[NEED]
        ends_s = np.append(batch.pts_s[1:], window.end_s)
        return tuple(
            self._frame(batch.rgb[row], float(pts_s), float(ends_s[row])) for row, pts_s in enumerate(batch.pts_s)
        )

    def _frame(self, rgb: npt.NDArray[np.uint8], pts_s: float, end_s: float) -> MeshesInFrame:
        if self._numbers.enter(pts_s):
            self._targets, self._too_small = {}, ()
        while self._detections and self._detections[0].pts_s <= pts_s + PTS_TOLERANCE_S:
            seen = self._detections.popleft()
            if seen.shot == self._numbers.shot:
                self._anchor(seen, (rgb.shape[1], rgb.shape[0]))
        meshes = [self._mesh(rgb, target) for _, target in sorted(self._targets.items())]
        return MeshesInFrame(
            pts_s=pts_s,
            end_s=min(end_s, self._numbers.next_s),
            shot=self._numbers.shot,
            meshes=tuple(mesh for mesh in meshes if mesh is not None),
            too_small=self._too_small,
        )

    def _anchor(self, seen: FacesInFrame, size: tuple[int, int]) -> None:
        """Take up the faces of a detection; let go of what has slipped, or was not detected for too long."""
        kept, too_small = {}, []
        for face in seen.faces:
            target = self._targets.pop(face.face_id, None)
            if not _large_enough(face, size, target is not None):
                too_small.append(face.face_id)
                continue
            if target is None or overlap(np.array(target.box), np.array(face.box)) < SAME_FACE_OVERLAP:
                crop = crop_of_detection(face, size)
                target = _Target(
                    face_id=face.face_id, track_id=None, detected_s=0.0, crop=crop, box=face.box, detection=None
                )
            target.track_id, target.detected_s, target.detection = face.track_id, seen.pts_s, face
            kept[face.face_id] = target
        taken = [np.array(target.box) for target in kept.values()]
        for face_id, target in self._targets.items():
            elsewhere = all(overlap(np.array(target.box), box) < SAME_FACE_OVERLAP for box in taken)
            if elsewhere and seen.pts_s - target.detected_s <= UNDETECTED_S:
                kept[face_id] = target
        self._targets = kept
        self._too_small = tuple(too_small)

    def _mesh(self, rgb: npt.NDArray[np.uint8], target: _Target) -> FaceMesh | None:
        height, width = rgb.shape[:2]
        points, presence = self._network.mesh(rgb, target.crop)
        if presence < LEAST_PRESENCE:
            del self._targets[target.face_id]
            return None
        target.crop = crop_of_points(points)
        if target.detection:
            target.agreed = eyes_apart(points, target.detection, (width, height)) <= EYES_APART
            target.detection = None
        shares = points / [width, height, width]
        (left, top), (right, bottom) = shares[:, :2].min(axis=0).tolist(), shares[:, :2].max(axis=0).tolist()
        target.box = (left, top, right, bottom)
        if not target.agreed:
            return None
        return FaceMesh(
            face_id=target.face_id,
            track_id=target.track_id,
            box=target.box,
            points=shares.astype(np.float32),
            blendshapes=self._network.blendshapes(points),
            presence=presence,
        )


def crop_of_detection(face: Face, size: tuple[int, int]) -> Crop:
    """The square around a detected face, turned so that the eyes are level; `size` is width and height in pixels."""
    corners = np.array(face.box).reshape(2, 2) * size
    right_eye, left_eye = face.landmarks[0] * size, face.landmarks[1] * size
    centre = corners.mean(axis=0)
    return Crop(
        centre=(float(centre[0]), float(centre[1])),
        side=MARGIN * float((corners[1] - corners[0]).max()),
        roll=_angle(left_eye - right_eye),
    )


def crop_of_points(points: Points) -> Crop:
    """The square around a mesh, turned so that the eyes are level."""
    roll = _angle(points[EYE_CORNERS[1][0], :2] - points[EYE_CORNERS[0][0], :2])
    turn = np.array([[np.cos(roll), -np.sin(roll)], [np.sin(roll), np.cos(roll)]])
    level = points[:, :2] @ turn
    low, high = level.min(axis=0), level.max(axis=0)
    centre = turn @ ((low + high) / 2)
    return Crop(centre=(float(centre[0]), float(centre[1])), side=MARGIN * float((high - low).max()), roll=roll)


def eyes_apart(points: Points, face: Face, size: tuple[int, int]) -> float:
    """Distance between mesh and detector of the eye on which they differ more, in heights of the detected face."""
    middles = np.array([points[list(corners), :2].mean(axis=0) for corners in EYE_CORNERS])
    apart = np.linalg.norm(middles - face.landmarks[:2] * size, axis=1).max()
    return float(apart / ((face.box[3] - face.box[1]) * size[1]))


def _angle(line: npt.NDArray[np.floating]) -> float:
    return float(np.arctan2(line[1], line[0]))


def _large_enough(face: Face, size: tuple[int, int], followed: bool) -> bool:
    least_px = LEAST_HEIGHT_PX * (KEPT_HEIGHT_SHARE if followed else 1.0)
    return (face.box[3] - face.box[1]) * size[1] >= least_px
