"""Bars beside the picture: plain ones, or blurred copies of the picture itself, above and below or left and right."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from services.vision.effects.flash import correlation

Pictures = npt.NDArray[np.uint8]
"""(n, height, width, 3) RGB, n samples of one layout."""

Shares = npt.NDArray[np.float64]
"""(lines,)"""

LEAST_BAR = 0.025
"""Of the frame's side; thinner ones are left over from scaling."""

LEAST_PICTURE = 0.15
"""Of the frame's side."""

PLAIN_TOLERANCE = 10
"""A channel of a plain bar stays so near to the bar's colour, of 255, after encoding."""

PLAIN_SHARE = 0.6
"""Of a bar's outermost line, and of those at its border, that is plain."""

PLAIN_LINES_SHARE = 0.5
"""Of a bar's lines that are plain over PLAIN_LINE_SHARE of their length: on the others a caption may stand."""

PLAIN_LINE_SHARE = 0.97

EDGE_STEP = 8
"""Of 255, between the bar and the picture beside it."""

PLAIN_EDGE_SHARE = 0.8
"""Of the picture's side along which that step is seen at least once: a dark scene has no straight border."""

BLURRED_EDGE_SHARE = 0.4
"""Likewise of blurred bars, on average over the moments: their colours meet the picture's somewhere, and where it is
dark so are they."""

BOTH_EDGES_SHARE = 0.6
"""The same of both seams together, mean."""

SEAM_RATIO = 3.0
"""The step across a seam over the median step from line to line around it."""

AROUND_LINES = 8

BLURRED_DETAIL = 0.35
"""Detail of a blurred bar over that of the picture, at most; medians, so that a caption does not count."""

COPY_CORRELATION = 0.7
"""Of blurred bars with the picture enlarged to cover the frame, over blocks; those of other pictures stay below 0.5."""

LIKENESS_SLACK = 0.05
"""Of that correlation: between two borders that are so equal, the smaller picture is meant."""

BLOCKS = 16
"""Blocks along a side in which a bar is compared with the enlarged picture."""

