"""How each shot is composed: its subject against thirds and centre, symmetry, headroom, lead room, focus."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from reelscribe.v1.analyzer_pb2 import Method
from reelscribe.v1.finding_pb2 import Finding
from services.common.analyzer import Analyzer
from services.common.device import Device
from services.common.errors import LibraryNotInstalled
from services.common.time import span
from services.common.window import PTS_TOLERANCE_S, Part, Window
from services.vision.composition.measures import FrameComposition, composed
from services.vision.composition.summary import label_of, summed_up, whom
from services.vision.percepts.faces import Faces
from services.vision.percepts.objects import NEED, Objects
from services.vision.percepts.shots import Shots
from services.vision.shot_clock import ShotClock

SAMPLE_INTERVAL_S = 0.5
"""Between two frames that are looked at, at least: a composition changes no faster than people move."""

SYMMETRIC = 0.9
"""Correlation with the mirror image from which on a shot is called symmetric: each half tells four fifths (0.81) of
what there is to know of the other."""


class CompositionAnalysis(Analyzer):
    """Where the subject of each shot stands, how symmetric the picture is, the room around people, a cue of depth.

    Labels: one per shot for its subject's anchor: `centred` or `on_thirds` (within a twelfth of the diagonal of the
    centre, or of a crossing of thirds), `off_grid`, `no_subject` (then only symmetry is measured); and `symmetric`
    beside it where the picture is like its mirror image. The subject is the largest face, else person, else other
    thing, else what stands out by colour, in most frames; `Finding.subject` names it by face and track. Measured on
    frames about twice a second, as medians; the frames of a gradual change are left out. A band of black or blur
    above and below is part of the picture, and symmetric.
    """

    name = "composition_analysis"
    method = Method.METHOD_MODEL
    needs = NEED
    uses = (Shots, Objects, Faces)

    def load(self, device: Device) -> None:
        """See Analyzer.load."""
        try:
            import cv2
        except ImportError:
            raise LibraryNotInstalled("opencv-python", "vision") from None
        cv2.setNumThreads(device.threads_per_call)  # one number for the whole process

    def analyze(self, part: Part, windows: Iterator[Window]) -> Iterator[Finding]:
        clock = ShotClock(part.start_s)
        frames: list[FrameComposition] = []
        looked_s, end_s = -np.inf, part.start_s
        for window in windows:
            clock.learn(window[Shots])
            batch = window[NEED]
            looked_count = 0
            for row, (things, seen) in enumerate(zip(window[Objects].frames, window[Faces], strict=True)):
                pts_s = things.pts_s
                for shot in clock.ended_by(pts_s):
                    yield from _findings(shot, frames)
                    frames = []
                is_due = not frames or pts_s - looked_s >= SAMPLE_INTERVAL_S - PTS_TOLERANCE_S
                if is_due and clock.is_inside(pts_s):
                    frames.append(composed(batch.rgb[row], seen.faces, things.objects))
                    looked_s, looked_count = pts_s, looked_count + 1
            part.count_processed(looked_count)
            end_s = window.end_s
        for shot in clock.ended_by(end_s):
            yield from _findings(shot, frames)
            frames = []
        yield from _findings((clock.start_s, end_s), frames)


def _findings(shot: tuple[float, float], frames: Sequence[FrameComposition]) -> Iterator[Finding]:
    """One or two, or none where no frame of the shot was seen."""
    if not frames:
        return
    shape = summed_up(frames)
    yield Finding(span=span(*shot), label=label_of(shape), composition=shape, subject=whom(frames))
    if shape.symmetry >= SYMMETRIC:
        yield Finding(span=span(*shot), label="symmetric", composition=shape)
