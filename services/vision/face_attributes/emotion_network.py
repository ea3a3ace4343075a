"""mini-XCEPTION, the emotion network trained on FER-2013: which chips it takes, and what it says of them."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from importlib.metadata import version

import numpy as np
import numpy.typing as npt

from reelscribe.v1.analyzer_pb2 import ModelUse
from services.common.device import Device
from services.common.errors import LibraryNotInstalled, WeightsDamaged
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
    """The publisher's own file for LiteRT. Its interpreter keeps tensors, so calls from several threads take turns."""

    def __init__(self, weights: InstalledWeights, device: Device) -> None:
        """Raises LibraryNotInstalled, or WeightsDamaged if the file is another network."""
        try:
            from ai_edge_litert.interpreter import Interpreter
        except ImportError:
            raise LibraryNotInstalled("ai-edge-litert", "vision") from None
        self._device = device
        self._lock = threading.Lock()
        try:
            self._interpreter = Interpreter(str(weights.path), num_threads=device.threads_per_call)
            self._interpreter.allocate_tensors()
        except (RuntimeError, ValueError) as error:
            raise WeightsDamaged(f"{weights.path} cannot be loaded by LiteRT: {error}") from error
        takes, gives = self._interpreter.get_input_details()[0], self._interpreter.get_output_details()[0]
        if tuple(takes["shape"]) != (1, FRAMING.size_px, FRAMING.size_px, 1) or gives["shape"][-1] != len(EMOTIONS):
            raise WeightsDamaged(f"{weights.path} is not mini-XCEPTION: {takes['shape']} -> {gives['shape']}")
        self._input, self._output = takes["index"], gives["index"]
        self.model = ModelUse(
            library=f"ai-edge-litert {version('ai-edge-litert')}",
            name=weights.name,
            sha256=weights.sha256,
            licence=weights.licence,
            device="cpu",
            precision="int8",  # of the larger kernels; the rest and all activations are float32
        )

    def shares(self, chips: Sequence[Pixels]) -> npt.NDArray[np.float64]:
        """(64, 64, 3) RGB chips -> (n, 7) shares in the order of EMOTIONS, each row sums to 1."""
        found = np.empty((len(chips), len(EMOTIONS)))
        with self._lock, self._device.call():
            for row, face in enumerate(chips):
                self._interpreter.set_tensor(self._input, network_input(face))
                self._interpreter.invoke()
                found[row] = self._interpreter.get_tensor(self._output)[0]
        return np.asarray(found / found.sum(axis=1, keepdims=True))


def network_input(face: Pixels) -> npt.NDArray[np.float32]:
    """(64, 64, 3) RGB chip -> (1, 64, 64, 1) grey in [-1, 1]."""
    import cv2

    grey = cv2.cvtColor(face, cv2.COLOR_RGB2GRAY).astype(np.float32)
    return np.asarray((grey / 255.0 - 0.5) * 2.0, np.float32)[None, :, :, None]
