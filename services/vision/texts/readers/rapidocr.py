"""RapidOCR with the PP-OCRv6 weights its wheel carries: the reader of the lite profile, German umlauts included."""

from __future__ import annotations

import logging
import threading
from importlib.metadata import version
from typing import Any

import numpy as np
import numpy.typing as npt

from reelscribe.v1.analyzer_pb2 import ModelUse
from services.common.device import Device
from services.common.errors import LibraryNotInstalled
from services.common.weights import InstalledWeights, locate
from services.vision.texts.readers import Line, line_of_corners

WEIGHTS = "pp-ocrv6-small"

DETECT_LONG_SIDE_PX = 960
"""The detector looks at this size, the recogniser at the full one. Over photos it finds the same words at 736 to 1280,
in 0.2 to 0.5 s of one core; over a busy drawn ground lines of 3 % of a 1280x720 picture's height lose words at 736."""

LARGEST_SCALE = 2.0
"""Smaller pictures are enlarged to that size, by this much at most: at 360x640 the detector lost parts of 7 in 16
captions, enlarged of none."""

KEEP_CONFIDENCE = 0.5
"""RapidOCR's own `text_score`: what it reads less surely it does not give."""


class RapidOcrReader:
    """One engine behind one lock: its stages share state."""

    def __init__(self, device: Device) -> None:
        try:
            from rapidocr import RapidOCR
        except ImportError:
            raise LibraryNotInstalled("rapidocr", "vision") from None
        weights = locate(WEIGHTS)
        # It logs each file it opens, with a handler of its own, before a level can be passed.
        logging.getLogger("RapidOCR").setLevel(logging.CRITICAL)
        self._engine: Any = RapidOCR(params=_parameters(weights, device))
        self._device = device
        self._lock = threading.Lock()
        self.models: tuple[ModelUse, ...] = (
            weights.used_by(f"rapidocr {version('rapidocr')}", device=_provider(device), precision="float32"),
        )

    def read(self, rgb: npt.NDArray[np.uint8]) -> list[Line]:
        """See Reader.read."""
        if rgb.ndim != 3 or rgb.shape[2] != 3:
            raise ValueError(f"a picture is (height, width, 3), not {rgb.shape}")
        # It takes OpenCV's order: blue first.
        bgr = _enlarged(np.ascontiguousarray(rgb[:, :, ::-1]))
        height_px, width_px = bgr.shape[:2]
        with self._lock, self._device.call():
            result = self._engine(bgr)
        if getattr(result, "txts", None) is None or result.boxes is None:
            return []
        read = zip(result.txts, result.boxes, result.scores, strict=True)
        lines = [line_of_corners(content, box, score, width_px, height_px) for content, box, score in read]
        return [line for line in lines if line.content]


def _enlarged(picture: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    import cv2

    height, width = picture.shape[:2]
    scale = min(DETECT_LONG_SIDE_PX / max(height, width), LARGEST_SCALE)
    if scale <= 1.0:
        return picture
    size = (round(width * scale), round(height * scale))
    return np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_CUBIC), dtype=np.uint8)


def _provider(device: Device) -> str:
    import onnxruntime

    usable = device.kind.startswith("cuda") and "CUDAExecutionProvider" in onnxruntime.get_available_providers()
    return device.kind if usable else "cpu"


def _parameters(weights: InstalledWeights, device: Device) -> dict[str, Any]:
    provider = _provider(device)
    parameters: dict[str, Any] = {
        "Global.log_level": "critical",
        "Global.text_score": KEEP_CONFIDENCE,
        # Turns lines that stand on their head; a video's frames are upright.
        "Global.use_cls": False,
        "Det.limit_type": "max",
        "Det.limit_side_len": DETECT_LONG_SIDE_PX,
        "Det.model_path": str(weights.files["PP-OCRv6_det_small.onnx"]),
        "Rec.model_path": str(weights.files["PP-OCRv6_rec_small.onnx"]),
        # Its memory kept from picture to picture: a quarter less time, which went into fresh pages.
        "EngineConfig.onnxruntime.enable_cpu_mem_arena": True,
        "EngineConfig.onnxruntime.intra_op_num_threads": device.threads_per_call,
        "EngineConfig.onnxruntime.inter_op_num_threads": 1,
    }
    if provider != "cpu":
        parameters["EngineConfig.onnxruntime.use_cuda"] = True
        parameters["EngineConfig.onnxruntime.cuda_ep_cfg.device_id"] = int(provider.partition(":")[2] or 0)
    return parameters
