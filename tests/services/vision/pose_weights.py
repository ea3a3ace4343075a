"""The pose network, or the reason why a test must do without; and what ultralytics itself finds."""

from __future__ import annotations

from importlib.util import find_spec
from typing import Any

import numpy as np
import pytest

from services.common.errors import WeightsNotInstalled
from services.common.weights import InstalledWeights, locate


def pose_weights() -> InstalledWeights:
    """Those of YOLO11n-pose; the test is skipped where they or ultralytics are not installed."""
    if find_spec("ultralytics") is None:
        pytest.skip("ultralytics is not installed: pip install 'reelscribe[ultralytics]'")
    try:
        return locate("yolo11n-pose")
    except WeightsNotInstalled as error:
        pytest.skip(f"{error}: {error.fix}")


def alone(frame: np.ndarray) -> Any:
    """Keypoints with confidence (m, 17, 3) and boxes (m, 4) in pixels of an RGB frame, best first."""
    from ultralytics import YOLO

    network = YOLO(str(pose_weights().path))
    result = network.predict(np.ascontiguousarray(frame[..., ::-1]), imgsz=640, verbose=False)[0]
    order = np.argsort(-result.boxes.conf.numpy(), kind="stable")
    return result.keypoints.data.numpy()[order], result.boxes.xyxy.numpy()[order]
