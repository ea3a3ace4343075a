"""Sounds: YAMNet's scores of 521 AudioSet classes, twice a second, each frame of sound judged once."""

from __future__ import annotations

import math
import re
import zipfile
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from services.audio.percepts.voice import SPEECH_SAMPLES
from services.common.analyzer import Percept
from services.common.device import Device
from services.common.errors import WeightsDamaged
from services.common.litert import LiteRtNetwork
from services.common.weights import locate
from services.common.window import PTS_TOLERANCE_S, Part, Window

FRAME_SAMPLES = 15600
"""What YAMNet judges at a time: 0.975 s at 16 kHz."""

HOP_SAMPLES = 7800
"""Half of it, the overlap YAMNet was evaluated with: every moment is in the middle half of one frame."""

FRAME_S, HOP_S = FRAME_SAMPLES / 16000, HOP_SAMPLES / 16000

CLASS_COUNT = 521

LABELS_MEMBER = "yamnet_label_list.txt"
"""The names of the classes, zipped into the weights file itself."""

Sound = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True, kw_only=True)
class SoundScores:
    """YAMNet's frames that start in one window: `window[Sounds]`."""

    first_frame: int
    """Index of the first one in the part; frame k starts k * HOP_S after the part's first sample."""
    origin_s: float
    """Time of the part's first sample, seconds of the video."""
    labels: tuple[str, ...]
    """The 521 classes in the order of the scores: AudioSet's names in snake_case."""
    scores: Sound
    """(n, 521) in [0, 1], independent of each other and not calibrated between classes (so its publishers)."""


def heard_from_s(frame: int, origin_s: float) -> float:
    """Where the middle half of a frame begins, which it alone speaks for; the first speaks for what is before too."""
    return origin_s + (frame * HOP_S + HOP_S / 2 if frame else 0.0)


class Sounds(Percept):
    """YAMNet over every sample. A window's value lags until its last frame is complete: at most 0.975 s more.

    The last frame is filled up with silence.
    """

    needs = SPEECH_SAMPLES
    weights = ("yamnet",)

    def load(self, device: Device) -> None:
        installed = locate("yamnet")
        self._network = LiteRtNetwork(installed, device, extra="audio", precision="float32")
        self._labels = labels_in(installed.path)
        takes, gives = self._network.input_shape, self._network.output_shapes
        if gives[0] != (1, CLASS_COUNT) or math.prod(takes) != FRAME_SAMPLES:
            raise WeightsDamaged(f"{installed.path} is not YAMNet: {takes} -> {gives}")
        self.models = (self._network.model,)

    def perceive(self, part: Part, windows: Iterator[Window]) -> Iterator[SoundScores]:
        listening = _Listening(self._judge, self._labels)
        waiting: deque[Window] = deque()
        for window in windows:
            batch = window[SPEECH_SAMPLES]
            listening.hear(batch.mono, batch.start_s)
            waiting.append(window)
            while waiting and listening.knows(waiting[0].end_s):
                yield listening.scores_until(waiting.popleft().end_s)
        listening.finish()
        while waiting:
            yield listening.scores_until(waiting.popleft().end_s)

    def _judge(self, frames: Sound) -> Sound:
        """(n, 15600) -> (n, 521)."""
        found = np.empty((len(frames), CLASS_COUNT), np.float32)
        for row, frame in enumerate(frames):
            found[row] = self._network(frame.reshape(self._network.input_shape))[0][0]
        return found


class _Listening:
    """One part: the samples of frames not complete yet, and scores not given out yet."""

    def __init__(self, judge: Callable[[Sound], Sound], labels: tuple[str, ...]) -> None:
        self._judge = judge
        self._labels = labels
        self._rest: Sound = np.empty(0, np.float32)
        self._start_s: float | None = None
        self._judged_any = False
        self._given = 0
        self._scores: Sound = np.empty((0, CLASS_COUNT), np.float32)

    def hear(self, samples: Sound, start_s: float) -> None:
        """Take the next samples (n,); complete frames are judged at once."""
        if self._start_s is None and len(samples):
            self._start_s = start_s
        self._rest = np.concatenate([self._rest, samples])
        count = max(0, (len(self._rest) - FRAME_SAMPLES) // HOP_SAMPLES + 1)
        if count:
            frames = np.lib.stride_tricks.sliding_window_view(self._rest, FRAME_SAMPLES)[::HOP_SAMPLES][:count]
            self._take(frames)
            self._rest = self._rest[count * HOP_SAMPLES :].copy()

    def finish(self) -> None:
        """Judge the end: what no frame has held yet."""
        unheard = len(self._rest) - (FRAME_SAMPLES - HOP_SAMPLES if self._judged_any else 0)
        if unheard > 0:
            self._take(np.pad(self._rest, (0, FRAME_SAMPLES - len(self._rest)))[None])
            self._rest = self._rest[:0]

    def knows(self, time_s: float) -> bool:
        """Whether every frame that starts before was judged."""
        return self._start_s is not None and self._given + len(self._scores) >= self._frame_at(time_s)

    def scores_until(self, time_s: float) -> SoundScores:
        """The frames that start before, from where the last call ended."""
        count = min(max(0, self._frame_at(time_s) - self._given), len(self._scores))
        value = SoundScores(
            first_frame=self._given,
            origin_s=self._start_s or 0.0,
            labels=self._labels,
            scores=self._scores[:count],
        )
        self._scores = self._scores[count:]
        self._given += count
        return value

    def _frame_at(self, time_s: float) -> int:
        return int(np.ceil((time_s - (self._start_s or 0.0) - PTS_TOLERANCE_S) / HOP_S))

    def _take(self, frames: Sound) -> None:
        self._scores = np.concatenate([self._scores, self._judge(frames)])
        self._judged_any = True


def labels_in(path: Path) -> tuple[str, ...]:
    """The class names zipped into the weights file, in snake_case. Raises WeightsDamaged where they are not."""
    try:
        names = zipfile.ZipFile(path).read(LABELS_MEMBER).decode().splitlines()
    except (zipfile.BadZipFile, KeyError) as problem:
        raise WeightsDamaged(f"{path} carries no {LABELS_MEMBER}") from problem
    labels = tuple(snake_case(name) for name in names if name.strip())
    if len(labels) != CLASS_COUNT:
        raise WeightsDamaged(f"{path} names {len(labels)} classes, not {CLASS_COUNT}")
    return labels


def snake_case(name: str) -> str:
    """AudioSet's name of a class as a label.

    >>> snake_case("Domestic animals, pets")
    'domestic_animals_pets'
    """
    return re.sub(r"[^a-z0-9]+", "_", name.replace("'", "").lower()).strip("_")
