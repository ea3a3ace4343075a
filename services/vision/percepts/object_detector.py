"""YOLO by ultralytics: frames in, boxes with scores and classes out, and nothing else of that library."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from services.common.batcher import Batcher
from services.common.device import Device
from services.common.weights import InstalledWeights
from services.vision.percepts.ultralytics_models import load_yolo, runs_in_half, yolo_use

LONG_SIDE_PX = 640
"""The longer side of the network's input, as in training; the shorter is padded to a multiple of 32 only."""

BATCH_FRAMES = 8
"""Frames of one forward pass; more save nothing on a CPU, whose time then goes into fresh memory pages."""

GPU_BATCH_FRAMES = 64
"""The same on a GPU; halved where its memory does not hold them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Detections:
    """What was seen in one frame, best first."""

    boxes: npt.NDArray[np.float64]
    """(m, 4) left, top, right, bottom in [0, 1] of the frame."""
    scores: npt.NDArray[np.float64]
    """(m,) in [0, 1]."""
    classes: npt.NDArray[np.intp]
    """(m,) keys of ObjectDetector.names."""

    def __len__(self) -> int:
        return len(self.scores)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Wanted:
    """A frame to look at, and from which score on a thing counts."""

    frame: npt.NDArray[np.uint8]
    least_score: float

    @property
    def key(self) -> tuple[object, ...]:
        """What one forward pass can take together: only pictures of one size are padded to a rectangle."""
        return (*self.frame.shape, self.least_score)


class ObjectDetector:
    """One YOLO network. Its predictor keeps state, so threads take turns; what they ask meanwhile goes together."""

    def __init__(self, weights: InstalledWeights, device: Device) -> None:
        """Raises LibraryNotInstalled or WeightsDamaged."""
        self._device = device
        on_gpu = device.kind != "cpu"
        self._half = runs_in_half(device)
        self._batcher: Batcher[_Wanted, Detections] = Batcher(
            self._predict, limit=GPU_BATCH_FRAMES if on_gpu else BATCH_FRAMES, key=lambda wanted: wanted.key
        )
        self._yolo = load_yolo(weights, "detect")
        self.names: dict[int, str] = {key: name.replace(" ", "_") for key, name in self._yolo.names.items()}
        self.model = yolo_use(weights, device)
        # The first pass sets up the predictor and costs as much as twenty others: not at a request's expense.
        self.detect(np.zeros((1, LONG_SIDE_PX, LONG_SIDE_PX * 3 // 5, 3), np.uint8), least_score=1.0)

    def detect(self, frames: npt.NDArray[np.uint8], least_score: float) -> list[Detections]:
        """(n, height, width, 3) RGB -> n detections of at least this score."""
        return self._batcher([_Wanted(frame=frame, least_score=least_score) for frame in frames])

    def _predict(self, batch: Sequence[_Wanted]) -> list[Detections]:
        """Frames of one size and one least score."""
        import torch

        # ultralytics reads arrays as OpenCV makes them: blue first.
        pictures = [np.ascontiguousarray(wanted.frame[..., ::-1]) for wanted in batch]
        with self._device.call():
            torch.set_num_threads(self._device.threads_per_call)
            results = self._yolo.predict(
                pictures,
                imgsz=LONG_SIDE_PX,
                rect=True,
                conf=batch[0].least_score,
                device=self._device.kind,
                half=self._half,
                verbose=False,
            )
            return [_detections(result.boxes) for result in results]


def _detections(boxes: Any) -> Detections:
    scores = boxes.conf.cpu().numpy().astype(np.float64)
    order = np.argsort(-scores, kind="stable")
    return Detections(
        boxes=boxes.xyxyn.cpu().numpy().astype(np.float64)[order].clip(0.0, 1.0),
        scores=scores[order],
        classes=boxes.cls.cpu().numpy().astype(np.intp)[order],
    )
