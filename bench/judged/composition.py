"""composition_analysis: discs laid over photos at known places, and the composite's subjects as seen by eye."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from bench.common.photos import Picture, blurred, photos
from bench.judged.case import UNMEASURED, Judgement, Material, unmeasured
from reelscribe.v1.picture_pb2 import SubjectBasis

NAME = "composition_analysis"

LABELS = Path(__file__).parents[2] / "tests" / "services" / "vision" / "truth" / "composition_labels.json"

PLACES = tuple((x, y) for x in (0.25, 1 / 3, 0.5, 2 / 3, 0.75) for y in (0.25, 1 / 3, 0.5, 2 / 3, 0.75))
"""Of discs, in units of the frame."""

DISC = (255, 0, 220)
RADIUS = 0.08
"""Of the frame's shorter side."""

NEAR = 0.02
"""Of the diagonal, within which an anchor counts as right: an eighth of the way from the centre to a crossing."""

BACKGROUND_BLUR_PX = 12.0
BACKGROUND_CONTRAST = 0.3
"""A subject stands out where its background is soft and even, as behind a lens that is open."""


async def judge(material: Material) -> list[Judgement]:
    """Anchors of what stands out, and which kind of subject is told of each shot of the composite."""
    shown = dict(list(photos().items())[: 2 if material.tiny else None])
    rows = [_placed(shown)] if shown else [unmeasured(NAME, "anchors of discs", "no photos are installed")]
    measure = "composite: subjects of the kind that the eye sees"
    if material.composite is None or material.tiny:
        return [*rows, unmeasured(NAME, measure, "no test data" if material.composite is None else "not at tiny size")]
    told = [
        finding.composition.basis for finding in await material.composite_findings(NAME) if finding.label != "symmetric"
    ]
    return [*rows, _as_seen(told, measure, material.composite)]


def _placed(shown: dict[str, Picture]) -> Judgement:
    from services.vision.composition.measures import composed

    errors = []
    for rgb in shown.values():
        for place in PLACES:
            subject = composed(_with_disc(rgb, place), (), ()).subject
            errors.append(math.inf if subject is None else _off(subject.anchor, place, rgb.shape))
    right = sum(error <= NEAR for error in errors)
    found = [error for error in errors if math.isfinite(error)]
    return Judgement(
        analyzer=NAME,
        measure=f"discs whose anchor is within {NEAR} of the diagonal",
        ours=f"{right} of {len(errors)}, largest error of those seen {max(found, default=math.nan):.4f}",
        ours_value=right / len(errors),
        standalone=UNMEASURED,
        tool="no such tool",
        clips=f"a disc at {len(PLACES)} places over {', '.join(shown)}, blurred and dimmed",
    )


def _as_seen(told: Sequence[SubjectBasis], measure: str, clip: Path) -> Judgement:
    wanted = json.loads(LABELS.read_text())["shots_of_composite"]["bases"]
    names = [SubjectBasis.Name(basis) for basis in told]
    right = sum(name in bases for name, bases in zip(names, wanted, strict=False)) if len(told) == len(wanted) else 0
    kinds = ", ".join(name.removeprefix("SUBJECT_BASIS_").lower() for name in names)
    return Judgement(
        analyzer=NAME,
        measure=measure,
        ours=f"{right} of {len(wanted)} shots ({kinds})",
        ours_value=right / len(wanted),
        standalone=UNMEASURED,
        tool="no such tool",
        clips=clip.name,
    )


def _with_disc(rgb: Picture, place: tuple[float, float]) -> Picture:
    import cv2

    soft = blurred(rgb, BACKGROUND_BLUR_PX).astype(np.float64)
    mean = soft.mean(axis=(0, 1))
    picture = np.ascontiguousarray(mean + BACKGROUND_CONTRAST * (soft - mean), dtype=np.float64).astype(np.uint8)
    height, width = picture.shape[:2]
    centre = (round(place[0] * width), round(place[1] * height))
    cv2.circle(picture, centre, round(RADIUS * min(height, width)), DISC, -1)
    return picture


def _off(anchor: tuple[float, float], place: tuple[float, float], shape: tuple[int, ...]) -> float:
    height, width = shape[:2]
    across, down = (anchor[0] - place[0]) * width, (anchor[1] - place[1]) * height
    return math.hypot(across, down) / math.hypot(width, height)
