"""The colours of the video over time: named palette, lightness, chroma, saturation, warmth."""

from __future__ import annotations

from collections.abc import Iterator
from functools import reduce
from operator import add

from reelscribe.v1.analyzer_pb2 import Method
from reelscribe.v1.finding_pb2 import Finding
from services.common.analyzer import Analyzer
from services.common.time import span
from services.common.window import Frames, Part, Window
from services.vision.colors.palette import ColorSum, color_sum, distance, profile

NEED = Frames(rate_hz=2.0, long_side_px=256)
"""Colours change slowly; a palette does not need sharp pictures."""

CHANGED_DISTANCE = 10.0
"""Units of CIELAB by which a frame's colours must lie off those of the stretch before it to begin a new one.

About four times what an eye can just tell apart; a moving subject before a still background stays below.
"""

LONGEST_STRETCH_S = 4.0
"""A stretch ends here even if its colours go on: a listener hears of them while the video is still read."""


class ColorAnalysis(Analyzer):
    """Named palette, lightness, chroma, saturation and warmth of every stretch of like colours, and of the whole.

    Labels: `palette` for a stretch of at most four seconds in which the colours stay alike, `overall` for the whole
    part. A measurement on frames sampled at 2 Hz, all pixels counted. Colour names: `color_names.VOCABULARY`.
    """

    name = "color_analysis"
    method = Method.METHOD_SIGNAL
    needs = NEED

    def analyze(self, part: Part, windows: Iterator[Window]) -> Iterator[Finding]:
        stretches: list[ColorSum] = []  # closed ones, summed into one
        stretch: ColorSum | None = None
        first_s = start_s = end_s = part.start_s
        for window in windows:
            batch = window[NEED]
            for pts_s, frame in zip(batch.pts_s.tolist(), batch.rgb, strict=True):
                sums = color_sum(frame)
                if stretch is None:
                    first_s, start_s, stretch = pts_s, pts_s, sums
                elif pts_s - start_s >= LONGEST_STRETCH_S or distance(stretch, sums) >= CHANGED_DISTANCE:
                    yield _finding("palette", start_s, pts_s, stretch)
                    stretches = [_total([*stretches, stretch])]
                    start_s, stretch = pts_s, sums
                else:
                    stretch = stretch + sums
            end_s = window.end_s
        if stretch is not None:
            yield _finding("palette", start_s, end_s, stretch)
            yield _finding("overall", first_s, end_s, _total([*stretches, stretch]))


def _total(sums: list[ColorSum]) -> ColorSum:
    return reduce(add, sums)


def _finding(label: str, start_s: float, end_s: float, sums: ColorSum) -> Finding:
    return Finding(span=span(start_s, end_s), label=label, color=profile(sums))
