"""age_estimation against SSR-Net on a detector's boxes: years off the age of people whose age is known."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from bench.common.faces_alone import FaceBoxes, KnownFace, Picture, cut_out, known_faces, network
from bench.judged.case import UNMEASURED, Judgement, Material, unmeasured

NAME = "age_estimation"
MEASURE = "years off, people of known age (8 are asked for)"

NEAR_YEARS = 8.0

SSR_NETS = ("ssrnet_age_imdb.onnx", "ssrnet_age_wiki.onnx")
"""Both of its publisher's files; the better one is told."""

SSR_MARGIN = 0.4
"""On each side of the box, as in its publisher's demonstration."""


async def judge(material: Material) -> list[Judgement]:
    """Median over what was seen of each; 0 within the whole years that the date of the picture leaves open."""
    faces = known_faces("ages.json", material.media)[: 1 if material.tiny else None]
    if not faces:
        return [unmeasured(NAME, MEASURE, "no pictures of people of known age here")]
    ours = [await _ours(material, face) for face in faces]
    alone = {name: _alone(material, name, faces) for name in SSR_NETS}
    best = min(alone, key=lambda name: _mean_off(faces, alone[name]))
    told = [each for each in alone[best] if each is not None]
    return [
        Judgement(
            analyzer=NAME,
            measure=MEASURE,
            ours=_told(faces, ours),
            ours_value=_mean_off(faces, ours) if any(each is not None for each in ours) else None,
            standalone=_told(faces, alone[best]) if told else UNMEASURED,
            standalone_value=_mean_off(faces, alone[best]) if told else None,
            tool=f"SSR-Net ({best.partition('.')[0]}) on YuNet's boxes" if told else "",
            clips=", ".join(face.name for face in faces),
        )
    ]


async def _ours(material: Material, face: KnownFace) -> float | None:
    from services.vision.analyzers.age_estimation import AgeEstimation

    if not face.is_clip:
        from bench.common.direct import findings_in

        findings = findings_in(AgeEstimation, [face.photo()])
    else:
        findings = await material.findings(face.path, NAME)
        until_s = face.entry["span_s"][1]
        findings = [each for each in findings if each.span.start_offset.ToTimedelta().total_seconds() < until_s]
    best = max(findings, key=lambda finding: finding.age.sample_count, default=None)
    return None if best is None else best.age.median_years


def _alone(material: Material, name: str, faces: Sequence[KnownFace]) -> list[float | None]:
    file = material.media.parent / "weights" / "derived" / name if material.media else None
    if file is None or not file.is_file():
        return [None] * len(faces)
    boxes, years = FaceBoxes(), network(file)
    medians: list[float | None] = []
    for face in faces:
        told = [
            float(years(_ssr_input(cut_out(bgr, box, 64, margin=SSR_MARGIN))).item())
            for bgr in face.pictures()
            if (box := boxes.largest(bgr, face.entry.get("region")))
        ]
        medians.append(float(np.median(told)) if told else None)
    return medians


def _ssr_input(bgr: Picture) -> np.ndarray:
    """Stretched to [0, 255], as in its publisher's demonstration."""
    values = bgr.astype(np.float32)
    return np.asarray((values - values.min()) * (255.0 / max(1.0, float(np.ptp(values)))))[None]


def _off(face: KnownFace, years: float) -> float:
    youngest, oldest = face.entry["years"]
    return float(max(youngest - years, years - oldest, 0.0))


def _mean_off(faces: Sequence[KnownFace], years: Sequence[float | None]) -> float:
    """Of those that were estimated; infinite if none was."""
    off = [_off(face, each) for face, each in zip(faces, years, strict=True) if each is not None]
    return float(np.mean(off)) if off else float("inf")


def _told(faces: Sequence[KnownFace], years: Sequence[float | None]) -> str:
    near = sum(each is not None and _off(face, each) <= NEAR_YEARS for face, each in zip(faces, years, strict=True))
    each_told = (
        f"{'none' if told is None else f'{told:.0f}'} for {face.entry['years'][0]}"
        for face, told in zip(faces, years, strict=True)
    )
    return f"{near} of {len(faces)} near ({', '.join(each_told)})"
