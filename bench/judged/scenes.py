"""scene_segmentation against what a person sees: at which moments a clip shows the same place."""

from __future__ import annotations

import json
from collections.abc import Sequence
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING

from bench.common.mixed import PIECE_FRAMES, RATE_HZ, hard_cuts, stretch
from bench.judged.case import UNMEASURED, Judgement, Material, unmeasured
from services.common.time import span_s

if TYPE_CHECKING:
    from reelscribe.v1.finding_pb2 import Finding

NAME = "scene_segmentation"
MEASURE = "pairs of moments told rightly as one place or two"
COMPOSITE = "derived/vertical_de_composite.mp4"
LABELS = Path(__file__).parents[2] / "tests" / "services" / "vision" / "truth" / "scenes.json"

PIECES: tuple[tuple[str, float], ...] = (
    ("mdn_friday.mp4", 1.0),
    ("mdn_flower.mp4", 1.0),
    ("mdn_friday.mp4", 4.0),
    ("moviepy_chaplin.mp4", 1.0),
    ("intel_one-by-one-person-detection.mp4", 16.0),
    ("mdn_flower.mp4", 3.0),
    ("moviepy_chaplin.mp4", 6.0),
    ("intel_one-by-one-person-detection.mp4", 18.0),
)
"""File and where the stretch begins, in seconds: four places, each of them cut back to; two are black and white."""

Moments = Sequence[tuple[float, str]]
"""Seconds, and a word for the place; the same word is the same place."""


async def judge(material: Material) -> list[Judgement]:
    """All pairs of all clips together: half of them at most show one place, so chance is no help."""
    if material.media is None:
        return [unmeasured(NAME, MEASURE, "no test data")]
    videos = material.media / "video"
    made = material.folder / "made: four places cut back to.mp4"
    pieces = PIECES[: 3 if material.tiny else None]
    hard_cuts([stretch(videos / name, start_s, PIECE_FRAMES) for name, start_s in pieces], made)
    told = {made: await material.findings(made, NAME)}
    moments: dict[Path, Moments] = {made: [(_middle_s(place), name) for place, (name, _) in enumerate(pieces)]}
    for clip, labels in () if material.tiny else json.loads(LABELS.read_text())["clips"].items():
        moments[videos / clip] = labels
        is_composite = clip == COMPOSITE
        told[videos / clip] = await (
            material.composite_findings(NAME) if is_composite else material.findings(videos / clip, NAME)
        )
    right, count = _pairs(moments, told)
    return [
        Judgement(
            analyzer=NAME,
            measure=MEASURE,
            ours=f"{right} of {count}",
            ours_value=right / count,
            standalone=UNMEASURED,
            tool="no such tool",
            clips=", ".join(path.name for path in moments),
        )
    ]


def _middle_s(piece: int) -> float:
    return (piece + 0.5) * PIECE_FRAMES / RATE_HZ


def _pairs(moments: dict[Path, Moments], told: dict[Path, list[Finding]]) -> tuple[int, int]:
    right = count = 0
    for path, labels in moments.items():
        for (one_s, one), (other_s, other) in combinations(labels, 2):
            together = _scene_at(told[path], one_s) == _scene_at(told[path], other_s)
            right += together == (one == other)
            count += 1
    return right, count


def _scene_at(findings: Sequence[Finding], at_s: float) -> int:
    """Its number; a moment without a scene is wrong in every pair, as no other has its number."""
    for finding in findings:
        start_s, end_s = span_s(finding.span)
        if start_s <= at_s < end_s:
            return finding.scene.index
    return -1 - round(1000 * at_s)
