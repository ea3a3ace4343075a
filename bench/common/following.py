"""Who is followed as whom: tracks counted against people who come one after another, as somebody saw them."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.common.standalone import frames_at

TRACK_RATE_HZ = 5.0
"""How often the library's own tracker looks: as often as ours."""

PERSON = 0
"""COCO's class."""

Sighting = tuple[int, float]
"""The number of a track, and when it was seen, in seconds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Walker:
    """Somebody who is in the picture, alone, over [start_s, end_s)."""

    start_s: float
    end_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Switches:
    """What a tracker made of the walkers."""

    walkers: int
    extra: int
    """Tracks of a walker beyond the first, over all walkers."""
    shared: int
    """Tracks that hold more than one walker."""
    unseen: int
    """Walkers without a track."""
    of_nobody: int
    """Tracks seen only while nobody was there."""

    @classmethod
    def counted(cls, walkers: Sequence[Walker], sightings: Iterable[Sighting]) -> Switches:
        """A sighting belongs to the walker who is there at that moment."""
        seen = list(sightings)
        tracks_of = [{track for track, at_s in seen if walker.start_s <= at_s < walker.end_s} for walker in walkers]
        every = {track for track, _ in seen}
        holders = {track: sum(track in tracks for tracks in tracks_of) for track in every}
        return cls(
            walkers=len(walkers),
            extra=sum(max(0, len(tracks) - 1) for tracks in tracks_of),
            shared=sum(count > 1 for count in holders.values()),
            unseen=sum(not tracks for tracks in tracks_of),
            of_nobody=sum(count == 0 for count in holders.values()),
        )

    @property
    def count(self) -> int:
        """Switches, a walker who was never seen among them."""
        return self.extra + self.shared + self.unseen

    def __str__(self) -> str:
        return (
            f"{self.count} ({self.extra} further tracks, {self.shared} shared, {self.unseen} of {self.walkers} walkers "
            f"unseen; {self.of_nobody} tracks of nobody)"
        )


def ultralytics_tracks(path: Path) -> list[Sighting]:
    """Persons as ultralytics' own tracker numbers them, default settings, TRACK_RATE_HZ frames a second."""
    os.environ |= {"YOLO_OFFLINE": "true", "YOLO_AUTOINSTALL": "false", "YOLO_VERBOSE": "false"}
    from ultralytics import YOLO

    from services.common.weights import locate

    model = YOLO(str(locate("yolo11n").path))
    sightings: list[Sighting] = []
    for at_s, bgr in frames_at(path, TRACK_RATE_HZ):
        (result,) = model.track(source=bgr, persist=True, classes=[PERSON], device="cpu", verbose=False)
        if result.boxes.id is not None:
            sightings += [(int(track), at_s) for track in result.boxes.id]
    return sightings
