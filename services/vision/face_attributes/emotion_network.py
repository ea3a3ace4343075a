"""mini-XCEPTION, the emotion network trained on FER-2013: which chips it takes, and what it says of them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from services.common.device import Device
from services.common.errors import WeightsDamaged
from services.common.litert import LiteRtNetwork
from services.common.weights import InstalledWeights
from services.vision.face_attributes.chips import EYE_DISTANCE, Framing, Pixels

FRAMING = Framing(size_px=64, span=1.478, left=0.255, top=0.376)
"""The box of OpenCV's cascade face detector, with which the photos of FER-2013 were cut out.

Measured on real clips: there the eyes are 0.37 of the box's width apart, and 0.38 of its height below its top.
"""

TRAINING_SIZE_PX = 48
"""Side of FER-2013's photos; a face in fewer pixels says less than any the network has learned from."""

LEAST_EYE_DISTANCE_PX = EYE_DISTANCE / FRAMING.span * TRAINING_SIZE_PX
"""Of a face in such a photo: 17.8."""

EMOTIONS = ("angry", "disgust", "fear", "happy", "sad", "surprise", "neutral")
"""In the order of the network's output."""


class EmotionNetwork:
    """The publisher's own file for LiteRT."""

    def __init__(self, weights: InstalledWeights, device: Device) -> None:
        """Raises LibraryNotInstalled, or WeightsDamaged if the file is another network."""
        # int8 are the larger kernels; the rest and all activations are float32.
        self._network = LiteRtNetwork(weights, device, extra="vision", precision="int8")
        takes, gives = self._network.input_shape, self._network.output_shapes
        if takes != (1, FRAMING.size_px, FRAMING.size_px, 1) or gives[0][-1] != len(EMOTIONS):
            raise WeightsDamaged(f"{weights.path} is not mini-XCEPTION: {takes} -> {gives}")
        self.model = self._network.model

    def shares(self, chips: Sequence[Pixels]) -> npt.NDArray[np.float64]:
        """(64, 64, 3) RGB chips -> (n, 7) shares in the order of EMOTIONS, each row sums to 1."""
        found = np.empty((len(chips), len(EMOTIONS)))
        for row, face in enumerate(chips):
            found[row] = self._network(network_input(face))[0][0]
        return np.asarray(found / found.sum(axis=1, keepdims=True))


def network_input(face: Pixels) -> npt.NDArray[np.float32]:
    """(64, 64, 3) RGB chip -> (1, 64, 64, 1) grey in [-1, 1]."""
    import cv2

    grey = cv2.cvtColor(face, cv2.COLOR_RGB2GRAY).astype(np.float32)
    return np.asarray((grey / 255.0 - 0.5) * 2.0, np.float32)[None, :, :, None]
