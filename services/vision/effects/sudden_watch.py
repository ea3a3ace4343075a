"""Follows the frames for effects in time: flashes, regradings and punches as they come, freezes and speed by shot."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from services.common.window import FrameBatch
from services.vision.effects.flash import Flashing, find_flashes
from services.vision.effects.freeze import FreezeFrame, find_freezes
from services.vision.effects.grade import Regrading, find_regradings
from services.vision.effects.speed import SlowMotion, find_slow_motion
from services.vision.effects.steps import Steps
from services.vision.effects.zoom import STEADY_FRAMES, Punch, jumps, punch_scale
from services.vision.percepts.shot_changes import ChangeKind
from services.vision.percepts.shots import ShotChange

LOOK_AHEAD_S, LOOK_AHEAD_FRAMES = 0.6, 12
"""A frame is decided when so much after it is known; more than any of the sudden effects looks at."""

Effect = FreezeFrame | SlowMotion | Flashing | Regrading | Punch


@dataclass(frozen=True, slots=True, kw_only=True)
class TimedEffect:
    """An effect over [start_s, end_s)."""

    effect: Effect
    start_s: float
    end_s: float
    frame_count: int


class SuddenWatch:
    """Frames and changes of shot in, effects out, each as soon as nothing to come can change it."""

    def __init__(self) -> None:
        self._steps = Steps()
        self._batches: list[tuple[int, npt.NDArray[np.uint8]]] = []
        self._decided = 0
        self._shot_start_index: int | None = None
        self._frozen_until = 0

    def take(self, batch: FrameBatch, end_s: float, changes: Sequence[ShotChange]) -> Iterator[TimedEffect]:
        """A window's frames, the last one displayed until `end_s`, and the changes of shot that begin in it."""
        if len(batch):
            self._batches.append((len(self._steps), batch.rgb))
            self._steps.add(batch, end_s)
        yield from self._sudden(last=False)
        for change in changes:
            yield from self._shot_until(self._row_of(change.frame_index), is_over=True)
            is_hard = change.kind is ChangeKind.HARD_CUT
            self._shot_start_index = change.frame_index if is_hard else change.end_frame_index
        yield from self._shot_until(len(self._steps), is_over=False)

    def finish(self) -> Iterator[TimedEffect]:
        """No frame will follow."""
        yield from self._sudden(last=True)
        yield from self._shot_until(len(self._steps), is_over=True)

    def _sudden(self, *, last: bool) -> Iterator[TimedEffect]:
        steps, first = self._steps, self._decided
        until = len(steps) if last else self._decidable()
        if until <= first:
            return
        self._decided = until
        yield from map(self._timed, find_flashes(steps, first, until))
        yield from map(self._timed, find_regradings(steps, first, until))
        for start, after in jumps(steps, first, until):
            scale = punch_scale(
                self._pictures(max(start - 1 - STEADY_FRAMES, 0), start),
                self._pictures(after - 1, min(after + STEADY_FRAMES, len(steps))),
            )
            if scale is not None:
                yield self._timed(Punch(first=start, after=after, scale=scale))
        needed = until - 1 - STEADY_FRAMES
        self._batches = [each for each in self._batches if each[0] + len(each[1]) > needed]

    def _decidable(self) -> int:
        if len(self._steps) <= LOOK_AHEAD_FRAMES:
            return 0
        known_s = self._steps.end_s[-1]
        in_time = int(np.searchsorted(self._steps.pts_s, known_s - LOOK_AHEAD_S, side="right"))
        return min(in_time, len(self._steps) - LOOK_AHEAD_FRAMES)

    def _pictures(self, first: int, after: int) -> list[npt.NDArray[np.uint8]]:
        """The frames of rows [first, after), without those that are no longer kept."""
        kept = [
            (start + k, picture)
            for start, pictures in self._batches
            if start < after and start + len(pictures) > first
            for k, picture in enumerate(pictures)
        ]
        return [picture for row, picture in kept if first <= row < after]

    def _shot_until(self, end: int, *, is_over: bool) -> Iterator[TimedEffect]:
        start = self._row_of(self._shot_start_index) if self._shot_start_index is not None else 0
        if end - start < 2:
            return
        for freeze in find_freezes(self._steps, start, end, is_over=is_over):
            if freeze.first >= self._frozen_until:
                self._frozen_until = freeze.after
                yield self._timed(freeze)
        if is_over:
            for slow in find_slow_motion(self._steps, start, end):
                yield self._timed(slow)

    def _row_of(self, frame_index: int) -> int:
        return int(np.searchsorted(self._steps.index, frame_index))

    def _timed(self, effect: Effect) -> TimedEffect:
        return TimedEffect(
            effect=effect,
            start_s=float(self._steps.pts_s[effect.first]),
            end_s=float(self._steps.end_s[effect.after - 1]),
            frame_count=effect.after - effect.first,
        )
