"""background_segmentation against YOLO11n-seg and plain DeepLabV3: the share of persons in photos with a known mask."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import numpy.typing as npt

from bench.common.photos import MEMBERS, photos
from bench.judged.case import UNMEASURED, Judgement, Material, unmeasured

NAME = "background_segmentation"
MEASURE = "persons' share of the picture, largest error relative to a hand-drawn mask (10 % are asked for)"
CLASSES_MEASURE = "photos of which the classes of Pascal VOC are told and no other"
MASKS = Path(__file__).parents[2] / "tests" / "services" / "vision" / "truth" / "person_masks.json"

CONTENTS: Mapping[str, frozenset[str]] = {
    "bus": frozenset({"bus", "person"}),
    "zidane": frozenset({"person"}),
    "astronaut": frozenset({"person"}),
    "chelsea": frozenset({"cat"}),
    "motorcycle": frozenset({"motorbike"}),
}
"""What a person sees of the twenty classes, where it fills a hundredth of the photo."""

DEEPLAB_SIDE_PX = 257

Picture = npt.NDArray[np.uint8]


async def judge(material: Material) -> list[Judgement]:
    """Only persons have a mask; other classes are judged by their names."""
    from bench.common.direct import findings_in
    from services.vision.analyzers.background_segmentation import BackgroundSegmentation

    pictures = photos({name: MEMBERS[name] for name in CONTENTS})
    areas = {name: area for name, area in _areas().items() if name in pictures}
    if not areas:
        return [unmeasured(NAME, MEASURE, "the photos' packages are not installed")]
    try:
        shares = {name: _shares(findings_in(BackgroundSegmentation, [rgb])[0]) for name, rgb in pictures.items()}
    except RuntimeError as error:
        return [unmeasured(NAME, MEASURE, str(error))]
    ours = {name: shares[name].get("person", 0.0) for name in areas}
    alone = {tool: {name: run(pictures[name]) for name in areas} for tool, run in _tools(material).items()}
    best = min(alone, key=lambda tool: _error(alone[tool], areas), default=None)
    right = [name for name, seen in shares.items() if seen.keys() - {"unlabelled"} == CONTENTS[name]]
    return [
        Judgement(
            analyzer=NAME,
            measure=MEASURE,
            ours=_told(ours, areas),
            ours_value=_error(ours, areas),
            standalone=_told(alone[best], areas) if best else UNMEASURED,
            standalone_value=_error(alone[best], areas) if best else None,
            tool=best or "",
            clips=", ".join(areas),
        ),
        Judgement(
            analyzer=NAME,
            measure=CLASSES_MEASURE,
            ours=f"{len(right)} of {len(shares)}",
            ours_value=len(right) / len(shares),
            standalone=UNMEASURED,
            tool="",
            clips=", ".join(shares),
        ),
    ]


def _areas() -> dict[str, float]:
    import cv2

    drawn = {name: mask for name, mask in json.loads(MASKS.read_text()).items() if name != "how"}
    areas = {}
    for name, mask in drawn.items():
        filled = np.zeros((mask["height_px"], mask["width_px"]), np.uint8)
        for polygon in mask["polygons"]:
            cv2.fillPoly(filled, [np.array(polygon)], 1)
        areas[name] = float(filled.mean())
    return areas


def _shares(finding: object) -> dict[str, float]:
    return {region.name: region.share for region in finding.regions.regions}  # type: ignore[attr-defined]


def _tools(material: Material) -> dict[str, Callable[[Picture], float]]:
    tools: dict[str, Callable[[Picture], float]] = {"DeepLabV3 in ai-edge-litert, squeezed, best class": _deeplab()}
    weights = None if material.media is None else material.media.parent / "weights" / "yolo11n-seg.pt"
    if weights is not None and weights.is_file():
        tools["ultralytics YOLO11n-seg"] = _yolo(weights)
    return tools


def _yolo(weights: Path) -> Callable[[Picture], float]:
    import os

    os.environ |= {"YOLO_OFFLINE": "true", "YOLO_AUTOINSTALL": "false", "YOLO_VERBOSE": "false"}
    from ultralytics import YOLO

    model = YOLO(str(weights), task="segment")

    def share(rgb: Picture) -> float:
        result = model.predict(np.ascontiguousarray(rgb[..., ::-1]), retina_masks=True, verbose=False)[0]
        if result.masks is None or not (result.boxes.cls == 0).any():
            return 0.0
        return float(result.masks.data[result.boxes.cls == 0].amax(dim=0).gt(0.5).float().mean())

    return share


def _deeplab() -> Callable[[Picture], float]:
    import cv2
    from ai_edge_litert.interpreter import Interpreter

    from services.common.weights import locate
    from services.vision.regions.voc import NAMES

    interpreter = Interpreter(str(locate("deeplabv3-voc").path), num_threads=1)
    interpreter.allocate_tensors()
    taken, given = interpreter.get_input_details()[0]["index"], interpreter.get_output_details()[0]["index"]

    def share(rgb: Picture) -> float:
        square = cv2.resize(rgb, (DEEPLAB_SIDE_PX, DEEPLAB_SIDE_PX), interpolation=cv2.INTER_LINEAR)
        interpreter.set_tensor(taken, square[None].astype(np.float32) / 127.5 - 1)
        interpreter.invoke()
        labels = interpreter.get_tensor(given)[0].argmax(axis=-1)
        return float((labels == NAMES.index("person")).mean())

    return share


def _error(found: Mapping[str, float], areas: Mapping[str, float]) -> float:
    return max(abs(found[name] / area - 1) for name, area in areas.items())


def _told(found: Mapping[str, float], areas: Mapping[str, float]) -> str:
    each = ", ".join(f"{name} {found[name]:.3f} of {area:.3f}" for name, area in areas.items())
    return f"{_error(found, areas):.1%} ({each})"
