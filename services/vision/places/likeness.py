"""How alike two frames are, as the cosine of two unit vectors: what a classifier sees in them, and their colours."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Signature = npt.NDArray[np.float32]
"""(n, SIGNATURE_LENGTH): one unit vector per frame, no entry negative."""

CONTENT_WEIGHT = 0.8
"""The classifier's share of the cosine; the rest is colour, which alone would take any two grey clips for one."""

LIGHTNESS_BINS = 4
"""Of the colour histogram: L* in quarters."""

CHROMA_EDGES = (-50.0, -30.0, -15.0, -5.0, 5.0, 15.0, 30.0, 50.0)
"""Where the bins of a* and of b* meet: narrow around grey, where most of most pictures lies."""

CHROMA_BINS = len(CHROMA_EDGES) + 1

GREY_BIN = CHROMA_BINS // 2

COLOR_COUNT = LIGHTNESS_BINS * CHROMA_BINS * CHROMA_BINS

COLOR_SIDE_PX = 64
"""Frames are squeezed to this square before their colours are counted."""

SAME_PLACE = 0.52
"""Cosine from which on two frames count as one place.

The highest among 561 pairs of unrelated frames (34 photos and clips, none of which scores this analyzer) was 0.518. Of
frames of one shot seconds apart, and of the same frames cut down to 60 % of their width or 25 % brighter, at least
97 % lie above.
"""

GREY_SURPLUS = 0.18
"""By how much more two pictures without colour must be alike: the same pairs in black and white came up to 0.695."""

GREY_SHARE = 0.95
"""Share of grey pixels from which on a picture has no colour."""


def signatures(features: npt.NDArray[np.float32], frames: npt.NDArray[np.uint8]) -> Signature:
    """(n, k) features and (n, height, width, 3) RGB frames -> one signature each."""
    colors = np.stack([color_signature(frame) for frame in frames])
    content = features / np.maximum(np.linalg.norm(features, axis=1, keepdims=True), np.finfo(np.float32).tiny)
    return np.hstack([np.sqrt(CONTENT_WEIGHT) * content, np.sqrt(1 - CONTENT_WEIGHT) * colors]).astype(np.float32)


def color_signature(frame: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
    """(height, width, 3) RGB -> (COLOR_COUNT,): roots of the shares of CIELAB's bins, a unit vector."""
    import cv2

    small = cv2.resize(frame, (COLOR_SIDE_PX, COLOR_SIDE_PX), interpolation=cv2.INTER_AREA)
    lab = cv2.cvtColor(small.astype(np.float32) / 255, cv2.COLOR_RGB2LAB).reshape(-1, 3)
    lightness = np.clip(lab[:, 0] / 100 * LIGHTNESS_BINS, 0, LIGHTNESS_BINS - 1).astype(np.intp)
    chroma = np.digitize(lab[:, 1:], CHROMA_EDGES)
    bins = (lightness * CHROMA_BINS + chroma[:, 0]) * CHROMA_BINS + chroma[:, 1]
    shares = np.bincount(bins, minlength=COLOR_COUNT) / len(bins)
    return np.sqrt(shares).astype(np.float32)


def grey_share(frames: Signature) -> float:
    """Share of the pixels, [0, 1], whose a* and b* lie within 5 of 0."""
    shares = (frames[:, -COLOR_COUNT:] ** 2).reshape(-1, LIGHTNESS_BINS, CHROMA_BINS, CHROMA_BINS)
    return float(shares[:, :, GREY_BIN, GREY_BIN].sum() / max(shares.sum(), np.finfo(np.float32).tiny))


def shot_likeness(one: Signature, other: Signature) -> float:
    """Mean, over the frames of one shot, of each one's best match in the other; of the two directions the greater.

    [0, 1]. So a short shot is like a long pan that passes by its place.
    """
    cosines = one @ other.T
    return float(max(cosines.max(axis=1).mean(), cosines.max(axis=0).mean()))


def most_typical(frames: Signature) -> int:
    """The row that is most like all others."""
    return int((frames @ frames.T).sum(axis=1).argmax())
