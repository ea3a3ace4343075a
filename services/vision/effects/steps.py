"""Every frame reduced to a thumbnail, and how it differs from the frame before: what sudden effects are found in."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from services.common.window import FrameBatch

THUMBNAIL_LONG_SIDE_PX = 64
"""Blocks of about 4x4 pixels of the 256 px picture: small enough to keep a minute of frames, fine enough for lips."""

MOVED_DIFFERENCE = 2.0
"""A block moved if it changed by at least so much, of 255; noise of a live camera averages to less within a block."""

FIRST_CAPACITY = 256

COLUMN_COUNT = 10


class Steps:
    """A growing table of frames. Row r tells frame r and its change from frame r - 1; row 0 has none (zeros)."""

    def __init__(self) -> None:
        self._count = 0
        self._thumbnails: npt.NDArray[np.uint8] = np.empty((0, 0, 0, 3), np.uint8)
        self._numbers: npt.NDArray[np.float64] = np.empty((0, COLUMN_COUNT))
        self._indices: npt.NDArray[np.int64] = np.empty(0, np.int64)

    def __len__(self) -> int:
        return self._count

    @property
    def thumbnail(self) -> npt.NDArray[np.uint8]:
        """(n, height, width, 3) RGB, at most THUMBNAIL_LONG_SIDE_PX long."""
        return self._thumbnails[: self._count]

    @property
    def index(self) -> npt.NDArray[np.int64]:
        """(n,) in the video's display order."""
        return self._indices[: self._count]

    @property
    def pts_s(self) -> npt.NDArray[np.float64]:
        """(n,)"""
        return self._numbers[: self._count, 0]

    @property
    def end_s(self) -> npt.NDArray[np.float64]:
        """(n,) until when each frame is displayed."""
        return self._numbers[: self._count, 1]

    @property
    def brightness(self) -> npt.NDArray[np.float64]:
        """(n,) mean over pixels and channels, [0, 255]."""
        return self._numbers[: self._count, 2]

    @property
    def difference(self) -> npt.NDArray[np.float64]:
        """(n,) mean absolute change, [0, 255]."""
        return self._numbers[: self._count, 3]

    @property
    def largest(self) -> npt.NDArray[np.float64]:
        """(n,) change of the block that changed most, mean of its channels, [0, 255]."""
        return self._numbers[: self._count, 4]

    @property
    def moved_share(self) -> npt.NDArray[np.float64]:
        """(n,) share of blocks that moved, [0, 1]."""
        return self._numbers[: self._count, 5]

    @property
    def tone(self) -> npt.NDArray[np.float64]:
        """(n, 4) mean red, green and blue, and mean difference of the strongest and the weakest of them, [0, 255]."""
        return self._numbers[: self._count, 6:10]

    def add(self, batch: FrameBatch, end_s: float) -> None:
        """The frames of a window, whose last one is displayed until `end_s`."""
        ends_s = np.append(batch.pts_s[1:], end_s)
        for frame, index, pts_s, frame_end_s in zip(batch.rgb, batch.index, batch.pts_s, ends_s, strict=True):
            self._append(frame, int(index), float(pts_s), float(frame_end_s))

    def _append(self, frame: npt.NDArray[np.uint8], index: int, pts_s: float, end_s: float) -> None:
        row = self._count
        if row == len(self._indices):
            self._grow(frame)
        thumbnail = _resized(frame, *self._thumbnails.shape[1:3])
        self._thumbnails[row], self._indices[row] = thumbnail, index
        change = block_change(self._thumbnails[row - 1], thumbnail) if row else np.zeros(thumbnail.shape[:2])
        tone = (*thumbnail.mean(axis=(0, 1)), _vividness(thumbnail))
        moved_share = (change >= MOVED_DIFFERENCE).mean()
        self._numbers[row] = (pts_s, end_s, np.mean(tone[:3]), change.mean(), change.max(), moved_share, *tone)
        self._count = row + 1

    def _grow(self, frame: npt.NDArray[np.uint8]) -> None:
        if not self._count:
            self._thumbnails = np.empty((0, *_thumbnail_size(*frame.shape[:2]), 3), np.uint8)
        more = max(self._count, FIRST_CAPACITY)
        room = np.empty((more, *self._thumbnails.shape[1:]), np.uint8)
        self._thumbnails = np.concatenate([self._thumbnails, room])
        self._numbers = np.concatenate([self._numbers, np.empty((more, COLUMN_COUNT))])
        self._indices = np.concatenate([self._indices, np.empty(more, np.int64)])


def block_change(one: npt.NDArray[np.uint8], other: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
    """Absolute change of each block, mean of the channels: (height, width, 3) twice -> (height, width)."""
    import cv2

    change: npt.NDArray[np.float32] = cv2.transform(cv2.absdiff(one, other).astype(np.float32), np.full((1, 3), 1 / 3))
    return change


def _vividness(thumbnail: npt.NDArray[np.uint8]) -> float:
    import cv2

    red, green, blue = cv2.split(thumbnail)
    strongest, weakest = cv2.max(cv2.max(red, green), blue), cv2.min(cv2.min(red, green), blue)
    return float(cv2.mean(cv2.subtract(strongest, weakest))[0])


def luma(thumbnail: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
    """(..., 3) RGB -> (...) grey, [0, 255]."""
    weights = np.array([0.299, 0.587, 0.114], np.float32)
    grey: npt.NDArray[np.float32] = thumbnail.astype(np.float32) @ weights
    return grey


def _thumbnail_size(height: int, width: int) -> tuple[int, int]:
    scale = min(1.0, THUMBNAIL_LONG_SIDE_PX / max(height, width))
    return max(1, round(height * scale)), max(1, round(width * scale))


def _resized(frame: npt.NDArray[np.uint8], height: int, width: int) -> npt.NDArray[np.uint8]:
    import cv2

    resized: npt.NDArray[np.uint8] = cv2.resize(frame, (width, height), interpolation=cv2.INTER_AREA)
    return resized
