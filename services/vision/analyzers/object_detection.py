"""Things of the 80 everyday classes of COCO, each followed over time as one track."""

from __future__ import annotations

from collections.abc import Iterator

from reelscribe.v1.analyzer_pb2 import Method
from reelscribe.v1.finding_pb2 import Box, Finding, Track, TrackedBox
from services.common.analyzer import Analyzer
from services.common.time import duration, span
from services.common.window import Part, Window
from services.vision.percepts.objects import NEED
from services.vision.percepts.tracks import ObjectTrack, Tracks


class ObjectDetection(Analyzer):
    """Objects by class, one track for each physical thing, looked for five times a second.

    Labels: the class names of COCO, with `_` for blanks ("person", "cell_phone"). `confidence` is the mean of the
    detector's scores over the track. A thing keeps its track while it is hidden for up to two seconds, and across a
    cut where the same thing is seen in the same place; otherwise it gets a new one. What was seen once only, in a
    shot with more sampled frames, is left out unless the detector was rather sure. Settings: those of `objects`.
    """

    name = "object_detection"
    method = Method.METHOD_MODEL
    needs = NEED
    uses = (Tracks,)

    def analyze(self, part: Part, windows: Iterator[Window]) -> Iterator[Finding]:
        for window in windows:
            for track in window[Tracks]:
                yield _finding(track)


def _finding(track: ObjectTrack) -> Finding:
    boxes = []
    for sighting in track.sightings:
        left, top, right, bottom = sighting.box
        box = Box(left=left, top=top, right=right, bottom=bottom)
        boxes.append(TrackedBox(offset=duration(sighting.pts_s), box=box, confidence=sighting.score))
    return Finding(
        span=span(track.sightings[0].pts_s, track.sightings[-1].end_s),
        label=track.class_name,
        confidence=track.score,
        track=Track(track_id=track.track_id, boxes=boxes),
    )
