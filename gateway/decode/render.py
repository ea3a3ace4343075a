"""Scales, colours and turns one decoded picture into one rendition's pixels."""

from __future__ import annotations

from fractions import Fraction
from typing import Any, Final

import av
import numpy as np
import numpy.typing as npt
from av.video.reformatter import ColorRange, Interpolation, VideoReformatter

from gateway.decode.color import FULL_RANGE, is_hdr, matrix_of, range_of, to_sdr
from gateway.decode.picture import Orientation, centered, displayed_size, fitted_size
from reelscribe.v1.media_pb2 import FrameFormat

SHRINKING: Final = Interpolation.AREA
"""Means over the pixels that become one: no aliasing, and faster than bilinear (0.6 ms for 720x1280 -> 144x256)."""

STRETCHING: Final = Interpolation.BICUBIC
"""For what must grow, as a picture with wide pixels does."""


class Renderer:
    """Decoded frames of any size, format and colour -> upright uint8 RGB of one rendition's size. Alpha is ignored."""

    def __init__(self, frames: FrameFormat, *, orientation: Orientation, pixel_aspect: Fraction | None) -> None:
        self._width_px = frames.width_px
        self._height_px = frames.height_px
        self._orientation = orientation
        self._pixel_aspect = pixel_aspect
        self.refused_count = 0
        """Pictures the scaler could make nothing of."""
        # One scaler per rendition: it is set up again whenever source or target change.
        self._scaler = VideoReformatter()

    def render(self, frame: Any) -> npt.NDArray[np.uint8] | None:
        """(height_px, width_px, 3), perhaps a view into memory that it keeps alive; None if the scaler refuses it."""
        try:
            return self._rendered(frame)
        except (av.FFmpegError, ValueError):
            self.refused_count += 1
            return None

    def _rendered(self, frame: Any) -> npt.NDArray[np.uint8]:
        displayed = displayed_size(frame.width, frame.height, self._pixel_aspect, self._orientation)
        width_px, height_px = fitted_size(displayed, (self._width_px, self._height_px))
        if self._orientation.swapped:
            scaled = self._scaled(frame, height_px, width_px)
        else:
            scaled = self._scaled(frame, width_px, height_px)
        return centered(self._orientation.upright(scaled), self._width_px, self._height_px)

    def _scaled(self, frame: Any, width_px: int, height_px: int) -> npt.NDArray[np.uint8]:
        hdr = is_hdr(frame.color_trc)
        matrix = matrix_of(frame.colorspace, frame.width, frame.height)
        converted = self._scaler.reformat(
            frame,
            width_px,
            height_px,
            "rgb48le" if hdr else "rgb24",
            src_colorspace=matrix,
            dst_colorspace=matrix,
            interpolation=STRETCHING if width_px > frame.width or height_px > frame.height else SHRINKING,
            src_color_range=ColorRange(range_of(frame.color_range, rgb=frame.format.is_rgb)),
            dst_color_range=ColorRange(FULL_RANGE),
            threads=1,
        )
        if hdr:
            return to_sdr(
                _pixels(converted, np.dtype("<u2")), transfer=frame.color_trc, primaries=frame.color_primaries
            )
        return _pixels(converted, np.dtype(np.uint8))


def _pixels(frame: Any, dtype: np.dtype[Any]) -> npt.NDArray[Any]:
    """A packed RGB frame as (height, width, 3), without the padding at the end of its lines."""
    plane = frame.planes[0]
    lines = np.frombuffer(plane, dtype=dtype).reshape(-1, plane.line_size // dtype.itemsize)
    return lines[: frame.height, : frame.width * 3].reshape(frame.height, frame.width, 3)
