"""DeepLabV3 by LiteRT: the 20 classes of Pascal VOC, a person among them; what lies behind these has no name."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from services.common.device import Device
from services.common.errors import WeightsDamaged
from services.common.litert import LiteRtNetwork
from services.common.weights import InstalledWeights
from services.vision.inner_picture import inner_picture
from services.vision.regions.reader import UNLABELLED, RegionReader, Shares, counted

INPUT_PX = 257
"""Side of the network's square input; a picture is fitted into it with its proportions."""

PAD_VALUE = 127
"""Grey that the network reads as 0, as it was trained; a squeezed picture lost persons of upright clips."""

SURE_PROBABILITY = 0.6
"""What is less probable is unlabelled.

Of 0.5 to 0.9 the value at which the persons' area in 35 frames of other clips is nearest to that of YOLO11n-seg
(median difference 3 %); a coffee cup's glints are no bottles from here on.
"""

LABEL_STEP_PX = 2
"""Of the labels, every second in both directions is kept: the network itself works on a sixteenth of the sides."""

NAMES = (
    UNLABELLED, "aeroplane", "bicycle", "bird", "boat", "bottle", "bus", "car", "cat", "chair", "cow", "dining_table",
    "dog", "horse", "motorbike", "person", "potted_plant", "sheep", "sofa", "train", "tv_monitor",
)  # fmt: skip
"""Pascal VOC's classes in the network's order; the first is its background."""


class VocReader(RegionReader):
    """DeepLabV3 of 21 classes."""

    names = NAMES

    def __init__(self, weights: InstalledWeights, device: Device) -> None:
        """Raises LibraryNotInstalled, or WeightsDamaged if the file is another network."""
        self._network = LiteRtNetwork(weights, device, extra="vision", precision="float32")
        shapes = self._network.input_shape, self._network.output_shapes[0]
        if shapes != ((1, INPUT_PX, INPUT_PX, 3), (1, INPUT_PX, INPUT_PX, len(NAMES))):
            raise WeightsDamaged(f"{weights.path} is not DeepLabV3 of 21 classes: {shapes[0]} -> {shapes[1]}")
        self.model = self._network.model

    def shares(self, frame: npt.NDArray[np.uint8]) -> Shares:
        """Bars around the picture, black or blurred, are unlabelled."""
        picture = inner_picture(frame)
        picture_share = picture.shape[0] * picture.shape[1] / (frame.shape[0] * frame.shape[1])
        return counted(self.labels(picture), len(NAMES), 0, picture_share)

    def labels(self, picture: npt.NDArray[np.uint8]) -> npt.NDArray[np.intp]:
        """(height, width, 3) RGB -> (h, w) indices of NAMES, the longer side INPUT_PX."""
        square, height, width, top, left = _fitted(picture)
        logits = self._network(square[None])[0][0]
        return _labels(logits[top : top + height : LABEL_STEP_PX, left : left + width : LABEL_STEP_PX])


def _fitted(picture: npt.NDArray[np.uint8]) -> tuple[npt.NDArray[np.float32], int, int, int, int]:
    """The square in [-1, 1], and the picture's height, width, top and left in it."""
    import cv2

    scale = INPUT_PX / max(picture.shape[:2])
    height, width = (max(1, round(side * scale)) for side in picture.shape[:2])
    top, left = (INPUT_PX - height) // 2, (INPUT_PX - width) // 2
    square = np.full((INPUT_PX, INPUT_PX, 3), PAD_VALUE, np.float32)
    square[top : top + height, left : left + width] = cv2.resize(picture, (width, height), interpolation=cv2.INTER_AREA)
    return square / 127.5 - 1.0, height, width, top, left


def _labels(logits: npt.NDArray[np.float32]) -> npt.NDArray[np.intp]:
    best = logits.argmax(axis=-1)
    # The highest probability is one over the sum of what the others come to beside it.
    beside = np.exp(logits - logits.max(axis=-1, keepdims=True)).sum(axis=-1)
    return np.where(beside <= 1.0 / SURE_PROBABILITY, best, 0)
