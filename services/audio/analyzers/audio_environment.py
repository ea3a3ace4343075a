"""What is heard: stretches of AudioSet's sound classes, from YAMNet's scores."""

from __future__ import annotations

from collections.abc import Iterator
from math import ceil

from pydantic import Field

from reelscribe.v1.analyzer_pb2 import Method
from reelscribe.v1.finding_pb2 import Finding, ScoreCurve
from services.audio.percepts.sounds import HOP_S, Sounds, SoundScores, heard_from_s
from services.audio.percepts.voice import SPEECH_SAMPLES
from services.audio.sound_families import members_of
from services.audio.sound_stretches import Stretch, StretchFinder
from services.common.analyzer import Analyzer, AnalyzerSettings
from services.common.time import duration, span
from services.common.window import Part, SampleBatch, Window

SILENCE = "silence"
"""A class of AudioSet, but nothing that is heard: never reported."""

STEP_S = HOP_S / 2
"""Step of the reported curves. Half a hop, because the first and the last frame speak for one half more."""


class AudioEnvironmentSettings(AnalyzerSettings):
    """When a class counts as heard."""

    threshold: float = Field(default=0.3, gt=0.0, lt=1.0)
    """Score at which a stretch begins; it ends below half of it. 0.3 is where TensorFlow's own sample application for
    this model begins to show a class; it was not fitted to any clip here."""


class AudioEnvironment(Analyzer):
    """Sounds and surroundings (dog, rain, applause, music, speech ...), with when they are heard.

    Labels: AudioSet's 521 class names in snake_case, without "silence". One finding for each class and stretch;
    `confidence` is the mean score of its frames, `scores` their curve. A class that only gathers others ("animal")
    is left out where one of them ("dog") is heard. A moment is judged by the frame in whose middle it lies.
    """

    name = "audio_environment"
    method = Method.METHOD_MODEL
    needs = SPEECH_SAMPLES
    uses = (Sounds,)
    Settings = AudioEnvironmentSettings

    def analyze(self, part: Part, windows: Iterator[Window]) -> Iterator[Finding]:
        settings = part.settings if isinstance(part.settings, AudioEnvironmentSettings) else self.Settings()
        finder: StretchFinder | None = None
        end_s = part.start_s
        for window in windows:
            batch: SampleBatch = window[SPEECH_SAMPLES]
            sounds: SoundScores = window[Sounds]
            if len(batch):
                end_s = batch.start_s + len(batch) / batch.sample_rate_hz
            if finder is None:
                finder = _finder(sounds.labels, settings.threshold)
            for stretch in finder.push(sounds.scores):
                yield _finding(stretch, sounds, heard_from_s(stretch.end_frame, sounds.origin_s))
        if finder is not None:
            for stretch in finder.finish():
                yield _finding(stretch, sounds, end_s)


def _finder(labels: tuple[str, ...], threshold: float) -> StretchFinder:
    return StretchFinder(threshold=threshold, ignored=(labels.index(SILENCE),), members=members_of(labels))


def _finding(stretch: Stretch, sounds: SoundScores, end_s: float) -> Finding:
    start_s = heard_from_s(stretch.first_frame, sounds.origin_s)
    return Finding(
        span=span(start_s, max(start_s, end_s)),
        label=sounds.labels[stretch.class_index],
        confidence=min(1.0, sum(stretch.scores) / len(stretch.scores)),
        scores=ScoreCurve(step_duration=duration(STEP_S), values=_curve(stretch, end_s - start_s)),
    )


def _curve(stretch: Stretch, length_s: float) -> list[float]:
    """The scores in steps of STEP_S over the whole span: two for each frame, one more for the first and the last."""
    before = 1 if stretch.first_frame == 0 else 0
    count = max(1, ceil(length_s / STEP_S - 1e-6))
    rows = (min(max(0, (step - before) // 2), len(stretch.scores) - 1) for step in range(count))
    return [stretch.scores[row] for row in rows]
