from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest

from reelscribe.v1.media_pb2 import VideoStream
from services.vision.quality.measures import FrameQuality, measured, sharpness, summed_up
from tests.services.vision.quality.distorted import PHOTOS, blurred, compressed, exposed, grey, noisy, photo

UNKNOWN = VideoStream()


def stream_of(rgb: np.ndarray, **facts: int) -> VideoStream:
    return VideoStream(width_px=rgb.shape[1], height_px=rgb.shape[0], **facts)


def filled(level: int, height_px: int = 90, width_px: int = 160) -> np.ndarray:
    return np.full((height_px, width_px, 3), level, np.uint8)


@pytest.mark.parametrize("name", PHOTOS)
def test_sharpness_falls_with_blur(name: str):
    levels = [sharpness(grey(blurred(photo(name), sigma_px))) for sigma_px in (0.3, 0.6, 1, 2, 4)]
    assert levels == sorted(levels, reverse=True)
    assert levels[0] > 20 * levels[-1]


@pytest.mark.parametrize("name", PHOTOS)
def test_exposure_is_followed(name: str):
    found = [measured(exposed(photo(name), gain), UNKNOWN) for gain in (0.25, 0.5, 1.0, 1.5, 2.5)]
    brightness = [each.brightness for each in found]
    assert brightness == sorted(brightness)
    dark, bright = [each.dark_clipped_share for each in found], [each.bright_clipped_share for each in found]
    assert dark == sorted(dark, reverse=True)
    assert bright == sorted(bright)


def test_a_definition_is_met_exactly():
    """Half of the pixels at 2, half at 252."""
    rgb = filled(2)
    rgb[:, 80:] = 252
    found = measured(rgb, UNKNOWN)
    assert found.brightness == 127.0
    assert found.contrast == 125.0
    assert (found.dark_clipped_share, found.bright_clipped_share) == (0.5, 0.5)


@pytest.mark.parametrize(("level", "dark", "bright"), [(4, 1, 0), (5, 0, 0), (250, 0, 0), (251, 0, 1)])
def test_clipping_begins_at_its_documented_grey(level: int, dark: float, bright: float):
    found = measured(filled(level), UNKNOWN)
    assert (found.dark_clipped_share, found.bright_clipped_share) == (dark, bright)


def test_sharpness_does_not_depend_on_the_clips_size():
    """Of one scene at two sizes, both larger than what is compared."""
    rgb = np.random.default_rng(0).integers(0, 256, (54, 96, 3)).astype(np.uint8)
    small, large = (np.kron(rgb, np.ones((factor, factor, 1), np.uint8)) for factor in (10, 20))
    assert sharpness(grey(large)) == pytest.approx(sharpness(grey(small)), rel=0.25)


def test_blockiness_is_only_measured_on_the_native_grid():
    rgb = compressed(photo("coffee.png"), 20)
    assert measured(rgb, stream_of(rgb)).blockiness > 1.5  # type: ignore[operator]
    assert measured(rgb, VideoStream(width_px=1200, height_px=800)).blockiness is None
    assert measured(rgb, UNKNOWN).blockiness is None
    assert measured(rgb, VideoStream(width_px=600, height_px=400, mirrored=True)).blockiness is None


@pytest.mark.parametrize("rotation_deg", [0, 90, 180, 270])
def test_a_turned_clip_keeps_its_blocks(rotation_deg: int):
    stored = compressed(photo("coffee.png")[:395, :597], 20)
    upright = np.ascontiguousarray(np.rot90(stored, -rotation_deg // 90))
    found = measured(upright, stream_of(upright, rotation_deg=rotation_deg)).blockiness
    assert found == pytest.approx(measured(stored, stream_of(stored)).blockiness)


PICTURES: dict[str, Callable[[], np.ndarray]] = {
    "black": lambda: filled(0),
    "white": lambda: filled(255),
    "one pixel": lambda: filled(9, 1, 1),
    "one row": lambda: filled(9, 1, 300),
    "odd": lambda: np.random.default_rng(1).integers(0, 256, (7, 3, 3)).astype(np.uint8),
    "checkered": lambda: np.repeat((np.indices((360, 640)).sum(axis=0) % 2 * 255)[..., None], 3, 2).astype(np.uint8),
    "noise": lambda: np.random.default_rng(2).integers(0, 256, (360, 640, 3)).astype(np.uint8),
    "photo": lambda: noisy(photo("astronaut.png"), 30),
}


@pytest.mark.parametrize("name", PICTURES)
def test_old_bug_every_value_is_in_its_documented_range(name: str):
    """An "entropy" of -19 866 862 was reported: now nothing leaves the range that its definition gives it."""
    rgb = PICTURES[name]()
    found = measured(rgb, stream_of(rgb))
    assert 0.0 <= found.sharpness <= 64.0
    assert 0.0 <= found.noise <= 127.5
    assert 0.0 <= found.brightness <= 255.0
    assert 0.0 <= found.contrast <= 127.5
    assert 0.0 <= found.dark_clipped_share <= 1.0
    assert 0.0 <= found.bright_clipped_share <= 1.0
    assert found.blockiness is None or (math.isfinite(found.blockiness) and found.blockiness > 0.0)


def quality(value: float, **optional: float | None) -> FrameQuality:
    return FrameQuality(
        sharpness=value,
        noise=value,
        brightness=value,
        contrast=value,
        dark_clipped_share=value,
        bright_clipped_share=value,
        blockiness=optional.get("blockiness"),
        brisque=optional.get("brisque"),
    )


def test_a_span_is_told_by_the_medians_of_its_frames():
    shape = summed_up([quality(1.0, brisque=30.0), quality(2.0), quality(9.0, brisque=50.0)])
    assert (shape.sharpness, shape.noise, shape.brightness, shape.contrast) == (2.0, 2.0, 2.0, 2.0)
    assert shape.brisque == 40.0
    assert not shape.HasField("blockiness")
    assert shape.frame_count == 3
