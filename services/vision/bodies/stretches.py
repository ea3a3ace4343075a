"""Stretches: one body over the sampled frames of one shot, in units in which both axes are alike."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from services.vision.percepts.persons import KEYPOINT_NAMES, Person

SEEN = 0.5
"""The network's confidence from which on a joint counts as seen: rather so than not."""

MAX_GAP_S = 1.0
"""A body unseen for longer may have done anything: what it did before and after is told apart."""

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

INDEX = {name: index for index, name in enumerate(KEYPOINT_NAMES)}
HEAD = ("nose", "left_eye", "right_eye", "left_ear", "right_ear")
SIDES = ("left", "right")
"""The person's own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """A body in one sampled frame."""

    pts_s: float
    end_s: float
    """As in PersonsInFrame."""
    shot: int
    aspect: float
    """Width of the frame over its height."""
    person: Person


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """A body in n frames."""

    pts_s: Floats
    """(n,) increasing."""
    end_s: Floats
    """(n,) until when each frame is displayed."""
    points: Floats
    """(n, 17, 2) x and y in frame heights, y down; also where a joint is not seen."""
    confidence: Floats
    """(n, 17) in [0, 1]."""
    aspect: float
    """Width of the frame over its height."""

    def __len__(self) -> int:
        return len(self.pts_s)

    def sees(self, name: str) -> Flags:
        """(n,) whether the joint is seen."""
        return self.confidence[:, INDEX[name]] >= SEEN

    def at(self, name: str) -> Floats:
        """(n, 2) where the joint is; NaN where it is not seen."""
        return np.where(self.sees(name)[:, None], self.points[:, INDEX[name]], np.nan)

    def between(self, name: str) -> Floats:
        """(n, 2) the middle of a pair such as "hip"; of one that is half seen, the joint that is."""
        return mean_of([self.at(f"{side}_{name}") for side in SIDES])

    def head(self) -> Floats:
        """(n, 2) the middle of what is seen of nose, eyes and ears."""
        return mean_of([self.at(name) for name in HEAD])


def stretches(sightings: Sequence[Sighting]) -> list[Stretch]:
    """Cut where the shot changes, the frame's shape changes or the body is unseen for more than a second."""
    groups: list[list[Sighting]] = []
    for sighting in sightings:
        if groups and _goes_on(groups[-1][-1], sighting):
            groups[-1].append(sighting)
        else:
            groups.append([sighting])
    return [_stretch(group) for group in groups]


def mean_of(points: Sequence[Floats]) -> Floats:
    """(n, 2) mean of those that are not NaN; NaN where all are."""
    stacked = np.stack(points)
    known = ~np.isnan(stacked)
    count = known.sum(axis=0)
    return np.where(count > 0, np.where(known, stacked, 0.0).sum(axis=0) / np.maximum(count, 1), np.nan)


def most_of(values: Sequence[Floats]) -> Floats:
    """(n,) the greatest that is not NaN; NaN where all are."""
    most: Floats = np.fmax.reduce(np.stack(values))
    return most


def distance(one: Floats, other: Floats) -> Floats:
    """(n,) between (n, 2) points."""
    return np.hypot(one[:, 0] - other[:, 0], one[:, 1] - other[:, 1])


def median_of(values: Floats) -> float | None:
    """Of those that are not NaN; None where all are."""
    known = values[~np.isnan(values)]
    return float(np.median(known)) if len(known) else None


def _goes_on(last: Sighting, sighting: Sighting) -> bool:
    same = (last.shot, last.aspect) == (sighting.shot, sighting.aspect)
    return same and sighting.pts_s - last.end_s <= MAX_GAP_S


def _stretch(group: Sequence[Sighting]) -> Stretch:
    keypoints = np.stack([each.person.keypoints for each in group]).astype(np.float64)
    aspect = group[0].aspect
    return Stretch(
        pts_s=np.array([each.pts_s for each in group]),
        end_s=np.array([each.end_s for each in group]),
        points=keypoints[:, :, :2] * (aspect, 1.0),
        confidence=keypoints[:, :, 2],
        aspect=aspect,
    )
