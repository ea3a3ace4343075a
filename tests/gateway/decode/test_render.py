from fractions import Fraction

import av
import numpy as np
import pytest

from gateway.decode.picture import UPRIGHT, Orientation
from gateway.decode.render import Renderer
from reelscribe.v1.media_pb2 import FrameFormat
from tests.clips import corners_of, number_of, picture


def renderer(width: int, height: int, orientation: Orientation = UPRIGHT, aspect: Fraction | None = None) -> Renderer:
    return Renderer(FrameFormat(width_px=width, height_px=height), orientation=orientation, pixel_aspect=aspect)


def frame_of(rgb: np.ndarray, pix_fmt: str, *, matrix: int = 5, color_range: int = 1) -> av.VideoFrame:
    frame = av.VideoFrame.from_ndarray(rgb, format="rgb24").reformat(
        format=pix_fmt, dst_colorspace=matrix, dst_color_range=color_range
    )
    frame.colorspace, frame.color_range = {5: 6, 1: 1, 9: 9}[matrix], color_range
    return frame


@pytest.mark.parametrize("size", [(160, 96), (80, 48), (33, 20), (101, 61)])
def test_a_picture_is_scaled_to_any_size_odd_ones_too(size):
    rgb = renderer(*size).render(frame_of(picture(682), "yuv444p"))
    assert rgb.shape == (size[1], size[0], 3)
    assert corners_of(rgb) == ("red", "green", "blue", "white")
    assert number_of(rgb) == 682 or size[0] < 40


@pytest.mark.parametrize("color_range", [1, 2])
@pytest.mark.parametrize("matrix", [5, 1, 9])
@pytest.mark.parametrize("pix_fmt", ["yuv444p", "yuv444p10le"])
def test_each_matrix_and_range_gives_the_colors_back(matrix, color_range, pix_fmt):
    original = picture(5)
    frame = frame_of(original, pix_fmt, matrix=matrix, color_range=color_range)
    rgb = renderer(160, 96).render(frame).astype(int)
    assert np.abs(rgb - original).max() <= 4


def test_the_wrong_matrix_would_be_seen():
    frame = frame_of(picture(5), "yuv444p", matrix=1)
    frame.colorspace = 6
    assert np.abs(renderer(160, 96).render(frame).astype(int) - picture(5)).max() > 15


@pytest.mark.parametrize("pix_fmt", ["rgb24", "bgr24", "gbrp", "rgba", "gray", "nv12", "yuva420p", "yuyv422", "pal8"])
def test_other_pixel_formats_are_taken(pix_fmt):
    if pix_fmt == "pal8":
        frame = av.VideoFrame.from_ndarray(picture(3)[..., 0], format="gray").reformat(format="rgb8")
    else:
        frame = av.VideoFrame.from_ndarray(picture(3), format="rgb24").reformat(format=pix_fmt)
    assert number_of(renderer(160, 96).render(frame)) == 3


def test_a_turned_picture_is_scaled_before_it_is_turned():
    turned = np.ascontiguousarray(np.rot90(picture(9), k=1))
    upright = renderer(80, 48, Orientation(swapped=True, flipped_x=True)).render(frame_of(turned, "yuv444p"))
    assert upright.shape == (48, 80, 3)
    assert corners_of(upright) == ("red", "green", "blue", "white")


def test_wide_pixels_are_stretched():
    rgb = renderer(320, 96, aspect=Fraction(2)).render(frame_of(picture(9), "yuv444p"))
    assert (rgb.shape, number_of(rgb)) == ((96, 320, 3), 9)


def test_a_picture_whose_shape_changed_is_fitted_between_bars():
    rgb = renderer(160, 160).render(frame_of(picture(9), "yuv444p"))
    assert rgb[:30].max() == rgb[-30:].max() == 0
    assert number_of(rgb[32:128]) == 9


def test_hdr_is_brought_to_sdr():
    frame = frame_of(np.full((16, 16, 3), 148, np.uint8), "yuv420p10le", matrix=9)
    frame.color_trc, frame.color_primaries = 16, 9
    rgb = renderer(16, 16).render(frame)
    # 148 / 255 is 58 % PQ, the reference white: shown raw it would be a middle gray.
    assert rgb.dtype == np.uint8
    assert 200 <= rgb.min() <= rgb.max() <= 240
