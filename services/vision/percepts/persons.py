"""Persons, as a percept: the bodies in each sampled frame, joint by joint."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from services.common.analyzer import AnalyzerSettings, Percept
from services.common.device import Device
from services.common.errors import InvalidSetting
from services.common.weights import locate
from services.common.window import Part, Window
from services.vision.percepts.objects import NEED, Edges, Objects, ObjectsInFrame, SeenObject
from services.vision.percepts.person_crops import Crop, crop_around
from services.vision.percepts.pose_network import PoseNetwork, Poses

LEAST_OVERLAP = 0.5
"""Intersection over union from which on a pose's box and a person's mean the same body."""

KEYPOINT_NAMES = (
    "nose",
    "left_eye",
    "right_eye",
    "left_ear",
    "right_ear",
    "left_shoulder",
    "right_shoulder",
    "left_elbow",
    "right_elbow",
    "left_wrist",
    "right_wrist",
    "left_hip",
    "right_hip",
    "left_knee",
    "right_knee",
    "left_ankle",
    "right_ankle",
)
"""COCO's order; left is the person's own."""


class PersonsSettings(AnalyzerSettings):
    """Which pose network."""

    loading = ("model",)

    model: Literal["yolo11n-pose", "yolo11x-pose"] = "yolo11n-pose"
    """Weights by their name in the catalogue. Chosen when the service starts; a request cannot change it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """One body in one frame."""

    track_id: int
    """That of the Objects percept."""
    box: Edges
    """Of the Objects percept."""
    score: float
    """The pose model's for the person, [0, 1]."""
    keypoints: npt.NDArray[np.float32]
    """(17, 3): x and y in [0, 1] of the frame, and the model's confidence in [0, 1]."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonsInFrame:
    """All bodies in one sampled frame."""

    pts_s: float
    end_s: float
    shot: int
    """As in ObjectsInFrame."""
    persons: tuple[Person, ...]
    """Largest first."""


class Persons(Percept):
    """`window[Persons]`: tuple[PersonsInFrame, ...], one per row of `window[NEED]`.

    The network looks only where Objects saw persons. A body keeps the number of its track: each pose goes to the
    person whose box it overlaps most, and a person without a pose of his own is left out of that frame; so, mostly, is
    one less than a quarter as large as the largest.
    """

    needs = NEED
    uses = (Objects,)
    weights = ("yolo11n-pose",)
    Settings = PersonsSettings

    def load(self, device: Device) -> None:
        assert isinstance(self.settings, PersonsSettings)
        self._network = PoseNetwork(locate(self.settings.model), device)
        self.models = (self._network.model,)

    def accept(self, settings: PersonsSettings) -> None:
        assert isinstance(self.settings, PersonsSettings)
        if settings.model != self.settings.model:
            raise InvalidSetting(f"this service finds poses with {self.settings.model}, not {settings.model}")

    def perceive(self, part: Part, windows: Iterator[Window]) -> Iterator[tuple[PersonsInFrame, ...]]:
        for window in windows:
            yield self._bodies(window[NEED].rgb, window[Objects].frames)

    def _bodies(self, pictures: npt.NDArray[np.uint8], frames: Sequence[ObjectsInFrame]) -> tuple[PersonsInFrame, ...]:
        peopled = [row for row, frame in enumerate(frames) if frame.persons]
        crops = [crop_around(pictures[row], [seen.box for seen in frames[row].persons]) for row in peopled]
        found = self._network.poses([crop.picture for crop in crops]) if crops else []
        persons = {
            row: matched(frames[row].persons, crop, poses)
            for row, crop, poses in zip(peopled, crops, found, strict=True)
        }
        return tuple(
            PersonsInFrame(pts_s=frame.pts_s, end_s=frame.end_s, shot=frame.shot, persons=persons.get(row, ()))
            for row, frame in enumerate(frames)
        )


def matched(seen: Sequence[SeenObject], crop: Crop, poses: Poses) -> tuple[Person, ...]:
    """Persons with the pose each overlaps most, no pose given twice; largest person first."""
    corners = crop.in_frame(poses.boxes.reshape(-1, 2, 2)).reshape(-1, 4)
    overlaps = overlap(np.array([each.box for each in seen]), corners)
    persons = []
    while overlaps.size and overlaps.max() >= LEAST_OVERLAP:
        row, column = divmod(int(overlaps.argmax()), overlaps.shape[1])
        overlaps[row, :] = overlaps[:, column] = -1.0
        keypoints = poses.keypoints[column].copy()
        keypoints[:, :2] = crop.in_frame(keypoints[:, :2])
        persons.append(
            Person(
                track_id=seen[row].track_id,
                box=seen[row].box,
                score=float(poses.scores[column]),
                keypoints=keypoints.astype(np.float32),
            )
        )
    return tuple(sorted(persons, key=lambda person: -_area(person.box)))


def overlap(boxes: npt.NDArray[np.float64], others: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """(n, m) intersection over union of (n, 4) and (m, 4) boxes."""
    start = np.maximum(boxes[:, None, :2], others[None, :, :2])
    end = np.minimum(boxes[:, None, 2:], others[None, :, 2:])
    common = np.prod(np.clip(end - start, 0.0, None), axis=2)
    areas = np.prod(boxes[:, 2:] - boxes[:, :2], axis=1)[:, None] + np.prod(others[:, 2:] - others[:, :2], axis=1)
    shares: npt.NDArray[np.float64] = common / np.maximum(areas - common, np.finfo(float).tiny)
    return shares


def _area(box: Edges) -> float:
    left, top, right, bottom = box
    return (right - left) * (bottom - top)
