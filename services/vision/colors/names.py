"""Names for colours: a small vocabulary, and which of its words is nearest to the eye."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import numpy.typing as npt

NAMED_COLORS: tuple[tuple[str, tuple[int, int, int]], ...] = (
    ("black", (12, 12, 12)),
    ("dark_gray", (70, 70, 70)),
    ("gray", (128, 128, 128)),
    ("light_gray", (195, 195, 195)),
    ("white", (250, 250, 250)),
    ("red", (255, 0, 0)),
    ("red", (200, 30, 40)),
    ("dark_red", (110, 15, 25)),
    ("pink", (255, 160, 185)),
    ("magenta", (255, 0, 200)),
    ("orange", (255, 140, 0)),
    ("orange", (255, 165, 0)),
    ("brown", (125, 75, 35)),
    ("dark_brown", (60, 38, 22)),
    ("beige", (222, 196, 160)),
    ("yellow", (255, 225, 20)),
    ("olive", (120, 120, 35)),
    ("light_green", (145, 225, 130)),
    ("green", (0, 255, 0)),
    ("green", (45, 150, 55)),
    ("dark_green", (20, 70, 35)),
    ("turquoise", (40, 190, 180)),
    ("dark_turquoise", (15, 95, 100)),
    ("light_blue", (150, 200, 240)),
    ("blue", (0, 0, 255)),
    ("blue", (40, 100, 205)),
    ("dark_blue", (18, 28, 90)),
    # Navy. CIELAB bends saturated dark blues toward purple, so they need a point of their own.
    ("dark_blue", (0, 0, 128)),
    ("purple", (125, 45, 165)),
    ("lavender", (190, 170, 225)),
)
"""The vocabulary, each word with one or two colours (sRGB) that everybody calls so."""

VOCABULARY: tuple[str, ...] = tuple(dict.fromkeys(name for name, _ in NAMED_COLORS))
"""Every name a swatch may have."""


def name_of(lab: npt.NDArray[np.floating]) -> str:
    """The name whose colour is nearest to (L*, a*, b*)."""
    distances = np.linalg.norm(_anchors() - lab, axis=1)
    return NAMED_COLORS[int(distances.argmin())][0]


def lab_of(rgb: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
    """sRGB pixels (..., 3) -> CIELAB under D65 (..., 3): L* in [0, 100], a* and b* within about [-110, 110]."""
    import cv2

    row = np.ascontiguousarray(rgb).reshape(1, -1, 3).astype(np.float32) / 255
    lab: npt.NDArray[np.float32] = cv2.cvtColor(row, cv2.COLOR_RGB2Lab).reshape(rgb.shape)
    return lab


@lru_cache(maxsize=1)
def _anchors() -> npt.NDArray[np.float32]:
    return lab_of(np.array([rgb for _, rgb in NAMED_COLORS], np.uint8))
