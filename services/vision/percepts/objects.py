"""Objects, as a percept: what is in each sampled frame, with the number of the physical thing it is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Literal

import numpy as np
import numpy.typing as npt
from pydantic import Field

from services.common.analyzer import AnalyzerSettings, Percept
from services.common.device import Device
from services.common.errors import InvalidSetting
from services.common.weights import locate
from services.common.window import Frames, Part, Window
from services.vision.percepts.appearance import appearance_of
from services.vision.percepts.efficientdet import EfficientDet
from services.vision.percepts.object_detector import Detections, ObjectDetector
from services.vision.percepts.shot_numbers import ShotNumbers
from services.vision.percepts.shots import Shots
from services.vision.percepts.tracker import Seen, Tracker

NEED = Frames(rate_hz=5.0, long_side_px=640)
"""At 5 Hz a walking person still overlaps himself from frame to frame, at a third of the cost of 15 Hz."""

WEAK_SCORE = 0.1
"""Detections from here up to the threshold keep a track alive, and are not told."""

PART_INSIDE = 0.9
"""Share of a box that lies in a surer one of its class, from which on it may be a part of that thing ..."""

PART_SCORE = 0.5
"""... if the detector is less sure of it than this: legs of somebody who leaves the frame get a box of their own."""

Edges = tuple[float, float, float, float]
"""left, top, right, bottom in [0, 1] of the frame."""


class ObjectsSettings(AnalyzerSettings):
    """Which detector, and from which score on a detection counts."""

    loading = ("model",)

    model: Literal["auto", "yolo11n", "yolo11x", "yolo26n", "efficientdet-lite0"] = "auto"
    """Weights by their name in the catalogue; auto: yolo11n, or efficientdet-lite0 where ultralytics is not installed.

    Chosen when the service starts; a request cannot change it.
    """
    confidence_threshold: float = Field(default=0.25, ge=WEAK_SCORE, le=1.0)
    """The detector's score, [0.1, 1], from which on a thing counts as seen; 0.25 is ultralytics' own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenObject:
    """One thing in one frame."""

    track_id: int
    """The same number for the same physical thing, within the part."""
    class_name: str
    """What the detector takes it for in this frame; COCO's names with `_` for blanks."""
    box: Edges
    score: float
    """The detector's, [0, 1]."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectsInFrame:
    """All that is seen in one sampled frame."""

    pts_s: float
    end_s: float
    """When the next sampled frame comes, or the window or shot ends."""
    shot: int
    """Number of the shot within the part, 0 for the first. A gradual change counts to either side of its middle."""
    objects: tuple[SeenObject, ...]
    """Surest first."""

    @property
    def persons(self) -> tuple[SeenObject, ...]:
        """Those taken for a person."""
        return tuple(seen for seen in self.objects if seen.class_name == "person")


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectsInWindow:
    """The sampled frames of a window."""

    frames: tuple[ObjectsInFrame, ...]
    """One for each row of `window[NEED]`, in the same order."""
    over: tuple[int, ...]
    """Tracks that are known by the window's end not to come back."""


class Objects(Percept):
    """`window[Objects]`: ObjectsInWindow. Things keep their number while hidden for up to two seconds."""

    needs = NEED
    uses = (Shots,)
    weights = ("yolo11n",)
    Settings = ObjectsSettings

    def load(self, device: Device) -> None:
        assert isinstance(self.settings, ObjectsSettings)
        self._detector = _detector(self.settings.model, device)
        self.models = (self._detector.model,)

    def accept(self, settings: ObjectsSettings) -> None:
        assert isinstance(self.settings, ObjectsSettings)
        if settings.model != self.settings.model:
            raise InvalidSetting(f"this service detects with {self.settings.model}, not {settings.model}")

    def perceive(self, part: Part, windows: Iterator[Window]) -> Iterator[ObjectsInWindow]:
        assert isinstance(part.settings, ObjectsSettings)
        follower = _Follower(self._detector.names, part.settings.confidence_threshold)
        for window in windows:
            batch = window[NEED]
            detections = self._detector.detect(batch.rgb, WEAK_SCORE) if len(batch) else []
            yield follower.follow(window, detections)


def without_parts(found: Detections) -> Detections:
    """The detections without those that are parts of others: inside a surer box of their class, and doubtful."""
    if len(found) < 2:
        return found
    corner = np.maximum(found.boxes[:, None, :2], found.boxes[None, :, :2])
    opposite = np.minimum(found.boxes[:, None, 2:], found.boxes[None, :, 2:])
    shared = (opposite - corner).clip(0.0).prod(axis=2)
    areas = (found.boxes[:, 2:] - found.boxes[:, :2]).prod(axis=1)
    inside = shared >= PART_INSIDE * areas[:, None]
    same_class = found.classes[:, None] == found.classes[None, :]
    surer = found.scores[None, :] > found.scores[:, None]
    whole = (found.scores >= PART_SCORE) | ~(inside & same_class & surer).any(axis=1)
    return Detections(boxes=found.boxes[whole], scores=found.scores[whole], classes=found.classes[whole])


def _detector(model: str, device: Device) -> ObjectDetector | EfficientDet:
    if model == "auto":
        model = "yolo11n" if find_spec("ultralytics") is not None else "efficientdet-lite0"
    if model == "efficientdet-lite0":
        return EfficientDet(locate(model), device)
    return ObjectDetector(locate(model), device)


class _Follower:
    """Detections in, numbered things out."""

    def __init__(self, names: dict[int, str], threshold: float) -> None:
        self._names = names
        self._threshold = threshold
        self._tracker = Tracker()
        self._numbers = ShotNumbers()

    def follow(self, window: Window, detections: list[Detections]) -> ObjectsInWindow:
        self._numbers.learn(window[Shots])
        batch = window[NEED]
        ends_s = np.append(batch.pts_s[1:], window.end_s)
        frames = []
        for row, found in enumerate(detections):
            pts_s = float(batch.pts_s[row])
            for border_s in self._numbers.enter(pts_s):
                self._tracker.change_shot(border_s)
            end_s = min(float(ends_s[row]), self._numbers.next_s)
            objects = self._numbered(pts_s, batch.rgb[row], without_parts(found))
            frames.append(ObjectsInFrame(pts_s=pts_s, end_s=end_s, shot=self._numbers.shot, objects=objects))
        return ObjectsInWindow(frames=tuple(frames), over=tuple(self._tracker.take_over(window.end_s)))

    def _numbered(self, pts_s: float, frame: npt.NDArray[np.uint8], found: Detections) -> tuple[SeenObject, ...]:
        seen = Seen(
            boxes=found.boxes,
            classes=found.classes,
            strong=found.scores >= self._threshold,
            appearances=[appearance_of(frame, box) for box in found.boxes],
        )
        return tuple(
            SeenObject(
                track_id=track_id,
                class_name=self._names[int(kind)],
                box=(float(box[0]), float(box[1]), float(box[2]), float(box[3])),
                score=float(score),
            )
            for track_id, box, score, kind in zip(
                self._tracker.update(pts_s, seen), found.boxes, found.scores, found.classes, strict=True
            )
            if track_id is not None and score >= self._threshold
        )
