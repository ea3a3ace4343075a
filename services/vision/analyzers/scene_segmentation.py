"""Scenes: runs of shots that show one place and content, each with the frame that stands for it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from pydantic import Field

from reelscribe.v1.analyzer_pb2 import Method
from reelscribe.v1.finding_pb2 import Finding, Scene
from services.common.analyzer import Analyzer, AnalyzerSettings
from services.common.time import duration, span
from services.common.window import Part, Window
from services.vision.percepts.scene_features import SceneFeatures, ShotFeatures
from services.vision.percepts.shots import NEED
from services.vision.places.grouping import SceneGrouping
from services.vision.places.likeness import SAME_PLACE, most_typical


class SceneSegmentationSettings(AnalyzerSettings):
    """How alike the shots of one scene are."""

    likeness_threshold: float = Field(default=SAME_PLACE, ge=0.0, le=1.0)
    """Cosine, [0, 1], from which on a shot belongs to a scene; higher splits more. Black and white needs 0.18 more."""


class SceneSegmentation(Analyzer):
    """Shots grouped into scenes by place and content.

    Label: `scene`, one for each run of successive shots of a scene; a scene that is cut back to has a further finding
    under its old number. Likeness is the cosine of two frames' vectors: four fifths the features of an image
    classifier, one fifth their colours. What kind of place it is, is not told. The representative frame is the one
    of the run's frames, looked at about once a second, that is most like the others; `cohesion` is their mean likeness
    to it. A scene is told when the next one begins. A camera that moves on within a shot stays in its scene.
    """

    name = "scene_segmentation"
    method = Method.METHOD_MODEL
    needs = NEED
    uses = (SceneFeatures,)
    Settings = SceneSegmentationSettings

    def analyze(self, part: Part, windows: Iterator[Window]) -> Iterator[Finding]:
        assert isinstance(part.settings, SceneSegmentationSettings)
        grouping = SceneGrouping(part.settings.likeness_threshold)
        run: list[ShotFeatures] = []
        current = 0
        for window in windows:
            for shot in window[SceneFeatures]:
                index = grouping.place(shot.signatures)
                if run and index != current:
                    yield _scene(current, run)
                    run = []
                run.append(shot)
                current = index
        if run:
            yield _scene(current, run)


def _scene(index: int, run: Sequence[ShotFeatures]) -> Finding:
    signatures = np.concatenate([shot.signatures for shot in run])
    pts_s = np.concatenate([shot.pts_s for shot in run])
    frame_index = np.concatenate([shot.frame_index for shot in run])
    typical = most_typical(signatures)
    scene = Scene(
        index=index,
        shot_indices=[shot.shot.index for shot in run],
        representative_offset=duration(float(pts_s[typical])),
        representative_frame_index=int(frame_index[typical]),
    )
    if len(signatures) > 1:
        scene.cohesion = float(np.delete(signatures @ signatures[typical], typical).mean())
    return Finding(
        span=span(run[0].shot.start.offset_s, run[-1].shot.end.offset_s),
        label="scene",
        scene=scene,
    )
