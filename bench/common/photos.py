"""Photos that come with scikit-image and ultralytics, and what spoils a picture, in known amounts."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

import numpy as np
import numpy.typing as npt

Picture = npt.NDArray[np.uint8]

MEMBERS = {
    "astronaut": ("scikit-image", "skimage/data/astronaut.png"),
    "chelsea": ("scikit-image", "skimage/data/chelsea.png"),
    "coffee": ("scikit-image", "skimage/data/coffee.png"),
    "motorcycle": ("scikit-image", "skimage/data/motorcycle_left.png"),
    "bus": ("ultralytics", "ultralytics/assets/bus.jpg"),
    "zidane": ("ultralytics", "ultralytics/assets/zidane.jpg"),
}

JPEG_SCALE = 0.45
"""What was a JPEG is shrunk by this, so that its own blocks are gone."""


def photos(members: Mapping[str, tuple[str, str]] = MEMBERS) -> dict[str, Picture]:
    """(height, width, 3) RGB each: those whose package is installed, by name, of (package, file)."""
    import cv2

    found = {}
    for name, (package, member) in members.items():
        try:
            path = Path(str(distribution(package).locate_file(member)))
        except PackageNotFoundError:
            continue
        bgr = np.asarray(cv2.imread(str(path)), dtype=np.uint8)
        if path.suffix == ".jpg":
            bgr = np.asarray(
                cv2.resize(bgr, None, fx=JPEG_SCALE, fy=JPEG_SCALE, interpolation=cv2.INTER_AREA), np.uint8
            )
        found[name] = np.ascontiguousarray(bgr[..., ::-1], dtype=np.uint8)
    return found


def blurred(rgb: Picture, sigma_px: float) -> Picture:
    """By a Gaussian."""
    import cv2

    return np.asarray(cv2.GaussianBlur(rgb, (0, 0), sigma_px), dtype=np.uint8)


def noisy(rgb: Picture, sigma: float) -> Picture:
    """With the same normal noise in all channels."""
    noise = np.random.default_rng(0).normal(0, sigma, rgb.shape[:2])[..., None]
    return np.clip(np.rint(rgb + noise), 0, 255).astype(np.uint8)


def compressed(rgb: Picture, coarseness: float) -> Picture:
    """As a JPEG of the quality 100 - coarseness."""
    import cv2

    _, data = cv2.imencode(".jpg", rgb[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, round(100 - coarseness)])
    return np.ascontiguousarray(np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR), np.uint8)[..., ::-1])


def exposed(rgb: Picture, gain: float) -> Picture:
    """Multiplied, and clipped."""
    return np.asarray(np.clip(rgb * gain, 0, 255), np.uint8)
