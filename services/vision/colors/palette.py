"""What colours a stretch of video has: sums over its frames, how far two of them are apart, and the palette in them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from reelscribe.v1.finding_pb2 import ColorProfile, Swatch
from services.vision.colors.names import lab_of, name_of

BIN_COUNT = 32 * 32 * 32
"""Cells of the colour cube: pixels within 8 steps per channel are summed before they are clustered."""

SWATCH_COUNT = 6
"""Most colours of a palette; a seventh is rarely named by anybody."""

JOINED_DISTANCE = 15.0
"""Clusters closer than this in CIELAB are shades of one colour."""

LEAST_SHARE = 0.01
"""Of the pixels; a smaller cluster is counted with its nearest neighbour."""

ROUND_COUNT = 12
"""Rounds of k-means; the centres move less than a unit of CIELAB after ten."""

AXIS_OFFSET = 128
"""Added to a* and b*, which then fit [0, 255]."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ColorSum:
    """Sums over the pixels of one or more frames; `+` joins two stretches."""

    pixels: npt.NDArray[np.float64]
    """(BIN_COUNT,) pixels in each cell of the colour cube."""
    rgb: npt.NDArray[np.float64]
    """(BIN_COUNT, 3) sums of sRGB."""
    lab: npt.NDArray[np.float64]
    """(BIN_COUNT, 3) sums of L*, a*, b*."""
    axes: npt.NDArray[np.float64]
    """(3, 256) pixels by L*, by a* + 128, by b* + 128."""
    chroma: float
    saturation: float

    def __add__(self, other: ColorSum) -> ColorSum:
        return ColorSum(
            pixels=self.pixels + other.pixels,
            rgb=self.rgb + other.rgb,
            lab=self.lab + other.lab,
            axes=self.axes + other.axes,
            chroma=self.chroma + other.chroma,
            saturation=self.saturation + other.saturation,
        )


def color_sum(frame: npt.NDArray[np.uint8]) -> ColorSum:
    """Sums over one RGB frame (height, width, 3)."""
    rgb = np.ascontiguousarray(frame).reshape(-1, 3)
    lab = lab_of(rgb)
    cells = (rgb >> 3).astype(np.intp)
    cell = (cells[:, 0] << 10) | (cells[:, 1] << 5) | cells[:, 2]
    brightest = rgb.max(axis=1).astype(np.float64)
    spread = brightest - rgb.min(axis=1)
    return ColorSum(
        pixels=np.bincount(cell, minlength=BIN_COUNT).astype(np.float64),
        rgb=_sums(cell, rgb),
        lab=_sums(cell, lab),
        axes=np.stack([_spectrum(lab[:, 0]), _spectrum(lab[:, 1] + AXIS_OFFSET), _spectrum(lab[:, 2] + AXIS_OFFSET)]),
        chroma=float(np.hypot(lab[:, 1], lab[:, 2]).sum(dtype=np.float64)),
        saturation=float((spread / np.maximum(brightest, 1)).sum()),
    )


def distance(one: ColorSum, other: ColorSum) -> float:
    """How far colours must move, on average, to turn one distribution into the other; units of CIELAB.

    The earth mover's distance along each axis of CIELAB, put together: no cell borders to fall over.
    """
    shares = [(sums.axes / sums.axes.sum(axis=1, keepdims=True)).cumsum(axis=1) for sums in (one, other)]
    return float(np.linalg.norm(np.abs(shares[0] - shares[1]).sum(axis=1)))


def profile(sums: ColorSum) -> ColorProfile:
    """Palette and means."""
    total = sums.pixels.sum()
    lightness, a_star, b_star = sums.lab.sum(axis=0) / total
    return ColorProfile(
        swatches=_swatches(sums),
        lightness=lightness,
        chroma=sums.chroma / total,
        saturation=sums.saturation / total,
        mean_a_star=a_star,
        mean_b_star=b_star,
    )


