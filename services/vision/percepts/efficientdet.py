"""EfficientDet-Lite0: the detector without copyleft, frames in, boxes with scores and classes out."""

from __future__ import annotations

import zipfile
from pathlib import Path

import numpy as np
import numpy.typing as npt

from services.common.device import Device
from services.common.errors import WeightsDamaged
from services.common.litert import LiteRtNetwork
from services.common.weights import InstalledWeights
from services.vision.percepts.object_detector import Detections

SIDE_PX = 320
"""Of the network's square input. Pictures are squeezed into it, as its publisher does."""

LEVELS = range(3, 8)
"""Powers of two by which the network's five maps are smaller than its input."""

OCTAVES = (1.0, 2 ** (1 / 3), 2 ** (2 / 3))
RATIOS = (1.0, 2.0, 0.5)
ANCHOR_SCALE = 3.0
"""Anchors as in Google's automl/efficientdet: sizes and width / height at every place; 3.0 is for the lite models."""

SAME_THING_IOU = 0.5
"""Of two boxes of one class that overlap more, the less sure one is dropped; its publisher's value."""

NO_CLASS = "???"
"""COCO has 90 numbers and 80 classes."""

LABELS_MEMBER = "labels.txt"
"""Zipped into the weights file itself."""


class EfficientDet:
    """One network, behind the same two methods as ObjectDetector."""

    def __init__(self, weights: InstalledWeights, device: Device) -> None:
        """Raises LibraryNotInstalled or WeightsDamaged."""
        labels = _labels(weights.path)
        self.names = {key: name.replace(" ", "_") for key, name in enumerate(labels) if name != NO_CLASS}
        self._classes = np.array(sorted(self.names))
        self._anchors = anchors()
        self._network = LiteRtNetwork(weights, device, extra="vision", precision="int8")
        shapes = self._network.output_shapes
        offsets, scores = (1, len(self._anchors), 4), (1, len(self._anchors), len(labels))
        if sorted(shapes) != [offsets, scores]:
            raise WeightsDamaged(f"{weights.path} is not EfficientDet-Lite0: it answers {shapes}")
        self._offsets, self._scores = shapes.index(offsets), shapes.index(scores)
        self.model = self._network.model

    def detect(self, frames: npt.NDArray[np.uint8], least_score: float) -> list[Detections]:
        """(n, height, width, 3) RGB -> n detections of at least this score."""
        return [self._detect_one(frame, least_score) for frame in frames]

    def _detect_one(self, frame: npt.NDArray[np.uint8], least_score: float) -> Detections:
        import cv2

        squeezed = cv2.resize(frame, (SIDE_PX, SIDE_PX), interpolation=cv2.INTER_AREA)
        answers = self._network(squeezed[None])
        offsets, scores = answers[self._offsets][0], answers[self._scores][0][:, self._classes]
        rows = np.flatnonzero(scores.max(axis=1) >= least_score)
        best = scores[rows].argmax(axis=1)
        return _without_doubles(
            decoded(offsets[rows], self._anchors[rows]),
            scores[rows, best].astype(np.float64),
            self._classes[best],
        )


def anchors() -> npt.NDArray[np.float64]:
    """(19206, 4) centre y, centre x, height, width in [0, 1] of the input, in the order of the network's answers."""
    maps = []
    for level in LEVELS:
        stride = 2**level
        count = -(-SIDE_PX // stride)
        middles = (np.arange(count) + 0.5) * stride
        y, x = np.meshgrid(middles, middles, indexing="ij")
        places = [
            np.stack([y, x, np.full_like(y, size / np.sqrt(ratio)), np.full_like(x, size * np.sqrt(ratio))], axis=-1)
            for size in (ANCHOR_SCALE * stride * octave for octave in OCTAVES)
            for ratio in RATIOS
        ]
        maps.append(np.stack(places, axis=2).reshape(-1, 4))
    return np.concatenate(maps) / SIDE_PX


def decoded(offsets: npt.NDArray[np.float32], boxes: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """(n, 4) answers, relative to (n, 4) anchors, as left, top, right, bottom in [0, 1]."""
    middle = offsets[:, :2] * boxes[:, 2:] + boxes[:, :2]
    size = np.exp(offsets[:, 2:].astype(np.float64)) * boxes[:, 2:]
    corners = np.concatenate([middle - size / 2, middle + size / 2], axis=1)
    upright: npt.NDArray[np.float64] = corners[:, [1, 0, 3, 2]].clip(0.0, 1.0)
    return upright


def _without_doubles(
    boxes: npt.NDArray[np.float64], scores: npt.NDArray[np.float64], classes: npt.NDArray[np.intp]
) -> Detections:
    """Of boxes of one class that overlap, the surest; all in order of score."""
    import cv2

    kept: list[int] = []
    for kind in np.unique(classes):
        rows = np.flatnonzero(classes == kind)
        left_top, right_bottom = boxes[rows, :2], boxes[rows, 2:]
        sized = np.concatenate([left_top, right_bottom - left_top], axis=1)
        chosen = cv2.dnn.NMSBoxes(sized.tolist(), scores[rows].tolist(), 0.0, SAME_THING_IOU)
        kept += rows[np.asarray(chosen, np.intp).ravel()].tolist()
    order = np.array(sorted(kept, key=lambda row: -scores[row]), np.intp)
    return Detections(boxes=boxes[order].reshape(-1, 4), scores=scores[order], classes=classes[order])


def _labels(path: Path) -> list[str]:
    try:
        with zipfile.ZipFile(path) as archive:
            return archive.read(LABELS_MEMBER).decode().splitlines()
    except (zipfile.BadZipFile, KeyError) as error:
        raise WeightsDamaged(f"{path} carries no labels: {error}") from error
