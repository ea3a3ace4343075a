"""What is measured of one frame's quality, and what a span says of its frames: the medians."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

import numpy as np
import numpy.typing as npt

from reelscribe.v1.media_pb2 import VideoStream
from reelscribe.v1.picture_pb2 import PictureQuality
from services.vision.quality.blockiness import BLOCK_PX, blockiness
from services.vision.quality.noise import CLIPPED_HIGH, CLIPPED_LOW, noise_sigma

SHARPNESS_SIDE_PX = 640
"""Long side at which detail is compared, so that clips of all sizes are; a smaller frame is enlarged, and has less."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FrameQuality:
    """As in PictureQuality, of one frame."""

    sharpness: float
    noise: float
    brightness: float
    contrast: float
    dark_clipped_share: float
    bright_clipped_share: float
    blockiness: float | None
    brisque: float | None


def measured(rgb: npt.NDArray[np.uint8], stream: VideoStream, brisque: float | None = None) -> FrameQuality:
    """Of a (height, width, 3) frame of that stream. Noise is that of the frame as it is given, in its own pixels."""
    import cv2

    grey = np.asarray(cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY), dtype=np.uint8)
    counts = cv2.calcHist([grey], [0], None, [256], [0, 256]).ravel()
    levels, shares = np.arange(256), counts.astype(np.float64) / grey.size
    brightness = float(levels @ shares)
    return FrameQuality(
        sharpness=sharpness(grey),
        noise=noise_sigma(grey),
        brightness=brightness,
        contrast=float(np.sqrt((levels - brightness) ** 2 @ shares)),
        dark_clipped_share=float(shares[: CLIPPED_LOW + 1].sum()),
        bright_clipped_share=float(shares[CLIPPED_HIGH:].sum()),
        blockiness=_native_blockiness(grey, stream),
        brisque=brisque,
    )


def sharpness(grey: npt.NDArray[np.uint8]) -> float:
    """Variance of the Laplacian over the variance of the values, [0, 64], at SHARPNESS_SIDE_PX; 0 if it is plain."""
    import cv2

    height, width = grey.shape
    scale = SHARPNESS_SIDE_PX / max(height, width)
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    # Not in bytes: rounding would put grain on what is wholly blurred.
    sized = cv2.resize(grey.astype(np.float32), size, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC)
    _, spread = cv2.meanStdDev(sized)
    if spread[0, 0] == 0.0:
        return 0.0
    _, detail = cv2.meanStdDev(cv2.Laplacian(sized, cv2.CV_32F))
    return float((detail[0, 0] / spread[0, 0]) ** 2)


def summed_up(frames: Sequence[FrameQuality]) -> PictureQuality:
    """Medians over at least one frame; of the optional measures, over those frames that have one."""
    blocks = [frame.blockiness for frame in frames if frame.blockiness is not None]
    scores = [frame.brisque for frame in frames if frame.brisque is not None]
    return PictureQuality(
        sharpness=median(frame.sharpness for frame in frames),
        noise=median(frame.noise for frame in frames),
        brightness=median(frame.brightness for frame in frames),
        contrast=median(frame.contrast for frame in frames),
        dark_clipped_share=median(frame.dark_clipped_share for frame in frames),
        bright_clipped_share=median(frame.bright_clipped_share for frame in frames),
        blockiness=median(blocks) if blocks else None,
        brisque=median(scores) if scores else None,
        frame_count=len(frames),
    )


def _native_blockiness(grey: npt.NDArray[np.uint8], stream: VideoStream) -> float | None:
    """None where the frame was scaled, its own size is not known, or which way its file mirrors it back."""
    height, width = grey.shape
    if (width, height) != (stream.width_px, stream.height_px) or stream.mirrored:
        return None
    # Blocks are counted from the stored picture's first corner: a turned one may begin with a piece of the last block.
    return blockiness(
        grey,
        first_column_px=width % BLOCK_PX if stream.rotation_deg in (90, 180) else 0,
        first_row_px=height % BLOCK_PX if stream.rotation_deg in (180, 270) else 0,
    )
