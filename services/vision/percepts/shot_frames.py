"""What a shot detector is given of a video: every frame squeezed, its change measured, some kept as samples."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
import numpy.typing as npt

from services.common.window import FrameBatch
from services.vision.percepts.shot_network import INPUT_HEIGHT_PX, INPUT_WIDTH_PX

SAMPLE_INTERVAL_S = 1 / 45
"""The network, trained on 24 to 30 Hz, is shown frames at least this far apart: of a 60 Hz clip every second."""


@dataclass(slots=True, kw_only=True)
class FrameRows:
    """The sampled frames that are not decided yet, and some before; arrays of one length."""

    small: npt.NDArray[np.uint8]
    index: npt.NDArray[np.int64]
    pts_s: npt.NDArray[np.float64]
    end_s: npt.NDArray[np.float64]
    difference: npt.NDArray[np.float32]
    """Largest change from one frame to the next since the sampled frame before."""
    peak_index: npt.NDArray[np.int64]
    """The frame after that change, which may lie between two sampled ones."""
    peak_s: npt.NDArray[np.float64]
    peak_end_s: npt.NDArray[np.float64]

    def then(self, more: FrameRows) -> FrameRows:
        return FrameRows(
            **{f.name: np.concatenate([getattr(self, f.name), getattr(more, f.name)]) for f in fields(self)}
        )

    def since(self, row: int) -> FrameRows:
        return FrameRows(**{f.name: getattr(self, f.name)[row:] for f in fields(self)})


class FrameSampler:
    """Squeezes every frame, measures its change, and keeps those the network is shown."""

    def __init__(self) -> None:
        self._last: npt.NDArray[np.uint8] | None = None
        self._sampled_s = -np.inf
        self._peak: tuple[float, int, float, float] = (-1.0, 0, 0.0, 0.0)

    def sample(self, batch: FrameBatch, end_s: float) -> FrameRows:
        """The rows of a window, whose last frame is displayed until `end_s`."""
        rows: list[tuple[object, ...]] = []
        pixels = batch.rgb
        ends_s = np.append(batch.pts_s[1:], end_s)
        for position, pts_s in enumerate(batch.pts_s):
            small = squeezed(pixels[position])
            change = 0.0 if self._last is None else difference(self._last, small)
            self._last = small
            index, frame_end_s = int(batch.index[position]), float(ends_s[position])
            self._peak = max(self._peak, (change, index, float(pts_s), frame_end_s), key=lambda peak: peak[0])
            if pts_s - self._sampled_s >= SAMPLE_INTERVAL_S:
                rows.append((small, index, pts_s, frame_end_s, *self._peak))
                self._sampled_s, self._peak = float(pts_s), (-1.0, 0, 0.0, 0.0)
        return _table(rows)


def no_rows() -> FrameRows:
    """A table of length 0."""
    return _table([])


def squeezed(frame: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    """(height, width, 3) of any size and shape -> (27, 48, 3), as the network was trained."""
    import cv2

    small: npt.NDArray[np.uint8] = cv2.resize(frame, (INPUT_WIDTH_PX, INPUT_HEIGHT_PX), interpolation=cv2.INTER_AREA)
    return small


def difference(one: npt.NDArray[np.uint8], other: npt.NDArray[np.uint8]) -> float:
    """Mean absolute difference per channel, [0, 255]."""
    return float(np.abs(one.astype(np.int16) - other).mean())


def _table(rows: list[tuple[object, ...]]) -> FrameRows:
    small, index, pts_s, end_s, changed, peak_index, peak_s, peak_end_s = zip(*rows, strict=True) if rows else ((),) * 8
    return FrameRows(
        small=np.array(small, np.uint8).reshape(-1, INPUT_HEIGHT_PX, INPUT_WIDTH_PX, 3),
        index=np.array(index, np.int64),
        pts_s=np.array(pts_s, np.float64),
        end_s=np.array(end_s, np.float64),
        difference=np.array(changed, np.float32),
        peak_index=np.array(peak_index, np.int64),
        peak_s=np.array(peak_s, np.float64),
        peak_end_s=np.array(peak_end_s, np.float64),
    )
