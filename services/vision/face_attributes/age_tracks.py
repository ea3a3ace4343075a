"""Age estimates of each face over its whole track: samples in, one summary out when the face will not come back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from services.vision.percepts.faces import FacesInFrame
from services.vision.percepts.tracker import PARKED_S

LOW_PERCENT, HIGH_PERCENT = 10.0, 90.0
"""Percentiles of a face's estimates that are told as its spread."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AgeSample:
    """What the networks said of a face in one frame."""

    pts_s: float
    end_s: float
    """Of the frame."""
    years: float
    genders: npt.NDArray[np.float64]
    """(2,) summing to 1."""


@dataclass(slots=True, kw_only=True)
class AgeTrack:
    """One face: where its person is followed, and all samples of it."""

    face_id: int
    seen_s: float = 0.0
    """When it was last seen, sampled or not."""
    owners: Counter[int] = field(default_factory=Counter)
    """How often each track of a person held it."""
    samples: list[AgeSample] = field(default_factory=list)

    @property
    def track_id(self) -> int | None:
        """The person that held it most often; None if nobody did."""
        return self.owners.most_common(1)[0][0] if self.owners else None

    @property
    def years(self) -> tuple[float, float, float]:
        """Low, median and high."""
        low, median, high = np.percentile([each.years for each in self.samples], (LOW_PERCENT, 50.0, HIGH_PERCENT))
        return float(low), float(median), float(high)

    @property
    def genders(self) -> npt.NDArray[np.float64]:
        """(2,) means over the samples, summing to 1."""
        return np.asarray(np.mean([each.genders for each in self.samples], axis=0))


class AgeTracks:
    """The faces of one part, by their number and never by their place in a list."""

    def __init__(self) -> None:
        self._tracks: dict[int, AgeTrack] = {}
        self._over: set[int] = set()
        """Persons that will not come back."""

    def see(self, seen: Iterable[FacesInFrame]) -> None:
        """Take note of who is there."""
        for frame in seen:
            for face in frame.faces:
                track = self._tracks.setdefault(face.face_id, AgeTrack(face_id=face.face_id))
                track.seen_s = frame.pts_s
                if face.track_id is not None:
                    track.owners[face.track_id] += 1

    def add(self, face_id: int, sample: AgeSample) -> None:
        """Take a sample of a face that was seen."""
        self._tracks[face_id].samples.append(sample)

    def take_gone(self, now_s: float, over: Iterable[int]) -> Iterator[AgeTrack]:
        """Faces that will not come back, with samples; `over`: persons newly known not to.

        A face keeps its number while its person is followed, and for PARKED_S without one.
        """
        self._over.update(over)
        for track in list(self._tracks.values()):
            if now_s - track.seen_s > PARKED_S and track.owners.keys() <= self._over:
                yield from self._taken(track)

    def take_all(self) -> Iterator[AgeTrack]:
        """Those that are left."""
        for track in list(self._tracks.values()):
            yield from self._taken(track)

    def _taken(self, track: AgeTrack) -> Iterator[AgeTrack]:
        del self._tracks[track.face_id]
        if track.samples:
            yield track
