"""Known faces and the tools that judge them one frame at a time: a detector's box cut out, and one network."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from bench.common.standalone import frames_at
from services.common.weights import locate

TRUTH = Path(__file__).resolve().parents[2] / "tests" / "services" / "vision" / "truth"
"""What is known, committed beside the tests; each file says how."""

RATE_HZ = 2.0
"""Frames of a clip that a tool looks at."""

SCORE = 0.6
"""Of YuNet, from which a face counts."""

Picture = npt.NDArray[np.uint8]


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownFace:
    """A face of which something is known, and where it is seen."""

    entry: dict[str, Any]
    """As in the truth file."""
    path: Path
    """The photo or clip."""

    @property
    def name(self) -> str:
        """Of the file."""
        return self.path.name

    @property
    def is_clip(self) -> bool:
        """Whether it moves."""
        return "span_s" in self.entry

    def photo(self) -> Picture:
        """(height, width, 3) RGB, the part that shows this face only."""
        from PIL import Image

        left, top, right, bottom = self.entry["crop_px"]
        return np.ascontiguousarray(np.asarray(Image.open(self.path).convert("RGB"))[top:bottom, left:right])

    def pictures(self) -> Iterator[Picture]:
        """(height, width, 3) BGR: the photo, or the clip's frames within the span at RATE_HZ."""
        if not self.is_clip:
            yield np.ascontiguousarray(self.photo()[..., ::-1])
            return
        start_s, end_s = self.entry["span_s"]
        for at_s, bgr in frames_at(self.path, RATE_HZ):
            if start_s <= at_s < end_s:
                yield bgr


def known_faces(truth: str, media: Path | None) -> list[KnownFace]:
    """The faces of a truth file whose pictures are on this machine."""
    found = []
    for entry in json.loads((TRUTH / truth).read_text())["faces"]:
        kind, _, name = entry["file"].partition(":")
        path = _place(kind, name, media)
        if path is not None and path.is_file():
            found.append(KnownFace(entry=entry, path=path))
    return found


def _place(kind: str, name: str, media: Path | None) -> Path | None:
    from importlib.util import find_spec

    if kind == "media":
        return media / name if media else None
    spec = find_spec(kind)
    folder = {"skimage": "data", "ultralytics": "assets"}[kind]
    return Path(spec.origin).parent / folder / name if spec and spec.origin else None


class FaceBoxes:
    """YuNet by OpenCV, every frame for itself."""

    def __init__(self) -> None:
        import cv2

        self._detector: Any = cv2.FaceDetectorYN.create(str(locate("yunet").path), "", (320, 320), SCORE)

    def largest(self, bgr: Picture, region: Sequence[float] | None) -> tuple[float, float, float, float] | None:
        """left, top, width, height in pixels of the largest face whose middle is in the region (shares)."""
        height, width = bgr.shape[:2]
        self._detector.setInputSize((width, height))
        _, rows = self._detector.detect(bgr)
        left, top, right, bottom = region or (0.0, 0.0, 1.0, 1.0)
        fits = [
            row[:4].tolist()
            for row in ([] if rows is None else rows)
            if left <= (row[0] + row[2] / 2) / width <= right and top <= (row[1] + row[3] / 2) / height <= bottom
        ]
        return max(fits, key=lambda box: box[2] * box[3], default=None)


def cut_out(
    picture: Picture, box: Sequence[float], size_px: int, *, margin: float = 0.0, square: bool = False
) -> Picture:
    """(size, size, channels): the box with a margin on each side in shares of it, as far as the picture goes."""
    import cv2

    left, top, width, height = box
    if square:
        side = max(width, height)
        left, top, width, height = left - (side - width) / 2, top - (side - height) / 2, side, side
    first_x, first_y = max(0, int(left - margin * width)), max(0, int(top - margin * height))
    piece = picture[first_y : int(top + (1 + margin) * height), first_x : int(left + (1 + margin) * width)]
    return np.asarray(cv2.resize(piece, (size_px, size_px)), np.uint8)


def network(path: Path) -> Any:
    """An ONNX file as a function of one tensor."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    name = session.get_inputs()[0].name
    return lambda tensor: session.run(None, {name: tensor})[0]
