"""object_detection against ultralytics on the same pixels: classes, counts, boxes and scores of two photos."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

from bench.common.standalone import ObjectsByUltralytics, why_not
from bench.judged.case import Judgement, Material, unmeasured

NAME = "object_detection"
PHOTOS = ("bus.jpg", "zidane.jpg")
MEASURE = "objects of the photos, against the model alone on the same pixels"

Seen = tuple[str, tuple[float, ...], float]


async def judge(material: Material) -> list[Judgement]:
    """Agreement with the model alone: what that is worth on other videos has no truth here."""
    if why := why_not(ObjectsByUltralytics):
        return [unmeasured(NAME, MEASURE, why)]
    spec = find_spec("ultralytics")
    assert spec is not None
    assert spec.origin is not None
    files = [Path(spec.origin).parent / "assets" / name for name in PHOTOS[: 1 if material.tiny else None]]
    tool = ObjectsByUltralytics(1)
    pairs = [(_ours(file), tool.run(file)[0]) for file in files]
    agreed = sum(_counts(ours) == _counts(alone) for ours, alone in pairs)
    off_px, off_score = _off(pairs)
    return [
        Judgement(
            analyzer=NAME,
            measure=MEASURE,
            ours="; ".join(_told(file, ours) for file, (ours, _) in zip(files, pairs, strict=True)),
            ours_value=agreed / len(files),
            standalone="; ".join(_told(file, alone) for file, (_, alone) in zip(files, pairs, strict=True)),
            standalone_value=1.0,
            tool=tool.name.partition(",")[0],
            clips=f"{', '.join(file.name for file in files)}: boxes off by at most {off_px:.2f} px, "
            f"scores by {off_score:.4f}",
        ),
        unmeasured(NAME, "tracks against physical objects in real clips", "no clip here comes with that truth"),
    ]


def _ours(file: Path) -> list[Seen]:
    import numpy as np
    from PIL import Image

    from bench.common.direct import findings_in
    from services.vision.analyzers.object_detection import ObjectDetection

    rgb = np.asarray(Image.open(file).convert("RGB"))
    height_px, width_px = rgb.shape[:2]
    seen: list[Seen] = []
    for finding in findings_in(ObjectDetection, [rgb]):
        box = finding.track.boxes[0].box
        edges = (box.left * width_px, box.top * height_px, box.right * width_px, box.bottom * height_px)
        seen.append((finding.label.replace("_", " "), edges, finding.track.boxes[0].confidence))
    return seen


def _counts(seen: Sequence[Seen]) -> Counter[str]:
    return Counter(name for name, _, _ in seen)


def _told(file: Path, seen: Sequence[Seen]) -> str:
    return f"{file.name}: {', '.join(f'{count} {name}' for name, count in sorted(_counts(seen).items())) or 'nothing'}"


def _off(pairs: Sequence[tuple[list[Seen], list[Seen]]]) -> tuple[float, float]:
    """Largest difference of an edge in pixels and of a score, each object beside the nearest of its class."""
    off_px = off_score = 0.0
    for ours, alone in pairs:
        for name, edges, score in alone:
            mates = [each for each in ours if each[0] == name]
            if not mates:
                continue
            mate = min(mates, key=lambda each: _most(each[1], edges))
            off_px = max(off_px, _most(mate[1], edges))
            off_score = max(off_score, abs(mate[2] - score))
    return off_px, off_score


def _most(one: Sequence[float], other: Sequence[float]) -> float:
    return max(abs(a - b) for a, b in zip(one, other, strict=True))
