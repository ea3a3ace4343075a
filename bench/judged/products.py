"""product_detection on a cup of which it is known what is printed on it, and what is only laid over the picture."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt

from bench.common.mixed import RATE_HZ, write
from bench.common.photos import photos
from bench.common.standalone import TextByRapidOcr, why_not
from bench.judged.case import Judgement, Material, unmeasured
from services.common.time import seconds

NAME = "product_detection"
MEASURE = "words printed on a thing told from words laid over it"
WORDS = ("LUCKY", "MOKKA", "ARABICA", "Tassimo", "BERG", "Sonne")
PHOTO_PX = (1080, 720)
VIEW_PX = 900
FRAMES = 60
STEP_PX = 3
"""By which the camera moves to the right each frame, so that print moves and an overlay stands still."""

PRINT_AT = (400, 330)
OVERLAY_AT = (330, 330)
"""On the cup, and over it: baselines of the words, in pixels."""


async def judge(material: Material) -> list[Judgement]:
    """Each word twice: printed on the cup, and laid over it. A tool that reads whole frames cannot tell which."""
    cup = photos().get("coffee")
    if cup is None:
        return [unmeasured(NAME, MEASURE, "scikit-image is not installed")]
    read = told = false = alone = 0
    off = 0.0
    words = WORDS[: 1 if material.tiny else None]
    tool = None if why_not(TextByRapidOcr) else TextByRapidOcr(1)
    for word in words:
        for printed in (True, False):
            clip = material.folder / f"made: {word} {'on' if printed else 'over'} a cup.mp4"
            write(_clip(cup, word, printed=printed), clip)
            found = [each for each in await material.findings(clip, NAME) if each.label == "cup"]
            texts = [text for each in found for text in each.product.texts]
            read += printed and word in texts
            false += not printed and bool(texts)
            told += bool(found)
            off = max([off, *(abs(seconds(each.product.visible_duration) - FRAMES / RATE_HZ) for each in found)])
            alone += tool is not None and not printed and _reads(tool, clip, word)
    count = len(words)
    return [
        Judgement(
            analyzer=NAME,
            measure=MEASURE,
            ours=f"{read} of {count} printed words, {false} of {count} overlays taken for one; cup found in {told} of "
            f"{2 * count} clips, seen for {off:.1f} s too long or short at most",
            ours_value=(read - false) / count,
            standalone=f"{alone} of {count} overlays read as well",
            standalone_value=None,
            tool="RapidOCR, 2 frames/s, which does not say where a word belongs",
            clips=f"{2 * count} made of a photo of a cup and a moving camera",
        )
    ]


def _clip(photo: npt.NDArray[np.uint8], word: str, *, printed: bool) -> npt.NDArray[np.uint8]:
    import cv2

    wide = np.asarray(cv2.resize(photo, PHOTO_PX), np.uint8)
    if printed:
        _put(wide, word, PRINT_AT)
    frames = [np.ascontiguousarray(wide[:, STEP_PX * k : STEP_PX * k + VIEW_PX]) for k in range(FRAMES)]
    if not printed:
        for frame in frames:
            _put(frame, word, OVERLAY_AT)
    return np.stack(frames)


def _put(picture: npt.NDArray[np.uint8], word: str, at: tuple[int, int]) -> None:
    import cv2

    cv2.putText(picture, word, at, cv2.FONT_HERSHEY_DUPLEX, 1.7, (20, 20, 120), 4, cv2.LINE_AA)


def _reads(tool: TextByRapidOcr, clip: Path, word: str) -> bool:
    return any(word.casefold() in line.content.casefold() for line in tool.run(clip))
