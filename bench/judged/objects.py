"""object_detection against ultralytics on the same pixels, and its tracks against walkers who were counted by hand."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import numpy.typing as npt

from bench.common.following import Switches, Walker, ultralytics_tracks
from bench.common.standalone import ObjectsByUltralytics, frames_at, why_not
from bench.judged.case import UNMEASURED, Judgement, Material, unmeasured

NAME = "object_detection"
PHOTOS = ("bus.jpg", "zidane.jpg")
MEASURE = "objects of the photos, against the model alone on the same pixels"
FRAMES_MEASURE = "frames of clips with the same classes and counts as the model alone on the same pixels"
SWITCHES_MEASURE = "track switches on people who come one after another: further tracks of one, tracks of two"

FRAMES_OF: tuple[str, ...] = (
    "derived/vertical_de_composite.mp4",
    "intel_car-detection.mp4",
    "intel_asl_book.mkv",
    "webrtc_mixed-content.webm",
    "moviepy_chaplin.mp4",
)
FRAMES_RATE_HZ = 0.5
MOST_FRAMES = 12
"""Of one clip."""

LEAST_SCORE = 0.25
"""From which on ultralytics tells of a thing, and so do we."""

WALKERS = Path(__file__).parents[2] / "tests" / "services" / "vision" / "truth" / "walkers.json"

Seen = tuple[str, tuple[float, ...], float]
Picture = npt.NDArray[np.uint8]


async def judge(material: Material) -> list[Judgement]:
    """Agreement with the model alone, which has no truth here; and tracks, which have."""
    if why := why_not(ObjectsByUltralytics):
        return [unmeasured(NAME, MEASURE, why)]
    tool = ObjectsByUltralytics(1)
    judgements = [_photos(material, tool)]
    if material.media is None or material.tiny:
        return judgements
    return [*judgements, _frames(material.media / "video", tool), await _walkers(material)]


def _photos(material: Material, tool: ObjectsByUltralytics) -> Judgement:
    spec = find_spec("ultralytics")
    assert spec is not None
    assert spec.origin is not None
    files = [Path(spec.origin).parent / "assets" / name for name in PHOTOS[: 1 if material.tiny else None]]
    pairs = [(_ours(file), tool.run(file)[0]) for file in files]
    agreed = sum(_counts(ours) == _counts(alone) for ours, alone in pairs)
    return Judgement(
        analyzer=NAME,
        measure=MEASURE,
        ours="; ".join(_told(file, ours) for file, (ours, _) in zip(files, pairs, strict=True)),
        ours_value=agreed / len(files),
        standalone="; ".join(_told(file, alone) for file, (_, alone) in zip(files, pairs, strict=True)),
        standalone_value=1.0,
        tool=tool.name.partition(",")[0],
        clips=f"{', '.join(file.name for file in files)}: {_off(pairs)}",
    )


def _frames(video: Path, tool: ObjectsByUltralytics) -> Judgement:
    """The detector as the analyzer runs it, in batches, against one picture at a time given to the library."""
    from services.common.device import Device
    from services.common.weights import locate
    from services.vision.percepts.object_detector import LONG_SIDE_PX, ObjectDetector

    detector = ObjectDetector(locate(tool.weights), Device(core_count=1))
    pairs: list[tuple[list[Seen], list[Seen]]] = []
    for name in FRAMES_OF:
        frames = [_scaled(bgr, LONG_SIDE_PX) for _, bgr in frames_at(video / name, FRAMES_RATE_HZ)][:MOST_FRAMES]
        height_px, width_px = frames[0].shape[:2]
        size = np.array([width_px, height_px, width_px, height_px])
        found = detector.detect(np.stack([frame[:, :, ::-1] for frame in frames]), LEAST_SCORE)
        for frame, ours in zip(frames, found, strict=True):
            named = [detector.names[int(kind)].replace("_", " ") for kind in ours.classes]
            boxes = [tuple(map(float, box * size)) for box in ours.boxes]
            pairs.append((list(zip(named, boxes, map(float, ours.scores), strict=True)), tool.look(frame)))
    agreed = sum(_counts(ours) == _counts(alone) for ours, alone in pairs)
    count = sum(len(alone) for _, alone in pairs)
    return Judgement(
        analyzer=NAME,
        measure=FRAMES_MEASURE,
        ours=f"{agreed} of {len(pairs)}, {count} objects; {_off(pairs)}",
        ours_value=agreed / len(pairs),
        standalone=f"{len(pairs)} of {len(pairs)}",
        standalone_value=1.0,
        tool=tool.name.partition(",")[0],
        clips=", ".join(FRAMES_OF),
    )


async def _walkers(material: Material) -> Judgement:
    """On the whole road; the library's own tracker beside it, if what it needs is installed."""
    assert material.media is not None
    told = json.loads(WALKERS.read_text())
    path = material.media / "video" / told["file"]
    walkers = [Walker(start_s=each["start_s"], end_s=each["end_s"]) for each in told["walkers"]]
    findings = [each for each in await material.findings(path, NAME) if each.label == "person"]
    ours = Switches.counted(
        walkers,
        [
            (finding.track.track_id, seen.offset.ToTimedelta().total_seconds())
            for finding in findings
            for seen in finding.track.boxes
        ],
    )
    alone = None
    if not (why := "" if find_spec("lap") else "its tracker needs lap, which is not installed"):
        alone = Switches.counted(walkers, ultralytics_tracks(path))
    return Judgement(
        analyzer=NAME,
        measure=SWITCHES_MEASURE,
        ours=str(ours),
        ours_value=float(ours.count),
        standalone=str(alone) if alone else f"{UNMEASURED}: {why}",
        standalone_value=float(alone.count) if alone else None,
        tool="ultralytics YOLO11n, model.track as it comes, 5 frames/s" if alone else "",
        clips=f"{told['file']}, {len(walkers)} walkers",
    )


def _ours(file: Path) -> list[Seen]:
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


def _off(pairs: Iterable[tuple[Sequence[Seen], Sequence[Seen]]]) -> str:
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
    return f"boxes off by at most {off_px:.3f} px, scores by {off_score:.4f}"


def _most(one: Sequence[float], other: Sequence[float]) -> float:
    return max(abs(a - b) for a, b in zip(one, other, strict=True))


def _scaled(bgr: Picture, long_side_px: int) -> Picture:
    """With that many pixels on the longer side, as the analyzer is given it."""
    import cv2

    height, width = bgr.shape[:2]
    scale = long_side_px / max(height, width)
    if scale >= 1:
        return bgr
    return np.asarray(cv2.resize(bgr, (round(width * scale), round(height * scale)), interpolation=cv2.INTER_AREA))
