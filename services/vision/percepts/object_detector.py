"""YOLO by ultralytics: frames in, boxes with scores and classes out, and nothing else of that library."""

from __future__ import annotations

import logging
import os
import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from reelscribe.v1.analyzer_pb2 import ModelUse
from services.common.device import Device
from services.common.errors import LibraryNotInstalled, WeightsDamaged
from services.common.weights import InstalledWeights

LONG_SIDE_PX = 640
"""The longer side of the network's input, as in training; the shorter is padded to a multiple of 32 only."""

BATCH_FRAMES = 8
"""Frames of one forward pass; more save nothing on a CPU, whose time then goes into fresh memory pages."""

QUIET_ENVIRONMENT = {
    "YOLO_OFFLINE": "true",
    "YOLO_AUTOINSTALL": "false",
    "YOLO_VERBOSE": "false",
}
"""Read by ultralytics while it is imported: no look at the network, no telemetry, no pip, no printing."""


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


class ObjectDetector:
    """One YOLO network. Its predictor keeps state, so calls from several threads take turns."""

    def __init__(self, weights: InstalledWeights, device: Device) -> None:
        """Raises LibraryNotInstalled or WeightsDamaged."""
        self._device = device
        self._lock = threading.Lock()
        self._yolo = _yolo(weights.path)
        self.names: dict[int, str] = {key: name.replace(" ", "_") for key, name in self._yolo.names.items()}
        self.model = ModelUse(
            library=f"ultralytics {version('ultralytics')}",
            name=weights.name,
            sha256=weights.sha256,
            licence=weights.licence,
            device=device.kind,
            precision="float32",
        )
        # The first pass sets up the predictor and costs as much as twenty others: not at a request's expense.
        self.detect(np.zeros((1, LONG_SIDE_PX, LONG_SIDE_PX * 3 // 5, 3), np.uint8), least_score=1.0)

    def detect(self, frames: npt.NDArray[np.uint8], least_score: float) -> list[Detections]:
        """(n, height, width, 3) RGB -> n detections of at least this score."""
        found: list[Detections] = []
        for first in range(0, len(frames), BATCH_FRAMES):
            # ultralytics reads arrays as OpenCV makes them: blue first.
            batch = [np.ascontiguousarray(frame[..., ::-1]) for frame in frames[first : first + BATCH_FRAMES]]
            found += self._predict(batch, least_score)
        return found

    def _predict(self, batch: Sequence[npt.NDArray[np.uint8]], least_score: float) -> list[Detections]:
        import torch

        with self._lock, self._device.call():
            torch.set_num_threads(self._device.threads_per_call)
            results = self._yolo.predict(
                batch, imgsz=LONG_SIDE_PX, rect=True, conf=least_score, device=self._device.kind, verbose=False
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


def _yolo(path: Path) -> Any:
    yolo = _ultralytics().YOLO
    import torch

    try:
        network = yolo(str(path), task="detect")
        network.model.fuse(verbose=False)
        # Pixels side by side instead of planes: the same numbers in 15 % less time on a CPU.
        network.model.to(memory_format=torch.channels_last)
    except Exception as error:  # the file is unpickled: whatever is wrong with it surfaces as any exception
        raise WeightsDamaged(f"{path} cannot be loaded as a YOLO detector: {error}") from error
    return network


def _ultralytics() -> Any:
    """The library, imported so that it neither reads nor leaves a settings file and asks nobody anything."""
    os.environ.update(QUIET_ENVIRONMENT)
    try:
        with _settings_elsewhere():
            import ultralytics
    except ImportError as error:
        raise LibraryNotInstalled("ultralytics", "ultralytics") from error
    logging.getLogger("ultralytics").setLevel(logging.ERROR)  # somebody else may have imported it before
    return ultralytics


@contextmanager
def _settings_elsewhere() -> Iterator[None]:
    """Let ultralytics write its settings where they vanish."""
    before = os.environ.get("YOLO_CONFIG_DIR")
    with tempfile.TemporaryDirectory() as directory:
        os.environ["YOLO_CONFIG_DIR"] = directory
        try:
            yield
        finally:
            if before is None:
                del os.environ["YOLO_CONFIG_DIR"]
            else:
                os.environ["YOLO_CONFIG_DIR"] = before
