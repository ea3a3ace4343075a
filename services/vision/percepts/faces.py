"""Faces, as a percept: the faces in each sampled frame, each with the number of the physical face it is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from services.common.analyzer import Percept
from services.common.device import Device
from services.common.weights import locate
from services.common.window import Part, Window
from services.vision.percepts.appearance import appearance_of
from services.vision.percepts.face_detector import NOBODY, DetectedFaces, FaceDetector
from services.vision.percepts.face_policy import FacesSettings, accept, allows
from services.vision.percepts.objects import NEED, Edges, Objects, ObjectsInFrame, SeenObject
from services.vision.percepts.tracker import Seen, Tracker

LANDMARK_NAMES = ("right_eye", "left_eye", "nose", "right_mouth_corner", "left_mouth_corner")
"""YuNet's order; left is the person's own, so the right eye is usually the one further left in the picture."""

SCORE = 0.6
"""A detection of at least this score is a face, where one was seen before; the threshold of YuNet's own benchmark."""

SURE_SCORE = 0.7
"""A new face needs this much: patterns in a blurred crowd reached 0.66, frontal faces of 30 px are at 0.85."""

LONE_SCORE = 0.85
"""A new face that no person's box holds needs this much, as frontal faces of 30 px have: a galaxy passed with 0.79."""

WEAK_SCORE = 0.3
"""Detections from here up to SCORE keep a face's number alive, and are not told."""

HELD_SHARE = 0.6
"""Share of a face that must lie in a person's box for it to be that person's."""

