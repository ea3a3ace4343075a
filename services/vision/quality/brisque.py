"""BRISQUE: how distorted a picture looks, from the statistics of its locally normalised grey values.

Mittal, Moorthy and Bovik, "No-Reference Image Quality Assessment in the Spatial Domain", IEEE TIP 21(12), 2012. Where
implementations differ (luma weights, border, halving without a low-pass), this one does what the package does that the
weights come from: a score means what it means there.
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from services.common.device import Device
from services.common.weights import InstalledWeights
from services.vision.quality.svr import read_regression

Map = npt.NDArray[np.float32]

LUMA = (0.2125, 0.7154, 0.0721)
"""Of red, green and blue (BT.709)."""

WINDOW_PX, WINDOW_SIGMA_PX = 7, 7 / 6
"""Of the Gaussian that says what is local."""

LEAST_SIDE_PX = 32
"""A smaller picture has too few pixels for the statistics: no score."""

SHAPES = np.arange(0.05, 10.0005, 0.001)
"""Shape parameters of a generalised Gaussian among which the fitting one is looked up; 2 = normal, 1 = Laplace."""

FEATURE_COUNT = 36
"""At each of two scales: shape and variance of the map, and four parameters for each of four products."""

LOWEST = np.array([
    0.336999, 0.019667, 0.230, -0.125959, 0.000167, 0.000616, 0.231, -0.125873, 0.000165, 0.000600, 0.241, -0.128814,
    0.000179, 0.000386, 0.243, -0.133080, 0.000182, 0.000421, 0.436998, 0.016929, 0.247, -0.200231, 0.000104, 0.000834,
    0.257, -0.200017, 0.000112, 0.000876, 0.257, -0.155072, 0.000112, 0.000356, 0.258, -0.154374, 0.000117, 0.000351,
])  # fmt: skip
"""(36,) smallest value of each feature in training: it is mapped to -1."""

HIGHEST = np.array([
    9.999411, 0.807472, 1.644021, 0.202917, 0.712384, 0.468672, 1.644021, 0.169548, 0.713132, 0.467896, 1.553016,
    0.101368, 0.687324, 0.533087, 1.554016, 0.101000, 0.689177, 0.533133, 3.639918, 0.800955, 1.096995, 0.175286,
    0.755547, 0.399270, 1.095995, 0.155928, 0.751488, 0.402398, 1.041992, 0.093209, 0.623516, 0.532925, 1.042992,
    0.093714, 0.621958, 0.534484,
])  # fmt: skip
"""(36,) the largest: mapped to 1. With LOWEST, what the weights' package keeps beside them."""


class Brisque:
    """The regression trained on the LIVE database: about 0 (clean) to 100 (distorted), and a little beyond either."""

    def __init__(self, weights: InstalledWeights, device: Device) -> None:
        """Raises WeightsDamaged if the file is another model."""
        self._regression = read_regression(weights.path, FEATURE_COUNT)
        self._device = device
        self.model = weights.used_by(f"numpy {np.__version__}", device="cpu", precision="float64")

    def score(self, rgb: npt.NDArray[np.uint8]) -> float | None:
        """Of a (height, width, 3) picture; None where it is too small or too even for its statistics."""
        with self._device.call():
            values = features(rgb)
            if values is None:
                return None
            return self._regression.predict(2.0 * (values - LOWEST) / (HIGHEST - LOWEST) - 1.0)


def features(rgb: npt.NDArray[np.uint8]) -> npt.NDArray[np.float64] | None:
    """(36,): 18 at full size, 18 at half; None for pictures under LEAST_SIDE_PX and such without any variation."""
    import cv2

    if min(rgb.shape[:2]) < LEAST_SIDE_PX:
        return None
    grey = cv2.transform(rgb.astype(np.float32), np.array([LUMA], np.float32))
    half = cv2.resize(grey, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_CUBIC)
    found = [value for scale in (grey, half) for value in _of_scale(normalized(scale))]
    return np.array(found) if np.isfinite(found).all() else None


def normalized(grey: Map) -> Map:
    """Each value minus the mean around it, over the deviation there plus one (MSCN coefficients); about [-3, 3]."""
    import cv2

    def local_mean(values: Map) -> Map:
        return np.asarray(
            cv2.GaussianBlur(values, (WINDOW_PX, WINDOW_PX), WINDOW_SIGMA_PX, borderType=cv2.BORDER_CONSTANT),
            dtype=np.float32,
        )

    mean = local_mean(grey)
    deviation = np.sqrt(np.abs(local_mean(grey * grey) - mean * mean))
    return np.asarray((grey - mean) / (deviation + 1.0), dtype=np.float32)


def _of_scale(values: Map) -> list[float]:
    shape, _, left, right = _fitted(values)
    found = [shape, (left + right) / 2]
    neighbours = (
        (values[:, :-1], values[:, 1:]),
        (values[:-1], values[1:]),
        (values[:-1, :-1], values[1:, 1:]),
        (values[1:, :-1], values[:-1, 1:]),
    )
    for one, other in neighbours:
        found += _fitted(one * other)
    return found


def _fitted(values: Map) -> tuple[float, float, float, float]:
    """Shape, mean, left and right variance of the asymmetric generalised Gaussian with the moments of the values.

    The moment-matching fit of Lasmar, Stitou and Berthoumieu (2009). Not finite where all values lie on one side.
    """
    import cv2

    right_count = cv2.countNonZero(np.asarray(values >= 0, dtype=np.uint8))
    left_count = values.size - right_count
    if not left_count or not right_count:
        return math.nan, math.nan, math.nan, math.nan
    squares = cv2.norm(values, cv2.NORM_L2SQR)
    right_squares = cv2.norm(np.maximum(values, 0), cv2.NORM_L2SQR)
    left, right = (squares - right_squares) / left_count, right_squares / right_count
    if not left > 0 or not right > 0:
        return math.nan, math.nan, math.nan, math.nan
    ratio = math.sqrt(left / right)
    moments = (cv2.norm(values, cv2.NORM_L1) / values.size) ** 2 / (squares / values.size)
    skewed = moments * (ratio**3 + 1) * (ratio + 1) / (ratio**2 + 1) ** 2
    shape = float(np.interp(skewed, _MOMENT_RATIOS, SHAPES))
    spread = math.exp((math.lgamma(1 / shape) - math.lgamma(3 / shape)) / 2)
    mean = (math.sqrt(right) - math.sqrt(left)) * spread * math.exp(math.lgamma(2 / shape) - math.lgamma(1 / shape))
    return shape, mean, left, right


def _moment_ratio(shape: float) -> float:
    """Squared mean absolute value over mean square, of a generalised Gaussian of that shape; rises with it."""
    return math.exp(2 * math.lgamma(2 / shape) - math.lgamma(1 / shape) - math.lgamma(3 / shape))


_MOMENT_RATIOS = np.array([_moment_ratio(float(shape)) for shape in SHAPES])
