"""Clips with lettering at known times, drawn by the tests: the truth of every text analysis under test."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from services.common.window import Need, Window
from tests.windows import windows_of_frames

RATE_HZ = 30
WIDTH, HEIGHT = 360, 640


@dataclass(frozen=True, slots=True, kw_only=True)
class Lettering:
    content: str
    start_s: float
    end_s: float
    middle: float = 0.78
    """Of its first line, share of the height."""
    height: float = 0.035
    colour: tuple[int, int, int] = (255, 255, 0)
    slide_px_per_s: float = 0.0


def font(height_px: float) -> ImageFont.FreeTypeFont:
    """A bold face with umlauts: the system's, or the one matplotlib brings."""
    name = "DejaVuSans-Bold.ttf"
    places = [name]
    spec = importlib.util.find_spec("matplotlib")
    if spec is not None and spec.origin is not None:
        places.append(str(Path(spec.origin).parent / "mpl-data" / "fonts" / "ttf" / name))
    for place in places:
        try:
            return ImageFont.truetype(place, round(height_px))
        except OSError:
            continue
    pytest.skip("no font with umlauts: DejaVu Sans Bold is neither installed nor carried by matplotlib")


def draw(frame: np.ndarray, lettering: Lettering, time_s: float = 0.0) -> np.ndarray:
    """The frame with outlined letters, as a subtitle editor burns them in."""
    height, width = frame.shape[:2]
    picture = Image.fromarray(frame)
    face = font(lettering.height * height)
    ImageDraw.Draw(picture).multiline_text(
        (width / 2 + lettering.slide_px_per_s * time_s, lettering.middle * height),
        lettering.content,
        font=face,
        fill=lettering.colour,
        anchor="ma",
        align="center",
        stroke_width=max(round(lettering.height * height / 12), 1),
        stroke_fill=(0, 0, 0),
    )
    return np.asarray(picture)


def noise(count: int, *, width: int = WIDTH, height: int = HEIGHT, seed: int = 1) -> Iterator[np.ndarray]:
    """New grain in every frame: nothing stands still."""
    rng = np.random.default_rng(seed)
    for _ in range(count):
        yield rng.integers(40, 160, (height, width, 3), dtype=np.uint8)


def scenery(width: int, height: int, seed: int = 2) -> np.ndarray:
    """One picture of soft blobs with some edges, like a blurred room: (height, width, 3) RGB."""
    import cv2

    rng = np.random.default_rng(seed)
    picture = cv2.resize(rng.integers(0, 255, (height // 40, width // 40, 3), dtype=np.uint8), (width, height))
    for _ in range(25):
        left, top = int(rng.integers(0, width)), int(rng.integers(0, height))
        colour = [int(level) for level in rng.integers(0, 255, 3)]
        cv2.rectangle(picture, (left, top), (left + 60, top + 40), colour, -1)
    return cv2.GaussianBlur(picture // 2 + 40, (5, 5), 0)


def pan(count: int, px_per_frame: int = 3, *, width: int = WIDTH, height: int = HEIGHT) -> Iterator[np.ndarray]:
    """A camera that moves to the right over one scenery."""
    whole = scenery(width + px_per_frame * count, height)
    for index in range(count):
        yield whole[:, index * px_per_frame : index * px_per_frame + width]


def still(count: int, *, width: int = WIDTH, height: int = HEIGHT) -> Iterator[np.ndarray]:
    picture = scenery(width, height)
    for _ in range(count):
        yield picture


def lettered(
    ground: Iterator[np.ndarray], letterings: Sequence[Lettering], rate_hz: float = RATE_HZ
) -> list[np.ndarray]:
    frames = []
    for index, frame in enumerate(ground):
        for lettering in letterings:
            if lettering.start_s - 1e-6 <= index / rate_hz < lettering.end_s - 1e-6:
                frame = draw(frame, lettering, index / rate_hz - lettering.start_s)
        frames.append(frame)
    return frames


def windows_of(
    frames: Sequence[np.ndarray], needs: tuple[Need, ...], rate_hz: float = RATE_HZ, start_s: float = 0.0
) -> list[Window]:
    times = [start_s + index / rate_hz for index in range(len(frames))]
    return list(windows_of_frames(frames, times, start_s + len(frames) / rate_hz, needs))
