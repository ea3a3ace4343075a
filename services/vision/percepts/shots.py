"""Shots, as a percept: for each window, the cuts and gradual changes that begin in it."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from services.common.analyzer import Percept
from services.common.device import Device
from services.common.weights import locate
from services.common.window import FrameBatch, Frames, Part, Window
from services.vision.percepts.shot_changes import (
    LOOK_AHEAD_FRAMES,
    Change,
    ChangeKind,
    Evidence,
    change_runs,
    find_changes,
)
from services.vision.percepts.shot_frames import FrameRows, FrameSampler, difference, no_rows
from services.vision.percepts.shot_network import ShotNetwork
from services.vision.percepts.shot_probabilities import Predict, ProbabilityStream

NEED = Frames(rate_hz=None, long_side_px=256)
"""Every frame: a cut is placed at its exact frame."""

RUN_MARGIN_FRAMES = 3
"""A run of change is closed when this many frames beyond what a decision looks at are known."""

KEPT_FRAMES = 2 * LOOK_AHEAD_FRAMES
"""Decided frames that stay as context for the next ones."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShotChange:
    """One shot becomes another over [start_s, end_s), frames [frame_index, end_frame_index).

    A hard cut's one frame is the first of the new shot, until its display ends. A gradual change's frames show both.
    """

    kind: ChangeKind
    frame_index: int
    end_frame_index: int
    start_s: float
    end_s: float
    probability: float
    """The detector's, at its peak, [0, 1]."""
    frame_difference: float
    """Mean absolute difference per channel, [0, 255], at the cut or across the change; of frames squeezed to 48x27."""


def border_s(change: ShotChange) -> float:
    """The moment from which on a frame belongs to the new shot: the cut, or the middle of a gradual change."""
    return change.start_s if change.kind is ChangeKind.HARD_CUT else (change.start_s + change.end_s) / 2


class Shots(Percept):
    """`window[Shots]`: tuple[ShotChange, ...], those that begin in the window. Lags by about four seconds."""

    needs = NEED
    weights = ("transnetv2",)

    def load(self, device: Device) -> None:
        self._network = ShotNetwork(locate("transnetv2"), device)
        self.models = (self._network.model,)

    def perceive(self, part: Part, windows: Iterator[Window]) -> Iterator[tuple[ShotChange, ...]]:
        return changes_by_window(windows, self._network.predict)


def changes_by_window(windows: Iterator[Window], predict: Predict) -> Iterator[tuple[ShotChange, ...]]:
    """One tuple per window, in order, each as soon as it is certain."""
    timeline = _Timeline(predict)
    pending: deque[tuple[float, int]] = deque()  # (end of the window, rows sampled until then)
    changes: deque[ShotChange] = deque()
    for window in windows:
        changes += timeline.push(window[NEED], window.end_s)
        pending.append((window.end_s, timeline.row_count))
        while pending and timeline.decided_count > pending[0][1]:
            yield _before(changes, pending.popleft()[0])
    changes += timeline.finish()
    while pending:
        end_s, _ = pending.popleft()
        yield _before(changes, end_s if pending else np.inf)


def _before(changes: deque[ShotChange], end_s: float) -> tuple[ShotChange, ...]:
    found = []
    while changes and changes[0].start_s < end_s:
        found.append(changes.popleft())
    return tuple(found)


class _Timeline:
    """Frames in, changes out. Rows are counted over the whole part; `_first` is the first that is still held."""

    def __init__(self, predict: Predict) -> None:
        self._probabilities = ProbabilityStream(predict)
        self._sampler = FrameSampler()
        self._rows = no_rows()
        self._known: npt.NDArray[np.float32] = np.empty((0, 2), np.float32)
        self._first = 0
        self.row_count = 0
        self.decided_count = 0

    def push(self, batch: FrameBatch, end_s: float) -> list[ShotChange]:
        return self._take(self._sampler.sample(batch, end_s), last=False)

    def finish(self) -> list[ShotChange]:
        return self._take(no_rows(), last=True)

    def _take(self, rows: FrameRows, *, last: bool) -> list[ShotChange]:
        self._rows = self._rows.then(rows)
        self.row_count += len(rows.index)
        self._known = np.concatenate([self._known, self._probabilities.push(rows.small, last=last)])
        evidence = Evidence(
            small=self._rows.small[: len(self._known)],
            difference=self._rows.difference[: len(self._known)],
            ends=self._known[:, 0],
            inside=self._known[:, 1],
        )
        until = len(self._known) if last else _decidable(evidence)
        fresh = range(self.decided_count - self._first, until)
        changes = [self._located(change) for change in find_changes(evidence) if change.start in fresh]
        self._forget(max(until, fresh.start))
        return changes

    def _located(self, change: Change) -> ShotChange:
        rows = self._rows
        if change.kind is ChangeKind.HARD_CUT:
            row = change.start
            return ShotChange(
                kind=change.kind,
                frame_index=int(rows.peak_index[row]),
                end_frame_index=int(rows.peak_index[row]) + 1,
                start_s=float(rows.peak_s[row]),
                end_s=float(rows.peak_end_s[row]),
                probability=change.probability,
                frame_difference=float(rows.difference[row]),
            )
        before, after = max(change.start - 1, 0), min(change.end, len(rows.index) - 1)
        is_over = change.end < len(rows.index)
        return ShotChange(
            kind=change.kind,
            frame_index=int(rows.index[change.start]),
            end_frame_index=int(rows.index[after]) + (0 if is_over else 1),
            start_s=float(rows.pts_s[change.start]),
            end_s=float(rows.pts_s[after] if is_over else rows.end_s[after]),
            probability=change.probability,
            frame_difference=difference(rows.small[before], rows.small[after]),
        )

    def _forget(self, until: int) -> None:
        self.decided_count = self._first + until
        dropped = max(until - KEPT_FRAMES, 0)
        self._rows = self._rows.since(dropped)
        self._known = self._known[dropped:]
        self._first += dropped


def _decidable(evidence: Evidence) -> int:
    """Rows before which every change is complete and has all it is decided by."""
    until = len(evidence) - LOOK_AHEAD_FRAMES
    for start, end in change_runs(evidence):
        if end + RUN_MARGIN_FRAMES > until:
            return max(min(until, start - RUN_MARGIN_FRAMES), 0)
    return max(until, 0)
