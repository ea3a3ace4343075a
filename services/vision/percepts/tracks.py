"""Tracks, as a percept: the objects of the video, each as a whole, once it is known to be complete."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from services.common.analyzer import Percept
from services.common.window import Part, Window
from services.vision.percepts.objects import NEED, Edges, Objects, ObjectsInWindow

FLICKER_SCORE = 0.5
"""A thing seen in a single frame of a shot that had more of them is kept only from this score: rather so than not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """A thing in one sampled frame."""

    pts_s: float
    end_s: float
    """When the next sampled frame comes, or the video or shot ends."""
    box: Edges
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
    uses = (Objects,)

    def perceive(self, part: Part, windows: Iterator[Window]) -> Iterator[tuple[ObjectTrack, ...]]:
        collector = _Collector()
        held: tuple[ObjectTrack, ...] | None = None
        for window in windows:
            if held is not None:
                yield held
            held = collector.take(window[Objects])
        if held is not None:
            yield held + collector.finish()


class _Collector:
    """Frames with numbered things in, complete tracks out."""

    def __init__(self) -> None:
        self._sightings: dict[int, list[Sighting]] = defaultdict(list)
        self._shot_of: dict[int, int] = {}
        self._frames_in_shot: dict[int, int] = defaultdict(int)

    def take(self, seen: ObjectsInWindow) -> tuple[ObjectTrack, ...]:
        for frame in seen.frames:
            self._frames_in_shot[frame.shot] += 1
            for thing in frame.objects:
                self._sightings[thing.track_id].append(
                    Sighting(
                        pts_s=frame.pts_s,
                        end_s=frame.end_s,
                        box=thing.box,
                        score=thing.score,
                        class_name=thing.class_name,
                    )
                )
                self._shot_of[thing.track_id] = frame.shot
        return self._complete(track_id for track_id in seen.over if track_id in self._sightings)

    def finish(self) -> tuple[ObjectTrack, ...]:
        """The tracks that were still open."""
        return self._complete(list(self._sightings))

    def _complete(self, track_ids: Iterable[int]) -> tuple[ObjectTrack, ...]:
        tracks = []
        for track_id in track_ids:
            sightings = self._sightings.pop(track_id)
            had_chances = self._frames_in_shot[self._shot_of.pop(track_id)] > 1
            if len(sightings) > 1 or not had_chances or sightings[0].score >= FLICKER_SCORE:
                tracks.append(_track(track_id, sightings))
        return tuple(tracks)


def _track(track_id: int, sightings: list[Sighting]) -> ObjectTrack:
    votes: dict[str, float] = defaultdict(float)
    for sighting in sightings:
        votes[sighting.class_name] += sighting.score
    return ObjectTrack(
        track_id=track_id, class_name=max(votes, key=lambda name: votes[name]), sightings=tuple(sightings)
    )