def _swatches(sums: ColorSum) -> list[Swatch]:
    used = np.flatnonzero(sums.pixels)
    weights = sums.pixels[used]
    owner = _clusters(sums.lab[used] / weights[:, None], weights)
    swatches = []
    for cluster in np.unique(owner):
        rows = used[owner == cluster]
        count = sums.pixels[rows].sum()
        red, green, blue = (round(value) for value in sums.rgb[rows].sum(axis=0) / count)
        name = name_of(sums.lab[rows].sum(axis=0) / count)
        swatches.append(Swatch(name=name, red=red, green=green, blue=blue, share=count / weights.sum()))
    return sorted(swatches, key=lambda swatch: -swatch.share)


def _clusters(points: npt.NDArray[np.float64], weights: npt.NDArray[np.float64]) -> npt.NDArray[np.intp]:
    """(n,) cluster of each weighted point of CIELAB. The same input gives the same clusters: nothing is random."""
    centres = _spread_out(points, weights)
    for _ in range(ROUND_COUNT):
        owner = _nearest(points, centres)
        centres = np.stack([_mean(points, weights, owner == c) for c in np.unique(owner)])
    while (pair := _joinable(points, weights, centres)) is not None:
        kept, gone = pair
        owner = _nearest(points, centres)
        owner[owner == gone] = kept
        centres = np.stack([_mean(points, weights, owner == c) for c in np.unique(owner)])
    return _nearest(points, centres)


def _spread_out(points: npt.NDArray[np.float64], weights: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """First centres: the commonest colour, then again and again the one that is common and far from those chosen."""
    chosen = [int(weights.argmax())]
    while len(chosen) < min(SWATCH_COUNT, len(points)):
        gaps = _squared(points, points[chosen]).min(axis=1)
        if gaps.max() <= 0:
            break
        chosen.append(int((weights * gaps).argmax()))
    return points[chosen]


def _joinable(
    points: npt.NDArray[np.float64], weights: npt.NDArray[np.float64], centres: npt.NDArray[np.float64]
) -> tuple[int, int] | None:
    """Two clusters that are shades of one colour, or one too small to stand alone and its neighbour."""
    if len(centres) < 2:
        return None
    gaps = _squared(centres, centres) + np.diag(np.full(len(centres), np.inf))
    kept, gone = sorted(divmod(int(gaps.argmin()), len(centres)))
    if gaps[kept, gone] < JOINED_DISTANCE**2:
        return kept, gone
    owner = _nearest(points, centres)
    shares = np.bincount(owner, weights=weights, minlength=len(centres)) / weights.sum()
    smallest = int(shares.argmin())
    return (int(gaps[smallest].argmin()), smallest) if shares[smallest] < LEAST_SHARE else None


def _nearest(points: npt.NDArray[np.float64], centres: npt.NDArray[np.float64]) -> npt.NDArray[np.intp]:
    nearest: npt.NDArray[np.intp] = _squared(points, centres).argmin(axis=1)
    return nearest


def _squared(points: npt.NDArray[np.float64], centres: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    squares: npt.NDArray[np.float64] = ((points[:, None] - centres[None]) ** 2).sum(axis=2)
    return squares


def _mean(
    points: npt.NDArray[np.float64], weights: npt.NDArray[np.float64], rows: npt.NDArray[np.bool_]
) -> npt.NDArray[np.float64]:
    mean: npt.NDArray[np.float64] = np.average(points[rows], axis=0, weights=weights[rows])
    return mean


def _sums(cell: npt.NDArray[np.intp], values: npt.NDArray[np.generic]) -> npt.NDArray[np.float64]:
    return np.stack([np.bincount(cell, weights=values[:, k], minlength=BIN_COUNT) for k in range(3)], axis=1)


def _spectrum(values: npt.NDArray[np.float32]) -> npt.NDArray[np.float64]:
    return np.bincount(values.round().astype(np.intp).clip(0, 255), minlength=256).astype(np.float64)
