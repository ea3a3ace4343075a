"""What is heard besides words: stretches of AudioSet's sound classes, from YAMNet's scores."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
from pydantic import Field

from reelscribe.v1.analyzer_pb2 import Method
from reelscribe.v1.finding_pb2 import Finding, ScoreCurve
from services.audio.percepts.sounds import HOP_S, Sounds, SoundScores
from services.audio.percepts.voice import SPEECH_SAMPLES
from services.audio.sound_families import members_of
from services.common.analyzer import Analyzer, AnalyzerSettings
from services.common.device import Device
from services.common.time import duration, span
from services.common.window import Part, Window

SILENCE = "silence"
"""A class of AudioSet, but nothing that is heard: never reported."""

STEP_S = HOP_S / 2
"""Step of the reported curves. Half a hop, because the first and the last frame speak for one half more."""


class AudioEnvironmentSettings(AnalyzerSettings):
    """When a class counts as heard."""

    threshold: float = Field(default=0.3, gt=0.0, lt=1.0)
    """Score at which a stretch begins; it ends below half of it. 0.3 is where TensorFlow's own sample application for
    this model begins to show a class; it was not fitted to any clip here."""


"""What the threshold means for a reader: lower finds fainter sounds and more that are not there."""


@dataclass(slots=True)
class _Stretch:
    """A class while it is heard."""

    class_index: int
    first_frame: int
    scores: list[float] = field(default_factory=list)

    @property
    def end_frame(self) -> int:
        return self.first_frame + len(self.scores)

    def overlaps(self, other: _Stretch) -> bool:
        return self.first_frame < other.end_frame and other.first_frame < self.end_frame


class AudioEnvironment(Analyzer):
    """Sounds and surroundings (dog, rain, applause, music, speech ...) with when they are heard.

    Labels: AudioSet's 521 class names in snake_case, without "silence". One finding for each class and stretch;
    `confidence` is the mean score of the stretch, `scores` its curve. A class that only gathers others ("animal") is
    left out where one of them ("dog") is heard. A moment is judged by the frame in whose middle it lies.
    """

    name = "audio_environment"
    method = Method.METHOD_MODEL
    needs = SPEECH_SAMPLES
    uses = (Sounds,)
    Settings = AudioEnvironmentSettings

    def analyze(self, part: Part, windows: Iterator[Window]) -> Iterator[Finding]: ...
