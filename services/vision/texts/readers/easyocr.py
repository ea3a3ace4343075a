"""EasyOCR (CRAFT detector, CRNN recogniser): the reader of the full profile."""

from __future__ import annotations

import logging
import threading
import warnings
from importlib.metadata import version
from typing import Any

import numpy as np
import numpy.typing as npt

from reelscribe.v1.analyzer_pb2 import ModelUse
from services.common.device import Device
from services.common.errors import LibraryNotInstalled, WeightsNotInstalled
from services.common.weights import InstalledWeights, locate
from services.vision.texts.readers import Line, line_of_corners

LANGUAGES = {"easyocr-latin": ["en", "de"], "easyocr-english": ["en"]}
"""What each set of weights reads, the preferred first: the English recogniser has no umlauts in its alphabet."""

CANVAS_PX = 1280
"""CRAFT looks at this size at most; its own default of 2560 would enlarge nothing here and cost the same."""

KEEP_CONFIDENCE = 0.2
"""Words drawn over photos, and signs in them that a person can read, came with 0.47 to 1; guesses at signs too small to
read with less than 0.07."""


class EasyOcrReader:
    """One EasyOCR reader behind one lock."""

    def __init__(self, device: Device) -> None:
        try:
            import easyocr
            import torch
        except ImportError:
            raise LibraryNotInstalled("easyocr", "easyocr") from None
        weights = _installed()
        if device.kind == "cpu":
            torch.set_num_threads(device.threads_per_call)
        logging.getLogger("easyocr").setLevel(logging.CRITICAL)
        with warnings.catch_warnings():
            # Its quantisation and its checkpoints use calls that torch has announced to drop.
            warnings.simplefilter("ignore")
            self._engine: Any = easyocr.Reader(
                LANGUAGES[weights.name],
                gpu=False if device.kind == "cpu" else device.kind,
                model_storage_directory=str(weights.directory),
                user_network_directory=str(weights.directory),
                download_enabled=False,
                verbose=False,
                # Dynamic int8 layers are created for the processor only and differ from build to build.
                quantize=False,
            )
        self._device = device
        self._lock = threading.Lock()
        self.models: tuple[ModelUse, ...] = (
            weights.used_by(f"easyocr {version('easyocr')}", device=device.kind, precision="float32"),
        )

    def read(self, rgb: npt.NDArray[np.uint8]) -> list[Line]:
        """See Reader.read."""
        import cv2

        if rgb.ndim != 3 or rgb.shape[2] != 3:
            raise ValueError(f"a picture is (height, width, 3), not {rgb.shape}")
        height_px, width_px = rgb.shape[:2]
        picture = np.ascontiguousarray(rgb)
        # The two steps are called apart: `readtext` takes an array for BGR when it makes the recogniser's grey picture.
        grey = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)
        with self._lock, self._device.call(), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            upright, slanted = self._engine.detect(picture, canvas_size=CANVAS_PX, reformat=False)
            read = self._engine.recognize(grey, upright[0], slanted[0], reformat=False)
        lines = [line_of_corners(content, corners, score, width_px, height_px) for corners, content, score in read]
        return [line for line in lines if line.content and line.confidence >= KEEP_CONFIDENCE]


def _installed() -> InstalledWeights:
    """The first of LANGUAGES that is on this machine. Raises WeightsNotInstalled for the last."""
    *preferred, last = LANGUAGES
    for name in preferred:
        try:
            return locate(name)
        except WeightsNotInstalled:
            continue
    return locate(last)
