"""Shots, as a percept: for each window, the cuts and gradual changes that begin in it."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, fields

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
from services.vision.percepts.shot_network import INPUT_HEIGHT_PX, INPUT_WIDTH_PX, ShotNetwork
from services.vision.percepts.shot_probabilities import Predict, ProbabilityStream

NEED = Frames(rate_hz=None, long_side_px=256)
"""Every frame: a cut is placed at its exact frame."""

SAMPLE_INTERVAL_S = 1 / 45
"""The network is shown frames at least this far apart, as it was trained on 24 to 30 Hz: of a 60 Hz clip every second."""

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
    """Mean absolute difference per channel, [0, 255], of the frames squeezed to 48x27: at the cut, or across the change."""


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


@dataclass(slots=True, kw_only=True)
class _Rows:
    """The sampled frames that are not decided yet, and some before; arrays of one length."""

    small: npt.NDArray[np.uint8]
    index: npt.NDArray[np.int64]
    pts_s: npt.NDArray[np.float64]
    end_s: npt.NDArray[np.float64]
    difference: npt.NDArray[np.float32]
    """Largest change from one frame to the next since the sampled frame before."""
    peak_index: npt.NDArray[np.int64]
    """The frame after that change, which may lie between two sampled ones."""
    peak_s: npt.NDArray[np.float64]
    peak_end_s: npt.NDArray[np.float64]

    def then(self, more: _Rows) -> _Rows:
        return _Rows(**{f.name: np.concatenate([getattr(self, f.name), getattr(more, f.name)]) for f in fields(self)})

    def since(self, row: int) -> _Rows:
        return _Rows(**{f.name: getattr(self, f.name)[row:] for f in fields(self)})


class _Timeline:
    """Frames in, changes out. Rows are counted over the whole part; `_first` is the first that is still held."""

    def __init__(self, predict: Predict) -> None:
        self._probabilities = ProbabilityStream(predict)
        self._sampler = _Sampler()
        self._rows = self._sampler.nothing()
        self._known: npt.NDArray[np.float32] = np.empty((0, 2), np.float32)
        self._first = 0
        self.row_count = 0
        self.decided_count = 0

    def push(self, batch: FrameBatch, end_s: float) -> list[ShotChange]:
        return self._take(self._sampler.sample(batch, end_s), last=False)

    def finish(self) -> list[ShotChange]:
        return self._take(self._sampler.nothing(), last=True)

    def _take(self, rows: _Rows, *, last: bool) -> list[ShotChange]:
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


class _Sampler:
    """Squeezes every frame, measures its change, and keeps those the network is shown."""

    def __init__(self) -> None:
        self._last: npt.NDArray[np.uint8] | None = None
        self._sampled_s = -np.inf
        self._peak: tuple[float, int, float, float] = (-1.0, 0, 0.0, 0.0)

    def sample(self, batch: FrameBatch, end_s: float) -> _Rows:
        """The rows of a window, whose last frame is displayed until `end_s`."""
        rows: list[tuple[object, ...]] = []
        pixels = batch.rgb
        ends_s = np.append(batch.pts_s[1:], end_s)
        for position, pts_s in enumerate(batch.pts_s):
            small = squeezed(pixels[position])
            change = 0.0 if self._last is None else difference(self._last, small)
            self._last = small
            index, frame_end_s = int(batch.index[position]), float(ends_s[position])
            self._peak = max(self._peak, (change, index, float(pts_s), frame_end_s), key=lambda peak: peak[0])
            if pts_s - self._sampled_s >= SAMPLE_INTERVAL_S:
                rows.append((small, index, pts_s, frame_end_s, *self._peak))
                self._sampled_s, self._peak = float(pts_s), (-1.0, 0, 0.0, 0.0)
        return _table(rows)

    def nothing(self) -> _Rows:
        return _table([])


def squeezed(frame: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    """(height, width, 3) of any size and shape -> (27, 48, 3), as the network was trained."""
    import cv2

    small: npt.NDArray[np.uint8] = cv2.resize(frame, (INPUT_WIDTH_PX, INPUT_HEIGHT_PX), interpolation=cv2.INTER_AREA)
    return small


def difference(one: npt.NDArray[np.uint8], other: npt.NDArray[np.uint8]) -> float:
    """Mean absolute difference per channel, [0, 255]."""
    return float(np.abs(one.astype(np.int16) - other).mean())


def _table(rows: list[tuple[object, ...]]) -> _Rows:
    small, index, pts_s, end_s, changed, peak_index, peak_s, peak_end_s = zip(*rows, strict=True) if rows else ((),) * 8
    return _Rows(
        small=np.array(small, np.uint8).reshape(-1, INPUT_HEIGHT_PX, INPUT_WIDTH_PX, 3),
        index=np.array(index, np.int64),
        pts_s=np.array(pts_s, np.float64),
        end_s=np.array(end_s, np.float64),
        difference=np.array(changed, np.float32),
        peak_index=np.array(peak_index, np.int64),
        peak_s=np.array(peak_s, np.float64),
        peak_end_s=np.array(peak_end_s, np.float64),
    )
