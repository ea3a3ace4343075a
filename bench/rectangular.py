"""The detector on a square of 640x640, against the rectangle that a 9:16 picture needs, on the same frames.

Both are given to the same network through the same code, in the same batches; the square ones have grey bars beside
the picture, as a plain letterbox adds them. Scaling frames to 640 pixels and adding the bars is not timed.

    python -m bench rectangular [--repeat 5]
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from statistics import median

import numpy as np
import numpy.typing as npt

from bench.common import clips
from bench.common.machine import use_cores
from bench.common.pairs import Spent, interleaved, ratio, spent
from bench.common.sheet import Sheet, options
from bench.common.standalone import frames_at
from services.common.device import Device, limit_threads

RATE_HZ = 2.0
"""Frames of the clip that are looked at, each second."""

SIDE_PX = 640
BAR_LEVEL = 114
"""The grey that ultralytics pads with."""

LEAST_SCORE = 0.25
GOAL = 1.4

Picture = npt.NDArray[np.uint8]


def main() -> int:
    """Measure, print, write."""
    arguments = options(__doc__.splitlines()[0], repeat=5).parse_args()
    use_cores(arguments.cores)
    limit_threads(1)
    sheet = Sheet(
        benchmark="rectangular", title="a square or a rectangular picture for the detector", tiny=arguments.tiny
    )
    with tempfile.TemporaryDirectory() as folder:
        path = clips.clip(Path(folder), chosen=arguments.clip, tiny=arguments.tiny, tiny_s=1.0)
        frames = [_scaled(bgr) for _, bgr in frames_at(path, RATE_HZ)]
    _measure(sheet, path.name, frames, 1 if arguments.tiny else arguments.repeat)
    sheet.write(arguments.out)
    return 0


def _measure(sheet: Sheet, name: str, frames: Sequence[Picture], repeat_count: int) -> None:
    from services.common.weights import locate
    from services.vision.percepts.object_detector import BATCH_FRAMES, ObjectDetector

    weights = locate("yolo11n")
    detector = ObjectDetector(weights, Device(core_count=1))
    rectangles, squares = np.stack(frames), np.stack([_squared(frame) for frame in frames])
    arms = {"square": squares, "rectangular": rectangles}
    counts = {arm: sum(map(len, detector.detect(pictures, LEAST_SCORE))) for arm, pictures in arms.items()}

    def timed(pictures: Picture) -> Spent:
        with spent() as measured:
            detector.detect(pictures, LEAST_SCORE)
        return measured

    runs = interleaved({arm: partial(timed, pictures) for arm, pictures in arms.items()}, repeat_count)
    height_px, width_px = rectangles.shape[1:3]
    sheet.conditions |= {
        "clip": f"{name}: {len(frames)} frames of {width_px}x{height_px}, batches of {BATCH_FRAMES}",
        "network": f"{detector.model.library} {weights.name}, 1 thread; letterbox and suppression included",
        "input": f"square {SIDE_PX}x{SIDE_PX}, rectangular {_padded(width_px)}x{_padded(height_px)}",
        "pairs": repeat_count,
        "warm": "one pass of each before the first that is measured",
    }
    sheet.table(
        "Per frame, medians",
        [
            {
                "input": arm,
                "wall_ms": median(each.wall_s for each in done) * 1000 / len(frames),
                "cpu_ms": median(each.cpu_s for each in done) * 1000 / len(frames),
                "objects": counts[arm],
            }
            for arm, done in runs.items()
        ],
    )
    for figure in ("wall_s", "cpu_s"):
        square, rectangular = ([getattr(each, figure) for each in runs[arm]] for arm in arms)
        sheet.note(f"square / rectangular, {figure}: {ratio(square, rectangular)}")
    walls = [[each.wall_s for each in runs[arm]] for arm in arms]
    sheet.goal("detector time, 640x640 / rectangular", ratio(*walls).median, ">=", GOAL)


def _scaled(bgr: Picture) -> Picture:
    """RGB with SIDE_PX on the longer side, as the analyzer is given it."""
    import cv2

    height, width = bgr.shape[:2]
    scale = SIDE_PX / max(height, width)
    size = (round(width * scale), round(height * scale))
    return np.ascontiguousarray(cv2.resize(bgr, size, interpolation=cv2.INTER_AREA)[:, :, ::-1])


def _squared(frame: Picture) -> Picture:
    """The picture in the middle of a grey square."""
    height, width = frame.shape[:2]
    square = np.full((SIDE_PX, SIDE_PX, 3), BAR_LEVEL, np.uint8)
    top, left = (SIDE_PX - height) // 2, (SIDE_PX - width) // 2
    square[top : top + height, left : left + width] = frame
    return square


def _padded(side_px: int) -> int:
    """The next multiple of the network's stride.

    >>> _padded(360)
    384
    """
    return -(-side_px // 32) * 32


if __name__ == "__main__":
    raise SystemExit(main())
