"""color_analysis on plain pictures: what everybody calls the colour, and how much of the picture it fills."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from bench.judged.case import UNMEASURED, Judgement, Material

NAME = "color_analysis"

FILLS: tuple[tuple[tuple[int, int, int], str], ...] = (
    ((0, 0, 0), "black"), ((255, 255, 255), "white"), ((128, 128, 128), "gray"), ((255, 0, 0), "red"),
    ((0, 128, 0), "green"), ((0, 0, 255), "blue"), ((255, 255, 0), "yellow"), ((255, 165, 0), "orange"),
    ((128, 0, 128), "purple"), ((255, 192, 203), "pink"), ((139, 69, 19), "brown"), ((0, 0, 128), "dark_blue"),
    ((64, 224, 208), "turquoise"), ((128, 128, 0), "olive"), ((245, 245, 220), "beige"), ((0, 100, 0), "dark_green"),
    ((139, 0, 0), "dark_red"), ((173, 216, 230), "light_blue"), ((211, 211, 211), "light_gray"),
    ((230, 230, 250), "lavender"), ((255, 0, 255), "magenta"), ((144, 238, 144), "light_green"),
)  # fmt: skip
"""CSS's colours by their own names (saddlebrown as brown, navy as dark blue), where the vocabulary has such a word."""

SHARES = (0.1, 0.25, 0.5)
"""Of a red stripe on blue."""


async def judge(material: Material) -> list[Judgement]:
    """Names of fills, and shares of stripes. Given as pixels; what counts as right in real scenes has no truth."""
    from bench.common.direct import findings_in
    from services.vision.analyzers.color_analysis import ColorAnalysis

    fills = FILLS[: 3 if material.tiny else None]
    wrong = []
    for rgb, name in fills:
        told = findings_in(ColorAnalysis, [_filled(rgb)])[-1].color.swatches[0].name
        if told != name:
            wrong.append(f"{name} as {told}")
    off = 0.0
    for share in SHARES:
        swatches = findings_in(ColorAnalysis, [_striped(share)])[-1].color.swatches
        off = max(off, abs(sum(each.share for each in swatches if each.name == "red") - share))
    count = len(fills) - len(wrong)
    return [
        Judgement(
            analyzer=NAME,
            measure="plain fills named as CSS names them",
            ours=f"{count} of {len(fills)}" + (f" ({', '.join(wrong)})" if wrong else ""),
            ours_value=count / len(fills),
            standalone=UNMEASURED,
            tool="no such tool",
            clips=f"{len(fills)} pictures of one colour",
        ),
        Judgement(
            analyzer=NAME,
            measure="share of a stripe, largest error",
            ours=f"{off:.4f}",
            ours_value=off,
            standalone=UNMEASURED,
            tool="no such tool",
            clips=f"red stripes of {', '.join(f'{share:.0%}' for share in SHARES)} on blue",
        ),
    ]


def _filled(rgb: tuple[int, int, int]) -> npt.NDArray[np.uint8]:
    return np.full((144, 256, 3), rgb, dtype=np.uint8)


def _striped(share: float) -> npt.NDArray[np.uint8]:
    picture = _filled((0, 0, 255))
    picture[:, : round(share * picture.shape[1])] = (255, 0, 0)
    return picture
