"""What emotion each utterance sounds like to a trained network, as shares that sum to one."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from itertools import pairwise
from math import ceil
from typing import Literal

import numpy as np

from reelscribe.v1.analyzer_pb2 import Method
from reelscribe.v1.finding_pb2 import ClassDistribution, DistributionSample, Finding
from services.audio.delivery.emotions import EmotionReader
from services.audio.percepts.recent_sound import RecentSound
from services.audio.percepts.spoken_words import Utterance, utterances_from
from services.audio.percepts.transcript import Transcript
from services.audio.percepts.voice import SPEECH_SAMPLES
from services.common.analyzer import Analyzer, AnalyzerSettings
from services.common.device import Device
from services.common.time import duration, span
from services.common.weights import locate
from services.common.window import Part, Window

LONGEST_WINDOW_S = 8.0
"""Longer utterances are judged in equal pieces: the network learned on turns of 4.5 s on average (IEMOCAP)."""

SHORTEST_UTTERANCE_S = 1.0
"""Shorter ones are not judged: a "yes" is less than the network was trained on."""


class SpeechEmotionSettings(AnalyzerSettings):
    """Which network judges."""

    model: Literal["wav2vec2-base-superb-er"] = "wav2vec2-base-superb-er"
    """Weights by their name in the catalogue. Chosen when the service starts; a request cannot change it."""


class SpeechEmotion(Analyzer):
    """What emotion an utterance sounds like, as a model's estimate over four classes.

    Labels: `neutral`, `happy`, `angry`, `sad`: the one with the largest mean share, which is the `confidence`. One
    finding for each utterance of a second or more, with the shares of each window of at most 8 s. Trained on acted and
    improvised American English (IEMOCAP): in other languages it is less sure than it says.
    """

    name = "speech_emotion"
    method = Method.METHOD_MODEL
    needs = SPEECH_SAMPLES
    uses = (Transcript,)
    weights = ("wav2vec2-base-superb-er",)
    Settings = SpeechEmotionSettings

    def load(self, device: Device) -> None:
        assert isinstance(self.settings, SpeechEmotionSettings)
        self._reader = EmotionReader(locate(self.settings.model), device)
        self.models = (self._reader.model,)

    def analyze(self, part: Part, windows: Iterator[Window]) -> Iterator[Finding]:
        sound = RecentSound(SPEECH_SAMPLES.sample_rate_hz)
        waiting: deque[Utterance] = deque()
        for window in windows:
            batch = window[SPEECH_SAMPLES]
            sound.add(batch.mono, batch.start_s)
            waiting.extend(utterances_from(window[Transcript], part.own_start_s))
            while waiting and waiting[0].end_s <= sound.end_s:
                yield from self._judged(waiting.popleft(), sound)
            sound.forget(waiting[0].start_s if waiting else window.end_s)
        for utterance in waiting:
            yield from self._judged(utterance, sound)

    def _judged(self, utterance: Utterance, sound: RecentSound) -> Iterator[Finding]:
        edges_s = window_edges_s(utterance.start_s, utterance.end_s)
        if not edges_s:
            return
        names = self._reader.names
        shares = np.array([self._reader.shares(sound.cut(start_s, end_s)) for start_s, end_s in edges_s])
        lengths_s = np.array([end_s - start_s for start_s, end_s in edges_s])
        mean = np.average(shares, axis=0, weights=lengths_s)
        lead = int(mean.argmax())
        yield Finding(
            span=span(utterance.start_s, utterance.end_s),
            label=names[lead],
            confidence=min(1.0, float(mean[lead])),
            distribution=ClassDistribution(
                names=names,
                shares=mean.tolist(),
                samples=[
                    DistributionSample(offset=duration(start_s), shares=row.tolist())
                    for (start_s, _), row in zip(edges_s, shares, strict=True)
                ],
            ),
        )


def window_edges_s(start_s: float, end_s: float) -> list[tuple[float, float]]:
    """The equal windows that an utterance is judged in; none where it is too short.

    >>> window_edges_s(1.0, 13.0)
    [(1.0, 7.0), (7.0, 13.0)]
    """
    length_s = end_s - start_s
    if length_s < SHORTEST_UTTERANCE_S:
        return []
    count = ceil(length_s / LONGEST_WINDOW_S - 1e-9)
    edges_s = [start_s + length_s * piece / count for piece in range(count + 1)]
    return list(pairwise(edges_s))
