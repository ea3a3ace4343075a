"""Single sounds: what the tagger calls each, and when a detector of onsets and offsets heard it begin and end."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import numpy as np
import numpy.typing as npt
from pydantic import Field

from reelscribe.v1.analyzer_pb2 import Method
from reelscribe.v1.finding_pb2 import Finding
from reelscribe.v1.sound_pb2 import SoundEvent
from services.audio.effects.edges import BandLevels, Edges
from services.audio.effects.events import PlacedSound, TaggedSound, begun_together, tagged_sounds
from services.audio.effects.looks import HOP_S, LOOK_S, Looks, newly_heard, no_longer_heard, not_explained
from services.audio.effects.vocabulary import explaining, single_sounds
from services.audio.percepts.sounds import labels_in
from services.audio.percepts.voice import SPEECH_SAMPLES
from services.audio.sound_families import members_of
from services.common.analyzer import Analyzer, AnalyzerSettings
from services.common.device import Device
from services.common.litert import LiteRtNetwork
from services.common.time import span
from services.common.weights import locate
from services.common.window import Part, SampleBatch, Window

SWELL_S = 0.2
"""A sound that swells has begun this much before the tagger knows it."""

LEAST_RISE_DB = 3.0
"""Mean rise of the bands without which nothing has begun: their powers double. White noise stays below 1.7."""

ALTERNATIVE_COUNT = 4

Samples = npt.NDArray[np.float32]


class SoundEffectsSettings(AnalyzerSettings):
    """When a sound counts as heard."""

    threshold: float = Field(default=0.3, gt=0.0, lt=1.0)
    """Score at which the tagger knows a sound; as audio_environment's."""


class SoundEffects(Analyzer):
    """Single sounds (bark, door, click, laughter, applause, whoosh ...), each from where it begins to where it ends.

    Labels: those of AudioSet's class names, in snake_case, that name a sound with a beginning: no speech, music,
    weather, engines or rooms. `confidence` is YAMNet's highest score of the label in looks of half a second; what is
    speech or music in the whole second around a look, and no such sound there, is none.
    """

    name = "sound_effects"
    method = Method.METHOD_MODEL
    needs = SPEECH_SAMPLES
    weights = ("yamnet",)
    Settings = SoundEffectsSettings

    def load(self, device: Device) -> None:
        installed = locate("yamnet")
        self._network = LiteRtNetwork(installed, device, extra="audio", precision="float32")
        labels = labels_in(installed.path)
        self._columns = single_sounds(labels)
        self._explaining = explaining(labels)
        self._labels = tuple(labels[index] for index in self._columns)
        row = {index: position for position, index in enumerate(self._columns)}
        self._members = {
            row[gathering]: frozenset(row[member] for member in members if member in row)
            for gathering, members in members_of(labels).items()
            if gathering in row
        }
        self.models = (self._network.model,)

    def analyze(self, part: Part, windows: Iterator[Window]) -> Iterator[Finding]:
        settings = part.settings if isinstance(part.settings, SoundEffectsSettings) else self.Settings()
        looks, levels = Looks(partial(self._judge, settings.threshold)), BandLevels(SPEECH_SAMPLES.sample_rate_hz)
        length_s = 0.0
        for window in windows:
            batch: SampleBatch = window[SPEECH_SAMPLES]
            looks.push(batch.mono)
            levels.push(batch.mono)
            length_s += len(batch) / batch.sample_rate_hz
        if not length_s:
            return
        edges, scores = levels.edges(), looks.finish()
        tagged = tagged_sounds(scores, threshold=settings.threshold, members=self._members)
        placed = [_placed(sound, scores[:, sound.columns].max(axis=1), edges, length_s) for sound in tagged]
        for sound in begun_together([each for each in placed if each is not None]):
            yield self._finding(sound, edges, part.start_s)

    def _judge(self, threshold: float, look: Samples, around: Samples) -> Samples:
        """(15600,) both -> (n,) scores of the single sounds. `around` is heard only where the look knows one."""
        scores = self._scores(look)[list(self._columns)]
        if scores.max() < threshold:
            return scores
        context = self._scores(around)
        return not_explained(scores, context[list(self._columns)], float(context[list(self._explaining)].max()))

    def _scores(self, frame: Samples) -> Samples:
        """(15600,) -> (521,)."""
        (scores, *_) = self._network(frame.reshape(self._network.input_shape))
        return np.array(scores[0], np.float32)

    def _finding(self, sound: PlacedSound, edges: Edges, start_s: float) -> Finding:
        (label, score), *others = sound.classes
        return Finding(
            span=span(start_s + sound.start_s, start_s + sound.end_s),
            label=self._labels[label],
            confidence=min(1.0, score),
            sound_event=SoundEvent(
                rise_db=edges.rise_db(sound.start_s),
                peak_dbfs=edges.peak_dbfs(sound.start_s, sound.end_s),
                alternatives=[self._labels[other] for other, _ in others[:ALTERNATIVE_COUNT]],
            ),
        )


def _placed(sound: TaggedSound, scores: npt.NDArray[np.float32], edges: Edges, length_s: float) -> PlacedSound | None:
    """When a sound is heard, from its `scores` (looks,) and the edges; None where nothing begins."""
    first_s, last_s = sound.first_look * HOP_S, sound.last_look * HOP_S
    onset = edges.onset(first_s - SWELL_S, first_s + LOOK_S, partial(newly_heard, scores))
    if onset.strength_db < LEAST_RISE_DB:
        return None
    last_s = max(last_s, onset.at_s)
    offset = edges.offset(max(last_s, onset.at_s + HOP_S), last_s + LOOK_S, partial(no_longer_heard, scores))
    end_s = edges.decayed_s(onset.at_s, offset.at_s)
    return PlacedSound(start_s=onset.at_s, end_s=max(onset.at_s, min(end_s, length_s)), classes=sound.classes)