BEST_SEAMS = 6
"""Seams tried on either side."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bars:
    """The picture lies in lines [first, after) of `count`: rows if `horizontal` (a letterbox), columns otherwise."""

    horizontal: bool
    first: int
    after: int
    count: int
    surround: str
    """ "black", "white", "colour" or "blurred"."""


def find_bars(pictures: Pictures) -> Bars | None:
    """Bars that all samples have. Half a second of them is enough, of a still picture too."""
    for horizontal in (True, False):
        lines = pictures if horizontal else pictures.transpose(0, 2, 1, 3)
        if lines.shape[1] < 16 or lines.shape[2] < 16:
            continue
        found = _plain(lines) or _blurred(lines)
        if found is not None:
            first, after, surround = found
            return Bars(horizontal=horizontal, first=first, after=after, count=lines.shape[1], surround=surround)
    return None


def _plain(lines: Pictures) -> tuple[int, int, str] | None:
    """(first, after, colour) of the picture between bars of one plain colour above and below."""
    ends = [np.median(lines[:, row], axis=(0, 1)) for row in (0, -1)]
    if np.abs(ends[0] - ends[1]).max() > PLAIN_TOLERANCE:
        return None
    color = (ends[0] + ends[1]) / 2
    is_plain = (np.abs(lines.astype(np.int16) - np.round(color).astype(np.int16)) <= PLAIN_TOLERANCE).all(axis=3)
    shares = is_plain.mean(axis=2).min(axis=0)
    if min(shares[0], shares[-1]) < PLAIN_SHARE or (shares >= PLAIN_SHARE).all():
        return None
    steps = _steps(lines)
    # Where there are bars at both other sides too, the border does not run through them.
    is_bar = is_plain.all(axis=(0, 1))
    across = ~is_bar if is_bar[0] and is_bar[-1] else np.ones_like(is_bar)
    seen: npt.NDArray[np.bool_] = np.any(steps >= EDGE_STEP, axis=0)
    edges, strengths = seen[:, across].mean(axis=1), steps.mean(axis=(0, 2))
    first = _border(shares, edges, strengths)
    after = len(shares) - _border(shares[::-1], edges[::-1], strengths[::-1])
    has_both = first > 0 and after < len(shares) and _has_room(first, after, len(shares))
    return (first, after, _name(color)) if has_both else None


def _border(shares: Shares, edges: Shares, strengths: Shares) -> int:
    """Lines of the bar at the front, 0 without one. `edges[k]` and `strengths[k]` lie between lines k and k + 1."""
    # The line or two at the border may be mixed of bar and picture.
    candidates = [
        line
        for line in range(1, len(edges))
        if edges[line - 1] >= PLAIN_EDGE_SHARE
        and (shares[:line] >= PLAIN_LINE_SHARE).mean() >= PLAIN_LINES_SHARE
        and shares[max(line - 5, 0) : max(line - 2, 1)].min() >= PLAIN_SHARE
    ]
    return max(candidates, key=lambda line: strengths[line - 1], default=0)


def _name(color: npt.NDArray[np.float64]) -> str:
    if color.max() <= 24:
        return "black"
    return "white" if color.min() >= 235 else "colour"


def _blurred(lines: Pictures) -> tuple[int, int, str] | None:
    count = lines.shape[1]
    steps = _steps(lines)
    strength = steps.mean(axis=(0, 2))
    straight = (steps >= EDGE_STEP).mean(axis=(0, 2))
    around = np.lib.stride_tricks.sliding_window_view(np.pad(strength, AROUND_LINES, mode="edge"), 2 * AROUND_LINES + 1)
    usual = np.median(around, axis=1)
    is_seam = (strength >= SEAM_RATIO * usual) & (straight >= BLURRED_EDGE_SHARE)
    tops = _strongest(is_seam, strength, range(count // 2))
    bottoms = _strongest(is_seam, strength, range(count // 2, count - 1))
    copied: dict[tuple[int, int], float] = {}
    for first, after in ((top + 1, bottom + 1) for top in tops for bottom in bottoms):
        if straight[[first - 1, after - 1]].mean() >= BOTH_EDGES_SHARE and _has_room(first, after, count):
            copied[first, after] = _copied(lines, first, after)
    best = max(copied.values(), default=-1.0)
    if best < COPY_CORRELATION:
        return None
    # A caption on a bar has edges too; with them in the picture it is almost as like.
    alike = [pair for pair, likeness in copied.items() if likeness >= best - LIKENESS_SLACK]
    first, after = min(alike, key=lambda pair: pair[1] - pair[0])
    return first, after, "blurred"


def _strongest(is_seam: npt.NDArray[np.bool_], strength: npt.NDArray[np.float64], rows: range) -> list[int]:
    """The strongest of each few lines: a caption has many that are strong."""
    peaks = [row for row in rows if is_seam[row] and strength[row] == strength[max(row - 3, 0) : row + 4].max()]
    return sorted(peaks, key=lambda row: -strength[row])[:BEST_SEAMS]


def _steps(lines: Pictures) -> npt.NDArray[np.int16]:
    """(n, lines - 1, length): change from line to line, of the channel that changes most."""
    steps = np.abs(np.diff(lines.astype(np.int16), axis=1))
    largest: npt.NDArray[np.int16] = np.maximum(np.maximum(steps[..., 0], steps[..., 1]), steps[..., 2])
    return largest


def _has_room(first: int, after: int, count: int) -> bool:
    bars_are_wide = min(first, count - after) >= max(3, LEAST_BAR * count)
    return bars_are_wide and after - first >= LEAST_PICTURE * count


def _copied(lines: Pictures, first: int, after: int) -> float:
    """How like the bars are to a blurred copy of what lies between, [-1, 1]; -1 if they are not blurred."""
    bars = np.concatenate([lines[:, : first - 1], lines[:, after + 1 :]], axis=1)
    if detail(bars) > BLURRED_DETAIL * detail(lines[:, first + 1 : after - 1]):
        return -1.0
    return float(np.median([_likeness(picture, first, after) for picture in lines[:: max(1, len(lines) // 3)]]))


def detail(lines: Pictures) -> float:
    """Strength of the finest detail along the lines: of those points that have most of it but for a quarter."""
    green = lines[..., 1].astype(np.int16)
    bends = np.abs(2 * green[:, :, 1:-1] - green[:, :, :-2] - green[:, :, 2:])
    return float(np.quantile(bends, 0.75)) if bends.size else 0.0


def _likeness(picture: npt.NDArray[np.uint8], first: int, after: int) -> float:
    """Correlation of the bars with the picture between them, enlarged to cover the frame and cut to it."""
    import cv2

    count, length = picture.shape[:2]
    visible = max(2, round(length * (after - first) / count))
    left = (length - visible) // 2
    inner = np.ascontiguousarray(picture[first:after, left : left + visible])
    blocks = (BLOCKS, 2 * BLOCKS)
    wanted = cv2.resize(inner, blocks, interpolation=cv2.INTER_AREA).astype(np.float32)
    shown = cv2.resize(np.ascontiguousarray(picture), blocks, interpolation=cv2.INTER_AREA).astype(np.float32)
    middles = (np.arange(blocks[1]) + 0.5) / blocks[1] * count
    outside = (middles < first - count / blocks[1]) | (middles > after + count / blocks[1])
    return correlation(wanted[outside], shown[outside]) if outside.sum() >= 2 else 0.0