KEPT_BONUS = 0.5
"""How much better the person of the frame before fits; as much as a face one face height below the box's top."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Face:
    """One face in one frame."""

    face_id: int
    """The same number for the same physical face, within the part."""
    track_id: int | None
    """The person (Objects percept) whose box holds the face; None if that detector saw none there."""
    box: Edges
    score: float
    """The detector's, [0, 1]."""
    landmarks: npt.NDArray[np.float32]
    """(5, 2) x and y in [0, 1] of the frame, in the order of LANDMARK_NAMES."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FacesInFrame:
    """All faces in one sampled frame."""

    pts_s: float
    end_s: float
    shot: int
    """As in ObjectsInFrame."""
    faces: tuple[Face, ...]
    """Largest first."""


class Faces(Percept):
    """`window[Faces]`: tuple[FacesInFrame, ...], one for each row of `window[NEED]`, in the same order.

    A face keeps its number while it is hidden or turned away for up to two seconds, or for as long as its person is
    followed; and across a cut where the same face is seen in the same place. None where `faces.use` is off.
    """

    needs = NEED
    uses = (Objects,)
    weights = ("yunet",)
    Settings = FacesSettings

    def accept(self, settings: Any) -> None:
        assert isinstance(self.settings, FacesSettings)
        accept(self.settings, settings)

    def load(self, device: Device) -> None:
        self._detector = FaceDetector(locate("yunet"), device)
        self.models = (self._detector.model,)

    def perceive(self, part: Part, windows: Iterator[Window]) -> Iterator[tuple[FacesInFrame, ...]]:
        follower = _Follower()
        assert isinstance(part.settings, FacesSettings)
        looks = allows(part.settings.use, "geometry")
        for window in windows:
            rgb = window[NEED].rgb
            yield tuple(
                follower.follow(frame, rgb[row], self._detector.detect(rgb[row], WEAK_SCORE) if looks else NOBODY)
                for row, frame in enumerate(window[Objects].frames)
            )


class _Follower:
    """Detections in, numbered faces out."""

    def __init__(self) -> None:
        self._tracker = Tracker()
        self._shot = 0
        self._face_of: dict[int, int] = {}
        """By track of the face tracker."""
        self._face_of_person: dict[int, int] = {}
        """By track of the Objects percept: the face last seen there."""

    def follow(self, frame: ObjectsInFrame, rgb: npt.NDArray[np.uint8], found: DetectedFaces) -> FacesInFrame:
        if frame.shot != self._shot:
            self._tracker.change_shot(frame.pts_s)
            self._shot = frame.shot
        seen = Seen(
            boxes=found.boxes,
            classes=np.zeros(len(found), np.intp),
            strong=found.scores >= _least_scores(found.boxes, frame.persons),
            appearances=[appearance_of(rgb, box) for box in found.boxes],
        )
        tracks = self._tracker.update(frame.pts_s, seen)
        self._tracker.take_over(frame.pts_s)
        told = [row for row in np.flatnonzero(found.scores >= SCORE).tolist() if tracks[row] is not None]
        faces = self._numbered([tracks[row] or 0 for row in told], told, found, frame.persons)
        return FacesInFrame(pts_s=frame.pts_s, end_s=frame.end_s, shot=frame.shot, faces=faces)

    def _numbered(
        self, tracks: Sequence[int], rows: Sequence[int], found: DetectedFaces, persons: Sequence[SeenObject]
    ) -> tuple[Face, ...]:
        known = [self._face_of.get(track) for track in tracks]
        owners = owners_of(found.boxes[list(rows)], persons, known, self._face_of_person)
        faces = []
        for track, row, owner in zip(tracks, rows, owners, strict=True):
            face_id = self._face_of.get(track)
            if face_id is None:
                face_id = self._face_of[track] = self._new(owner, {each for each in known if each is not None})
                known.append(face_id)
            if owner is not None:
                self._face_of_person[owner] = face_id
            faces.append(_face(face_id, owner, found, row))
        return tuple(sorted(faces, key=lambda face: _area(face.box), reverse=True))

    def _new(self, owner: int | None, present: set[int]) -> int:
        """The number of a face that the tracker does not know: its person's, if that one's face is not elsewhere."""
        before = self._face_of_person.get(owner) if owner is not None else None
        if before is not None and before not in present:
            return before
        return max(self._face_of.values(), default=0) + 1


def owners_of(
    boxes: npt.NDArray[np.float64],
    persons: Sequence[SeenObject],
    face_ids: Sequence[int | None],
    face_of_person: dict[int, int],
) -> list[int | None]:
    """The track of the person each face (m, 4) belongs to, one to one; None where no box holds it.

    Of several boxes that hold a face, its own begins near the top of the head; someone in front begins lower.
    """
    owners: list[int | None] = [None] * len(boxes)
    if not len(boxes) or not persons:
        return owners
    from scipy.optimize import linear_sum_assignment  # type: ignore[import-untyped]

    table = np.array([[_fit(box, np.array(person.box)) for person in persons] for box in boxes])
    kept = [
        [face is not None and face_of_person.get(person.track_id) == face for person in persons] for face in face_ids
    ]
    table = table + KEPT_BONUS * (np.array(kept) & (table > 0))
    for row, column in zip(*linear_sum_assignment(table, maximize=True), strict=True):
        if table[row, column] > 0:
            owners[row] = persons[column].track_id
    return owners


def _least_scores(boxes: npt.NDArray[np.float64], persons: Sequence[SeenObject]) -> npt.NDArray[np.float64]:
    """(m,) what a new face at each of the places (m, 4) needs."""
    held = [any(_fit(box, np.array(person.box)) > 0 for person in persons) for box in boxes]
    return np.where(np.array(held, np.bool_), SURE_SCORE, LONE_SCORE)


def _fit(face: npt.NDArray[np.float64], person: npt.NDArray[np.float64]) -> float:
    """(0, 1]: 1 where the face begins at the top of the box; 0 if the box does not hold it."""
    sides = np.minimum(face[2:], person[2:]) - np.maximum(face[:2], person[:2])
    size = face[2:] - face[:2]
    if (sides <= 0).any() or sides.prod() < HELD_SHARE * size.prod():
        return 0.0
    return float(1.0 / (1.0 + abs(face[1] - person[1]) / size[1]))


def _face(face_id: int, owner: int | None, found: DetectedFaces, row: int) -> Face:
    left, top, right, bottom = found.boxes[row].tolist()
    return Face(
        face_id=face_id,
        track_id=owner,
        box=(left, top, right, bottom),
        score=float(found.scores[row]),
        landmarks=found.landmarks[row],
    )


def _area(box: Edges) -> float:
    return (box[2] - box[0]) * (box[3] - box[1])
