"""Tracks, as a percept: the objects of the video, each followed over time."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
from pydantic import Field

from services.common.analyzer import AnalyzerSettings, Percept
from services.common.device import Device
from services.common.errors import InvalidSetting
from services.common.weights import locate
from services.common.window import Frames, Part, Window
from services.vision.percepts.appearance import appearance_of
from services.vision.percepts.object_detector import Detections, ObjectDetector
from services.vision.percepts.shot_changes import ChangeKind
from services.vision.percepts.shots import ShotChange, Shots
from services.vision.percepts.tracker import Seen, Tracker

NEED = Frames(rate_hz=5.0, long_side_px=640)
"""At 5 Hz a walking person still overlaps himself from frame to frame, at a third of the cost of 15 Hz."""

WEAK_SCORE = 0.1
"""Detections from here up to the threshold keep a track alive, and are not reported."""

FLICKER_SCORE = 0.5
"""A thing seen in a single frame of a shot that had more of them is kept only from this score: rather so than not."""


class TracksSettings(AnalyzerSettings):
    """Which detector, and from which score on a detection counts."""

    model: Literal["yolo11n", "yolo11x", "yolo26n"] = "yolo11n"
    """Weights by their name in the catalogue. Chosen when the service starts; a request cannot change it."""
    confidence_threshold: float = Field(default=0.25, ge=WEAK_SCORE, le=1.0)
    """The detector's score, [0.1, 1], from which on a thing counts as seen; 0.25 is ultralytics' own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """A thing in one sampled frame."""

    pts_s: float
    end_s: float
    """When the next sampled frame comes, or the video or shot ends."""
    box: tuple[float, float, float, float]
    """left, top, right, bottom in [0, 1]."""
    score: float
    """The detector's, [0, 1]."""
    class_name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectTrack:
    """One physical thing, from when it was first seen to the end of the frame in which it was seen last."""

    track_id: int
    class_name: str
    """Of all classes it was taken for, the one with the greatest sum of scores."""
    sightings: tuple[Sighting, ...]

    @property
    def score(self) -> float:
        """Mean of the detector's scores."""
        return float(np.mean([sighting.score for sighting in self.sightings]))


class Tracks(Percept):
    """`window[Tracks]`: tuple[ObjectTrack, ...], those known to be complete; with the last window, all that are left.

    A track ends when its thing was not seen for two seconds, or not recognised within five after a change of shot.
    """

    needs = NEED
    uses = (Shots,)
    weights = ("yolo11n",)
    Settings = TracksSettings

    def load(self, device: Device) -> None:
        assert isinstance(self.settings, TracksSettings)
        self._detector = ObjectDetector(locate(self.settings.model), device)
        self.models = (self._detector.model,)

    def perceive(self, part: Part, windows: Iterator[Window]) -> Iterator[tuple[ObjectTrack, ...]]:
        assert isinstance(part.settings, TracksSettings)
        if part.settings.model != self._detector.model.name:
            raise InvalidSetting(f"this service detects with {self._detector.model.name}, not {part.settings.model}")
        follower = _Follower(self._detector.names, part.settings.confidence_threshold)
        held: tuple[ObjectTrack, ...] | None = None
        for window in windows:
            if held is not None:
                yield held
            batch = window[NEED]
            detections = self._detector.detect(batch.rgb, WEAK_SCORE) if len(batch) else []
            held = follower.follow(window, detections)
        if held is not None:
            yield held + follower.finish()


class _Follower:
    """Detections in, complete tracks out."""

    def __init__(self, names: dict[int, str], threshold: float) -> None:
        self._names = names
        self._threshold = threshold
        self._tracker = Tracker()
        self._sightings: dict[int, list[Sighting]] = defaultdict(list)
        self._shot_of: dict[int, int] = {}
        self._frames_in_shot = [0]
        self._borders: deque[float] = deque()

    def follow(self, window: Window, detections: list[Detections]) -> tuple[ObjectTrack, ...]:
        """Take a window; the tracks that are complete by its end."""
        self._borders.extend(border_s(change) for change in window[Shots])
        batch = window[NEED]
        ends_s = np.append(batch.pts_s[1:], window.end_s)
        for row, found in enumerate(detections):
            pts_s = float(batch.pts_s[row])
            self._enter(pts_s)
            seen = _seen(batch.rgb[row], found, self._threshold)
            end_s = min(float(ends_s[row]), self._borders[0] if self._borders else np.inf)
            for track_id, box, score, kind in zip(
                self._tracker.update(pts_s, seen), found.boxes, found.scores, found.classes, strict=True
            ):
                if track_id is not None and score >= self._threshold:
                    self._note(
                        track_id,
                        Sighting(
                            pts_s=pts_s,
                            end_s=end_s,
                            box=(float(box[0]), float(box[1]), float(box[2]), float(box[3])),
                            score=float(score),
                            class_name=self._names[int(kind)],
                        ),
                    )
        return self._complete(self._tracker.take_over(window.end_s))

    def finish(self) -> tuple[ObjectTrack, ...]:
        """The tracks that were still open."""
        return self._complete(list(self._sightings))

    def _enter(self, pts_s: float) -> None:
        """Begin a new shot for each border up to this frame, and count the frame to its shot."""
        while self._borders and self._borders[0] <= pts_s:
            self._tracker.change_shot(self._borders.popleft())
            self._frames_in_shot.append(0)
        self._frames_in_shot[-1] += 1

    def _note(self, track_id: int, sighting: Sighting) -> None:
        self._sightings[track_id].append(sighting)
        self._shot_of[track_id] = len(self._frames_in_shot) - 1

    def _complete(self, track_ids: list[int]) -> tuple[ObjectTrack, ...]:
        tracks = []
        for track_id in track_ids:
            sightings = self._sightings.pop(track_id)
            had_chances = self._frames_in_shot[self._shot_of.pop(track_id)] > 1
            if len(sightings) > 1 or not had_chances or sightings[0].score >= FLICKER_SCORE:
                tracks.append(_track(track_id, sightings))
        return tuple(tracks)


def border_s(change: ShotChange) -> float:
    """The moment from which on a frame belongs to the new shot: the cut, or the middle of a gradual change."""
    return change.start_s if change.kind is ChangeKind.HARD_CUT else (change.start_s + change.end_s) / 2


def _seen(frame: npt.NDArray[np.uint8], found: Detections, threshold: float) -> Seen:
    return Seen(
        boxes=found.boxes,
        classes=found.classes,
        strong=found.scores >= threshold,
        appearances=[appearance_of(frame, box) for box in found.boxes],
    )


def _track(track_id: int, sightings: list[Sighting]) -> ObjectTrack:
    votes: dict[str, float] = defaultdict(float)
    for sighting in sightings:
        votes[sighting.class_name] += sighting.score
    return ObjectTrack(
        track_id=track_id, class_name=max(votes, key=lambda name: votes[name]), sightings=tuple(sightings)
    )
