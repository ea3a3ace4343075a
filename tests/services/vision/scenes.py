"""Pictures for tests of the vision service: two photos that come with ultralytics, and what a camera does to them."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

import cv2
import numpy as np
import pytest

LONG_SIDE_PX = 256


def photo_path(name: str) -> Path:
    """bus.jpg (a bus and people in a street) or zidane.jpg (two men)."""
    try:
        return Path(str(distribution("ultralytics").locate_file(f"ultralytics/assets/{name}.jpg")))
    except PackageNotFoundError:
        pytest.skip("the test's photos come with ultralytics, which is not installed")


def photo(name: str, width_px: int = 144, height_px: int = LONG_SIDE_PX) -> np.ndarray:
    """(height, width, 3) RGB, squeezed to the size."""
    bgr = cv2.imread(str(photo_path(name)))
    return np.ascontiguousarray(cv2.resize(bgr, (width_px, height_px), interpolation=cv2.INTER_AREA)[..., ::-1])


def zoomed(frame: np.ndarray, share: float) -> np.ndarray:
    """The middle of a frame, `share` of its width and height, enlarged to its size."""
    height, width = frame.shape[:2]
    matrix = np.array([[share, 0, width * (1 - share) / 2], [0, share, height * (1 - share) / 2]])
    return cv2.warpAffine(frame, matrix, (width, height), flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP)


def noisy(frames: Sequence[np.ndarray], sigma: float = 1.5) -> list[np.ndarray]:
    """The frames with sensor noise, the same at every call."""
    rng = np.random.default_rng(0)
    return [np.clip(frame + rng.normal(0, sigma, frame.shape), 0, 255).astype(np.uint8) for frame in frames]
