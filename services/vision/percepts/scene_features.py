"""What each shot looks like, as a percept: frames about a second apart, each reduced to a vector."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from services.common.analyzer import Percept
from services.common.device import Device
from services.common.weights import locate
from services.common.window import FrameBatch, Part, Window
from services.vision.inner_picture import inner_picture
from services.vision.percepts.scene_network import INPUT_PX, SceneNetwork
from services.vision.percepts.shot_spans import ShotEdge, ShotSpan, ShotSpans
from services.vision.percepts.shots import NEED, ShotChange, Shots
from services.vision.places.likeness import Signature, signatures

STEP_S = 1.0
"""A stretch of a shot within a window is looked at once for each of these it lasts, and at least once."""

BATCH_FRAMES = 8
"""Frames that wait at most until they are looked at together, unless their shot ends."""

SIGNATURE = Callable[[npt.NDArray[np.uint8]], Signature]
"""(n, 224, 224, 3) RGB -> (n, SIGNATURE_LENGTH)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShotFeatures:
    """One shot, and the frames it was looked at in; arrays of one length, at least 1, in order of time."""

    shot: ShotSpan
    frame_index: npt.NDArray[np.int64]
    pts_s: npt.NDArray[np.float64]
    signatures: Signature


class SceneFeatures(Percept):
    """`window[SceneFeatures]`: tuple[ShotFeatures, ...], the shots that ended in it; with the last window all others.

    Frames are taken from the middle of what a window shows of a shot, so the shortest shot has one.
    """

    needs = NEED
    uses = (Shots,)
    weights = ("efficientnet-lite0",)

    def load(self, device: Device) -> None:
        self._network = SceneNetwork(locate("efficientnet-lite0"), device)
        self.models = (self._network.model,)

    def perceive(self, part: Part, windows: Iterator[Window]) -> Iterator[tuple[ShotFeatures, ...]]:
        looks = _Looks(part.start_s, self._signatures)
        held: tuple[ShotFeatures, ...] | None = None
        for window in windows:
            if held is not None:
                yield held
            held = looks.take(window)
        if held is not None:
            yield held + looks.finish()

    def _signatures(self, squares: npt.NDArray[np.uint8]) -> Signature:
        return signatures(self._network.features(squares), squares)


class _Looks:
    """Windows in, complete shots with their looks out."""

    def __init__(self, start_s: float, signature: SIGNATURE) -> None:
        self._spans = ShotSpans(start_s)
        self._signature = signature
        self._seen: list[tuple[int, float]] = []  # frame index and time of each look at the open shot
        self._done: list[Signature] = []
        self._waiting: list[npt.NDArray[np.uint8]] = []

    def take(self, window: Window) -> tuple[ShotFeatures, ...]:
        batch: FrameBatch = window[NEED]
        changes: tuple[ShotChange, ...] = window[Shots]
        self._spans.see(batch, window.end_s)
        complete = []
        for change in changes:
            self._look(batch, until=change.frame_index, end_s=change.start_s)
            if shot := self._spans.close(change):
                complete += self._collected(shot)
        self._look(batch, until=self._spans.end.frame_index, end_s=window.end_s)
        return tuple(complete)

    def finish(self) -> tuple[ShotFeatures, ...]:
        shot = self._spans.finish()
        return tuple(self._collected(shot)) if shot else ()

    def _look(self, batch: FrameBatch, *, until: int, end_s: float) -> None:
        """Look at what the window shows of the open shot before the frame `until`."""
        start: ShotEdge | None = self._spans.start
        if start is None or not len(batch):
            return
        first, after = np.searchsorted(batch.index, [start.frame_index, until])
        if first >= after:
            return
        count = min(max(1, round((end_s - float(batch.pts_s[first])) / STEP_S)), int(after - first))
        for step in range(count):
            row = int(first + (2 * step + 1) * (after - first) // (2 * count))
            self._seen.append((int(batch.index[row]), float(batch.pts_s[row])))
            self._waiting.append(_square(batch.rgb[row]))
        if len(self._waiting) >= BATCH_FRAMES:
            self._reduce()

    def _reduce(self) -> None:
        if self._waiting:
            self._done.append(self._signature(np.stack(self._waiting)))
            self._waiting = []

    def _collected(self, shot: ShotSpan) -> list[ShotFeatures]:
        self._reduce()
        seen, done = self._seen, self._done
        self._seen, self._done = [], []
        if not seen:
            return []
        frame_index, pts_s = zip(*seen, strict=True)
        return [
            ShotFeatures(
                shot=shot,
                frame_index=np.array(frame_index, np.int64),
                pts_s=np.array(pts_s, np.float64),
                signatures=np.concatenate(done),
            )
        ]


def _square(frame: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    """The whole picture without bars, squeezed: what lies at its sides belongs to the place as well."""
    import cv2

    picture = inner_picture(frame)
    square: npt.NDArray[np.uint8] = cv2.resize(picture, (INPUT_PX, INPUT_PX), interpolation=cv2.INTER_AREA)
    return square
