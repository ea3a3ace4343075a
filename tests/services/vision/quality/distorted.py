"""Photos that come with scikit-image, and what spoils them, in known amounts."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

import cv2
import numpy as np
import pytest

PHOTOS = ("astronaut.png", "chelsea.png", "coffee.png", "rocket.jpg")
"""A person, a cat, a cup, a launch at night: 512x512 to 640x427."""


def photo(name: str) -> np.ndarray:
    """(height, width, 3) RGB."""
    try:
        path = Path(str(distribution("scikit-image").locate_file(f"skimage/data/{name}")))
    except PackageNotFoundError:
        pytest.skip("the test's photos come with scikit-image, which is not installed")
    return np.ascontiguousarray(cv2.imread(str(path))[..., ::-1])


def grey(rgb: np.ndarray) -> np.ndarray:
    return cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY)


def blurred(rgb: np.ndarray, sigma_px: float) -> np.ndarray:
    return cv2.GaussianBlur(rgb, (0, 0), sigma_px)


def noisy(rgb: np.ndarray, sigma: float) -> np.ndarray:
    """With the same noise in all channels, so that sigma is that of the grey values too."""
    noise = np.random.default_rng(0).normal(0, sigma, rgb.shape[:2])[..., None]
    return np.clip(np.rint(rgb + noise), 0, 255).astype(np.uint8)


def compressed(rgb: np.ndarray, quality: int) -> np.ndarray:
    """As JPEG of that quality, [1, 100]."""
    _, data = cv2.imencode(".jpg", rgb[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, quality])
    return np.ascontiguousarray(cv2.imdecode(data, cv2.IMREAD_COLOR)[..., ::-1])


def exposed(rgb: np.ndarray, gain: float) -> np.ndarray:
    return np.clip(rgb * gain, 0, 255).astype(np.uint8)
