"""content_quality on photos spoilt in known steps: whether each measure follows, and whether noise is what it was."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np

from bench.common.photos import Picture, blurred, compressed, exposed, noisy, photos
from bench.judged.case import UNMEASURED, Judgement, Material, unmeasured

NAME = "content_quality"

BLURS_PX = (0.3, 0.6, 1.0, 1.5, 2.0, 3.0, 4.0)
SIGMAS = (0.0, 1.0, 2.0, 4.0, 8.0, 16.0, 32.0)
COARSENESS = (5.0, 20.0, 40.0, 60.0, 80.0, 90.0, 95.0)
"""100 minus the quality of a JPEG."""
GAINS = (0.25, 0.5, 0.75, 1.0, 1.25, 1.5, 2.0)

KNOWN_SIGMAS = (5.0, 10.0, 20.0)
"""Well above what photos bring with them."""

HELD_OUT = {name: ("scikit-image", f"skimage/data/{name}.png") for name in ("clock_motion", "coins", "ihc", "page")}
"""Looked at by nobody while the estimator was made."""

REFERENCE = Path(__file__).parents[2] / "tests" / "services" / "vision" / "truth" / "brisque_reference.json"

Spoil = Callable[[Picture, float], Picture]
Measure = Callable[[Picture], float]


async def judge(material: Material) -> list[Judgement]:
    """Order over distortion levels, size of known noise, and BRISQUE beside the package its weights come from."""
    shown = dict(list(photos().items())[: 2 if material.tiny else None])
    if not shown:
        return [unmeasured(NAME, "order over distortion levels", "no photos: scikit-image is not installed")]
    clips = f"{', '.join(shown)}, {len(BLURS_PX)} levels each"
    rows = [
        _order("sharpness falls with blur", shown, blurred, BLURS_PX, _sharpness, -1, clips, tool=_laplacian),
        _order("noise rises with noise", shown, noisy, SIGMAS, _noise, 1, clips),
        _order("blockiness rises as JPEG quality falls", shown, compressed, COARSENESS, _blockiness, 1, clips),
        _order("brightness rises with exposure", shown, exposed, GAINS, _brightness, 1, clips),
        _known_noise(photos(HELD_OUT)),
    ]
    return [*rows, *_learned(shown, clips)]


def _order(
    what: str,
    shown: Mapping[str, Picture],
    spoil: Spoil,
    levels: Sequence[float],
    measure: Measure,
    sign: int,
    clips: str,
    *,
    tool: Measure | None = None,
) -> Judgement:
    ours = _lowest(shown, spoil, levels, measure, sign)
    alone = _lowest(shown, spoil, levels, tool, sign) if tool else None
    return Judgement(
        analyzer=NAME,
        measure=f"{what}: lowest Spearman of a photo",
        ours=f"{ours:.3f}",
        ours_value=ours,
        standalone=f"{alone:.3f}" if alone is not None else UNMEASURED,
        standalone_value=alone,
        tool="OpenCV, variance of the Laplacian" if tool else "no such tool",
        clips=clips,
    )


def _lowest(shown: Mapping[str, Picture], spoil: Spoil, levels: Sequence[float], measure: Measure, sign: int) -> float:
    return min(sign * spearman(levels, [measure(spoil(rgb, level)) for level in levels]) for rgb in shown.values())


def _known_noise(shown: Mapping[str, Picture]) -> Judgement:
    pictures = [np.full((360, 640, 3), 120, np.uint8), *shown.values()]
    worst = max(abs(_noise(noisy(rgb, sigma)) / sigma - 1) for rgb in pictures for sigma in KNOWN_SIGMAS)
    return Judgement(
        analyzer=NAME,
        measure="noise of known strength, largest error",
        ours=f"{worst:.1%}",
        ours_value=worst,
        standalone=UNMEASURED,
        tool="no such tool",
        clips=f"plain, {', '.join(shown)}, with noise of {KNOWN_SIGMAS} grey levels",
    )


def _learned(shown: Mapping[str, Picture], clips: str) -> list[Judgement]:
    from services.common.device import Device
    from services.common.errors import WeightsNotInstalled
    from services.common.weights import locate
    from services.vision.quality.brisque import Brisque

    try:
        brisque = Brisque(locate("brisque-live"), Device(core_count=1))
    except WeightsNotInstalled as error:
        return [unmeasured(NAME, "BRISQUE", str(error))]

    def score(rgb: Picture) -> float:
        found = brisque.score(rgb)
        return found if found is not None else float("nan")

    kinds: tuple[tuple[Spoil, Sequence[float]], ...] = (
        (blurred, BLURS_PX), (noisy, SIGMAS), (compressed, COARSENESS)
    )  # fmt: skip
    lowest = min(_lowest(shown, spoil, levels, score, 1) for spoil, levels in kinds)
    reference = json.loads(REFERENCE.read_text())["scores"]
    names = [name for name in shown if f"{name}.png" in reference]
    off = max(abs(score(shown[name]) - reference[f"{name}.png"]["as it is"]) for name in names)
    return [
        Judgement(
            analyzer=NAME,
            measure="BRISQUE rises with blur, noise and JPEG: lowest Spearman of a photo",
            ours=f"{lowest:.3f}",
            ours_value=lowest,
            standalone="the same model",
            tool="brisque 0.2.0",
            clips=clips,
        ),
        Judgement(
            analyzer=NAME,
            measure="BRISQUE, points off the package its weights come from",
            ours=f"{off:.3f}",
            ours_value=off,
            standalone="0 by definition",
            standalone_value=0.0,
            tool="brisque 0.2.0, run once (its scores are kept beside the tests)",
            clips=", ".join(names),
        ),
    ]


def spearman(one: Sequence[float], other: Sequence[float]) -> float:
    """Rank correlation, [-1, 1], of two rows without equal values."""
    ranks = np.array([np.argsort(np.argsort(values)) for values in (one, other)], np.float64)
    return float(np.asarray(np.corrcoef(ranks))[0, 1])


def _grey(rgb: Picture) -> Picture:
    import cv2

    return np.asarray(cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY), dtype=np.uint8)


def _sharpness(rgb: Picture) -> float:
    from services.vision.quality.measures import sharpness

    return sharpness(_grey(rgb))


def _noise(rgb: Picture) -> float:
    from services.vision.quality.noise import noise_sigma

    return noise_sigma(_grey(rgb))


def _blockiness(rgb: Picture) -> float:
    from services.vision.quality.blockiness import blockiness

    return blockiness(_grey(rgb)) or 0.0


def _brightness(rgb: Picture) -> float:
    from reelscribe.v1.media_pb2 import VideoStream
    from services.vision.quality.measures import measured

    return measured(rgb, VideoStream()).brightness


def _laplacian(rgb: Picture) -> float:
    import cv2

    return float(cv2.Laplacian(_grey(rgb), cv2.CV_64F).var())
