"""Which of the offered frames are worth reading: decided on the small grey frames alone, before any model runs."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from services.vision.texts.frames import Field, FrameHistory, gradients, pixels_of
from services.vision.texts.readers import Rect

LOOK_S = 0.2
"""Lettering stands still for at least this long before or after the frame; what moves past does not."""

SAMPLES_PER_SIDE = 4
"""Frames compared on each side of the offered one."""

EDGE_LEVELS = 12.0
"""Steps in brightness weaker than this make no letters a viewer could read at this size."""

BOLD_LEVELS = 30.0
"""Steps of lettering laid over a picture are mostly stronger than this; half of what else comes to rest is weaker."""

SAME_SHARE = 0.5
"""Two edges are the same if they differ by less than this share of their strength ..."""

STEADY_SHARE = 0.25
"""... and stand still if they differ by less than this for a while: what is laid over a picture has no grain."""

MEMORY_READS = 6
"""Pictures of the last reads that are remembered: ground that a passer-by uncovers is not news."""

PATCH = (25, 5)
"""Width and height, in pixels of the small frame, in which new edges are counted: about five small letters."""

STROKE_SHARE = 0.1
"""Share of a patch that must be new edges rising to the right, and as many falling: strokes have two sides, the outline
of a thing has one."""

AT_ONCE_SHARE = 0.08
"""The same for bold edges that came within two frames: lettering comes at once, what stops moving does not. Of texts
put in over moving clips that score nothing, one in ten of the smallest is passed over, to be read a little later."""

FRUITLESS = 1.5
"""Each read that shows nothing new raises that share by this factor, up to three times over: grain and crowds teach
patience. A read with news, or time, lowers it again."""

SHORTEST_WAIT_S, LONGEST_WAIT_S = 0.75, 2.0
"""In a still picture lettering may come slowly, so strokes that came little by little are read too. After a read in
vain they wait this long, twice as long after the next, up to the longest: somebody who stands still for a moment and
goes on is read once, not with every breath."""

APPEAR_S = 0.6
"""How far back the frame in which new edges came is looked for: a little more than between two offered frames."""

CUT_LEVELS = 18.0
"""Mean change from frame to frame, of 255, that may be a cut ..."""

CUT_RATIO = 3.0
"""... if it is this many times the usual one; steady noise is no cut."""

STILL_LEVELS = 0.3
"""Usual change from frame to frame, of 255, of a slide or a screen; a person who sits still makes more."""

UNCHANGED_LEVELS = 1.5
"""Mean change since the last read, of 255, under which the picture is the one that was read."""

LONGEST_UNREAD_S = 4.0
"""A picture that moves is read at least this often: signs that pass do not stand still. What comes at once is noticed
by its edges: this is for what drifts in."""


Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Seen:
    """Edges of a frame that was read, and where they hold: not on texts, which are news whenever they come."""

    across: Field
    down: Field
    valid: Mask


class ChangeGate:
    """Decides for one part, frame by frame: is there something that has not been read?"""

    def __init__(self) -> None:
        self._seen: deque[_Seen] = deque(maxlen=MEMORY_READS)
        self._read_number = -1
        self._read_pts_s = 0.0
        self._read_grey: npt.NDArray[np.uint8] | None = None
        self._usual_change = 0.0
        self._cut = False
        self._at_once_share = AT_ONCE_SHARE
        self._wait_s = 0.0

    def __repr__(self) -> str:
        return f"ChangeGate(last read {self._read_pts_s:.3f} s, {len(self._seen)} remembered)"

    def watch(self, history: FrameHistory, number: int) -> None:
        """Take every frame's change against the one before, in order: a cut is remembered until the next read."""
        if number <= history.first:
            return
        change = _change(history[number].grey, history[number - 1].grey)
        self._cut |= change > CUT_LEVELS and change > CUT_RATIO * self._usual_change
        self._usual_change += 0.1 * (change - self._usual_change)

    def wants(self, history: FrameHistory, number: int, live: Sequence[Rect]) -> bool:
        """Whether frame `number` must be read; `live` are the boxes of texts known to be on screen."""
        if self._read_grey is None or self._cut:
            return True
        frame = history[number]
        waited_s = frame.pts_s - self._read_pts_s
        if waited_s >= LONGEST_UNREAD_S and _change(frame.grey, self._read_grey) > UNCHANGED_LEVELS:
            return True
        across, down = gradients(frame.grey)
        new = self._new_edges(history, number, across, down, live)
        if not _has_strokes(across, new, STROKE_SHARE):
            return False
        if self._usual_change <= STILL_LEVELS and waited_s >= self._wait_s:
            return True
        if _came_at_once(history, number, across, down, new, self._at_once_share):
            return True
        self._at_once_share = max(self._at_once_share / FRUITLESS**0.25, AT_ONCE_SHARE)
        return False

    def remember(self, history: FrameHistory, number: int, texts: Sequence[Rect], *, news: bool) -> None:
        """Frame `number` was read and showed these texts; `news`: one of them for the first time, or one is gone."""
        frame = history[number]
        across, down = gradients(frame.grey)
        self._seen.append(_Seen(across=across, down=down, valid=~_covered(texts, frame.grey.shape)))
        self._read_grey, self._read_pts_s, self._cut = frame.grey, frame.pts_s, False
        raised = min(self._at_once_share * FRUITLESS, AT_ONCE_SHARE * FRUITLESS**3)
        self._at_once_share = AT_ONCE_SHARE if news else raised
        self._wait_s = 0.0 if news else float(np.clip(2 * self._wait_s, SHORTEST_WAIT_S, LONGEST_WAIT_S))

    def _new_edges(self, history: FrameHistory, number: int, across: Field, down: Field, live: Sequence[Rect]) -> Mask:
        """Where the frame's edges stand still, are strong, and were never read over."""
        strength = np.hypot(across, down)
        new = (strength >= EDGE_LEVELS) & ~_covered(live, across.shape)
        for seen in self._seen:
            new &= ~(seen.valid & _same(across, down, seen.across, seen.down))
        if new.any():
            new &= _steady(history, number, -1, across, down) | _steady(history, number, 1, across, down)
        return new


