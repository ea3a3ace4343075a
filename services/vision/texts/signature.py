"""How a text looks on the small grey frames, and how well one of them shows it: so first and last frame are exact."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from services.vision.texts.frames import Field, FrameHistory, Grey, gradients, pixels_of
from services.vision.texts.readers import Rect

SIDE_S = 0.2
"""Frames this far on either side of the read one may be averaged: what is behind the letters fades, they stay."""

ALIKE = 0.6
"""Cosine of two frames' edges in the box from which both show the same text; unrelated texts reach about 0.3."""

MIN_EDGE_LEVELS = 8.0
"""Weaker edges are noise and compression."""

STRONG_SHARE = 0.35
"""Letters' edges are at least this strong against the box's strongest; fainter ones are the picture behind."""

MIN_PIXELS = 12
"""Fewer pixels of letter edges than this say nothing: about two letters of five pixels."""

REACH_PX = 2
"""A text that moves is looked for this far from where the frame before showed it."""

MOVED_GAIN = 0.08
"""Another place must match this much better than the old one: a steady text does not jitter."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """Edges of a text's letters at its place on the small frames."""

    top: int
    left: int
    across: Field
    """(height, width) steps across x, averaged over the frames it was taken from; 0 outside the letters."""
    down: Field
    norm: float
    """Length of both together, > 0."""

    def __repr__(self) -> str:
        return f"Signature({self.across.shape} at {self.left}, {self.top}, {np.count_nonzero(self.across)} edges)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """How well a frame shows a signature, and where."""

    score: float
    """Cosine of the edges, [-1, 1]."""
    shift_x: int
    shift_y: int
    """Pixels from where the signature was taken."""


def signature_of(history: FrameHistory, number: int, box: Rect) -> Signature | None:
    """The text in `box` as the frames around `number` agree on it; None if its edges are too few or too faint."""
    rows, columns = pixels_of(box, history[number].grey.shape)
    fields = [_edges_in(history[n].grey, rows, columns) for n in _run_around(history, number, rows, columns)]
    across = np.mean([field[0] for field in fields], axis=0, dtype=np.float32)
    down = np.mean([field[1] for field in fields], axis=0, dtype=np.float32)
    strength = np.hypot(across, down)
    spread = np.mean([np.hypot(field[0] - across, field[1] - down) for field in fields], axis=0)
    floor = max(MIN_EDGE_LEVELS, STRONG_SHARE * float(np.percentile(strength, 95)))
    letters = (strength >= floor) & (spread <= 0.5 * strength)
    if np.count_nonzero(letters) < MIN_PIXELS:
        return None
    across, down = np.where(letters, across, np.float32(0)), np.where(letters, down, np.float32(0))
    norm = float(np.sqrt(np.sum(across**2) + np.sum(down**2)))
    return Signature(top=rows.start, left=columns.start, across=across, down=down, norm=norm)


def match(signature: Signature, grey: Grey, near_x: int = 0, near_y: int = 0) -> Match:
    """How well a frame shows the text within REACH_PX of the place `near` (a shift), ties going to `near` itself."""
    across, down = _edges_around(grey, signature, near_x, near_y)
    letters = signature.across.astype(bool) | signature.down.astype(bool)
    at_rest = _cosine(signature, letters, across, down, REACH_PX, REACH_PX)
    best = Match(score=at_rest, shift_x=near_x, shift_y=near_y)
    if at_rest >= 0.85:
        return best
    for dy in range(2 * REACH_PX + 1):
        for dx in range(2 * REACH_PX + 1):
            score = _cosine(signature, letters, across, down, dx, dy)
            if score > max(best.score, at_rest + MOVED_GAIN):
                best = Match(score=score, shift_x=near_x + dx - REACH_PX, shift_y=near_y + dy - REACH_PX)
    return best


def _cosine(
    signature: Signature,
    letters: np.ndarray[tuple[int, int], np.dtype[np.bool_]],
    across: Field,
    down: Field,
    dx: int,
    dy: int,
) -> float:
    height, width = signature.across.shape
    here_across = across[dy : dy + height, dx : dx + width]
    here_down = down[dy : dy + height, dx : dx + width]
    product = float(np.vdot(signature.across, here_across) + np.vdot(signature.down, here_down))
    energy = float(np.sum(here_across[letters] ** 2) + np.sum(here_down[letters] ** 2))
    # An empty place has no edges to compare; its noise must not count as a match.
    floor = (0.15 * signature.norm) ** 2
    return product / (signature.norm * float(np.sqrt(max(energy, floor))))


def _edges_around(grey: Grey, signature: Signature, near_x: int, near_y: int) -> tuple[Field, Field]:
    """Edges of the signature's place and REACH_PX around it; outside the frame the border is repeated."""
    height, width = signature.across.shape
    rows = np.arange(-REACH_PX - 1, height + REACH_PX + 1) + signature.top + near_y
    columns = np.arange(-REACH_PX - 1, width + REACH_PX + 1) + signature.left + near_x
    place = grey[rows.clip(0, grey.shape[0] - 1)[:, None], columns.clip(0, grey.shape[1] - 1)[None, :]]
    across, down = gradients(place)
    return across[1:-1, 1:-1], down[1:-1, 1:-1]


def _edges_in(grey: Grey, rows: slice, columns: slice) -> tuple[Field, Field]:
    above, before = max(rows.start - 1, 0), max(columns.start - 1, 0)
    across, down = gradients(np.ascontiguousarray(grey[above : rows.stop + 1, before : columns.stop + 1]))
    inner = slice(rows.start - above, rows.stop - above), slice(columns.start - before, columns.stop - before)
    return across[inner], down[inner]


def _run_around(history: FrameHistory, number: int, rows: slice, columns: slice) -> list[int]:
    """Numbers of the frames around `number` whose box shows the same, `number` included."""
    reference = _edges_in(history[number].grey, rows, columns)
    run = [number]
    for step in (-1, 1):
        at = number + step
        while history.first <= at <= history.last and abs(history[at].pts_s - history[number].pts_s) <= SIDE_S:
            if _alike(reference, _edges_in(history[at].grey, rows, columns)) < ALIKE:
                break
            run.append(at)
            at += step
    return run


def _alike(one: tuple[Field, Field], other: tuple[Field, Field]) -> float:
    product = float(np.vdot(one[0], other[0]) + np.vdot(one[1], other[1]))
    lengths = float(np.vdot(one[0], one[0]) + np.vdot(one[1], one[1])) * float(
        np.vdot(other[0], other[0]) + np.vdot(other[1], other[1])
    )
    return product / float(np.sqrt(lengths)) if lengths > 0 else 1.0
