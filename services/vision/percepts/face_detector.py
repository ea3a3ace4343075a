"""YuNet through OpenCV: a frame in, faces with five landmarks and scores out."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from services.common.device import Device
from services.common.errors import LibraryNotInstalled, WeightsDamaged
from services.common.weights import InstalledWeights

LONG_SIDE_PX = 480
"""Larger frames are shrunk to it: 6.6 ms a portrait frame, not 12 ms as at 640. The smallest faces found are then 10 to
12 px wide, a fortieth of the long side (at 640 a sixtieth): far below what eyes or ages can be read from."""

OVERLAP = 0.3
"""Of two detections that overlap more, the surer one stays; the value of YuNet's own benchmark."""

CANDIDATE_COUNT = 5000
"""Looked at before overlaps are removed; likewise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DetectedFaces:
    """What was seen in one frame, surest first."""

    boxes: npt.NDArray[np.float64]
    """(m, 4) left, top, right, bottom in [0, 1] of the frame."""
    scores: npt.NDArray[np.float64]
    """(m,) in [0, 1]."""
    landmarks: npt.NDArray[np.float32]
    """(m, 5, 2) x and y in units of the frame; of a face at the border some lie outside [0, 1]."""

    def __len__(self) -> int:
        return len(self.scores)


NOBODY = DetectedFaces(boxes=np.empty((0, 4)), scores=np.empty(0), landmarks=np.empty((0, 5, 2), np.float32))


class FaceDetector:
    """One YuNet network. It keeps the size of its input, so calls from several threads take turns."""

    def __init__(self, weights: InstalledWeights, device: Device) -> None:
        """Raises LibraryNotInstalled or WeightsDamaged."""
        try:
            import cv2
        except ImportError:
            raise LibraryNotInstalled("opencv-python", "vision") from None
        self._device = device
        self._lock = threading.Lock()
        cv2.setNumThreads(device.threads_per_call)  # OpenCV knows one number for the whole process
        try:
            with _without_warnings():
                self._network: Any = cv2.FaceDetectorYN.create(
                    str(weights.path), "", (LONG_SIDE_PX, LONG_SIDE_PX), 1.0, OVERLAP, CANDIDATE_COUNT
                )
        except cv2.error as error:
            raise WeightsDamaged(f"{weights.path} cannot be loaded as YuNet: {error}") from error
        self.model = weights.used_by(f"opencv {cv2.__version__}", device="cpu", precision="float32")

    def detect(self, frame: npt.NDArray[np.uint8], least_score: float) -> DetectedFaces:
        """Faces of at least this score in an RGB frame (height, width, 3)."""
        import cv2

        height, width = frame.shape[:2]
        scale = min(1.0, LONG_SIDE_PX / max(height, width))
        size = (max(1, round(width * scale)), max(1, round(height * scale)))
        shrunk = frame if scale == 1.0 else cv2.resize(frame, size, interpolation=cv2.INTER_AREA)
        blue_first = cv2.cvtColor(np.ascontiguousarray(shrunk), cv2.COLOR_RGB2BGR)
        with self._lock, self._device.call():
            self._network.setInputSize(size)
            self._network.setScoreThreshold(least_score)
            _, rows = self._network.detect(blue_first)
        return _detected(np.empty((0, 15)) if rows is None else rows.astype(np.float64), *size)


def _detected(rows: npt.NDArray[np.float64], width: int, height: int) -> DetectedFaces:
    """OpenCV's rows: left, top, width, height, five times x and y, score; in pixels."""
    rows = rows[np.argsort(-rows[:, 14], kind="stable")]
    boxes = np.concatenate([rows[:, :2], rows[:, :2] + rows[:, 2:4]], axis=1) / [width, height, width, height]
    boxes = boxes.clip(0.0, 1.0)
    seen = (boxes[:, 2:] > boxes[:, :2]).all(axis=1)
    landmarks = rows[:, 4:14].reshape(-1, 5, 2) / [width, height]
    return DetectedFaces(
        boxes=boxes[seen], scores=rows[seen, 14].clip(0.0, 1.0), landmarks=landmarks[seen].astype(np.float32)
    )


@contextmanager
def _without_warnings() -> Iterator[None]:
    """OpenCV 5 warns of a target that nobody asked for, on stderr, whenever a network is made."""
    import cv2

    logging = cv2.utils.logging
    before = logging.getLogLevel()
    logging.setLogLevel(logging.LOG_LEVEL_ERROR)
    try:
        yield
    finally:
        logging.setLogLevel(before)