def _same(across: Field, down: Field, other_across: Field, other_down: Field, share: float = SAME_SHARE) -> Mask:
    """Where the other frame has the first one's edges, but for this share of their strength and a little noise."""
    difference = np.hypot(across - other_across, down - other_down)
    same: Mask = difference <= share * np.hypot(across, down) + 3.0
    return same


def _steady(history: FrameHistory, number: int, step: int, across: Field, down: Field) -> Mask:
    """Where the frames on one side show the same edges; nowhere if there are none on that side."""
    side = []
    at = number + step
    while history.first <= at <= history.last and abs(history[at].pts_s - history[number].pts_s) <= LOOK_S:
        side.append(at)
        at += step
    steady = np.full(across.shape, bool(side))
    for at in side[:: max(len(side) // SAMPLES_PER_SIDE, 1)]:
        steady &= _same(across, down, *gradients(history[at].grey), STEADY_SHARE)
    return steady


def _came_at_once(history: FrameHistory, number: int, across: Field, down: Field, new: Mask, share: float) -> bool:
    """Whether some patch got its bold edges within two frames, not little by little."""
    alive = new & (np.hypot(across, down) >= BOLD_LEVELS)
    before: Mask = np.zeros_like(alive)
    at = number
    while alive.any() and at > history.first and history[number].pts_s - history[at - 1].pts_s <= APPEAR_S:
        at -= 1
        there_already = alive & _same(across, down, *gradients(history[at].grey))
        came = alive & ~there_already
        if _has_strokes(across, came | before, share):
            return True
        alive, before = there_already, came
    return False


def _has_strokes(across: Field, edges: Mask, share: float) -> bool:
    """Whether some patch is dense with edges of both directions, as lettering is."""
    import cv2

    if not edges.any():
        return False
    rising = cv2.boxFilter((edges & (across > EDGE_LEVELS / 2)).astype(np.float32), -1, PATCH)
    falling = cv2.boxFilter((edges & (across < -EDGE_LEVELS / 2)).astype(np.float32), -1, PATCH)
    return bool((np.minimum(rising, falling) >= share).any())


def _covered(boxes: Sequence[Rect], shape: tuple[int, ...]) -> Mask:
    covered = np.zeros(shape, dtype=bool)
    for box in boxes:
        covered[pixels_of(box, (shape[0], shape[1]), margin_px=2)] = True
    return covered


def _change(one: npt.NDArray[np.uint8], other: npt.NDArray[np.uint8]) -> float:
    import cv2

    return float(cv2.norm(one, other, cv2.NORM_L1)) / one.size
