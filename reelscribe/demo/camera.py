"""The camera that moves over a photo: which window it shows at which moment, and how far it went."""

from __future__ import annotations

from collections.abc import Iterator

from PIL import Image, ImageFilter

from reelscribe.demo.scenario import HEIGHT_PX, WIDTH_PX, View

Box = tuple[float, float, float, float]
"""left, top, right, bottom in pixels of the photo, fractions allowed."""

SHARPENING = ImageFilter.UnsharpMask(radius=3, percent=60, threshold=2)
"""Small photos are enlarged up to five times; this gives back a little of the lost crispness."""


def window(view: View, photo_width_px: int, photo_height_px: int) -> Box:
    """The part of the photo that fills the frame."""
    tallest_px = min(photo_height_px, photo_width_px * HEIGHT_PX / WIDTH_PX)
    height_px = tallest_px * view.height
    width_px = height_px * WIDTH_PX / HEIGHT_PX
    left = view.centre_x * photo_width_px - width_px / 2
    top = view.centre_y * photo_height_px - height_px / 2
    return left, top, left + width_px, top + height_px


def between(first: View, last: View, progress: float) -> View:
    """The view on the straight way from `first` (0) to `last` (1)."""

    def blend(start: float, end: float) -> float:
        return start + (end - start) * progress

    return View(
        centre_x=blend(first.centre_x, last.centre_x),
        centre_y=blend(first.centre_y, last.centre_y),
        height=blend(first.height, last.height),
    )


def travel(first: View, last: View, photo_width_px: int, photo_height_px: int) -> tuple[float, float]:
    """How far the camera went to the right and down, in widths and heights of its first window."""
    left, top, right, bottom = window(first, photo_width_px, photo_height_px)
    right_px = (last.centre_x - first.centre_x) * photo_width_px
    down_px = (last.centre_y - first.centre_y) * photo_height_px
    return right_px / (right - left), down_px / (bottom - top)


def moving_frames(photo: Image.Image, first: View, last: View, frame_count: int) -> Iterator[Image.Image]:
    """`frame_count` RGB frames of the clip's size at constant speed, the first and the last view included."""
    enlarged = _enlarged(photo, min(first.height, last.height))
    for index in range(frame_count):
        view = between(first, last, index / max(frame_count - 1, 1))
        box = window(view, enlarged.width, enlarged.height)
        yield enlarged.resize((WIDTH_PX, HEIGHT_PX), Image.Resampling.BILINEAR, box=box)


def _enlarged(photo: Image.Image, closest: float) -> Image.Image:
    """The photo once at the size where the closest view fills the frame without further enlarging."""
    tallest_px = min(photo.height, photo.width * HEIGHT_PX / WIDTH_PX)
    scale = HEIGHT_PX / (tallest_px * closest)
    size = (round(photo.width * scale), round(photo.height * scale))
    return photo.convert("RGB").resize(size, Image.Resampling.LANCZOS).filter(SHARPENING)
