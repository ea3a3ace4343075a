"""Decides which shots show one place: each joins the scene it is most like, or begins a new one."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from services.vision.places.likeness import GREY_SHARE, GREY_SURPLUS, SAME_PLACE, Signature, grey_share, shot_likeness

REMEMBERED_SHOTS = 16
"""Of each scene, the latest shots that a new one is compared with: bounds the work in a video of many cuts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shot:
    signatures: Signature
    grey: bool


class SceneGrouping:
    """Shots in order of time in, scene numbers out. A scene that is cut back to keeps its number."""

    def __init__(self, threshold: float = SAME_PLACE) -> None:
        self._threshold = threshold
        self._scenes: list[list[_Shot]] = []

    def __repr__(self) -> str:
        return f"SceneGrouping({len(self._scenes)} scenes)"

    def place(self, signatures: Signature) -> int:
        """The number of the shot's scene. Decided for good: later shots do not move earlier ones."""
        shot = _Shot(signatures=signatures, grey=grey_share(signatures) >= GREY_SHARE)
        margins = [max(self._margin(shot, seen) for seen in scene) for scene in self._scenes]
        index = int(np.argmax(margins)) if margins else 0
        if not margins or margins[index] < 0:
            index = len(self._scenes)
            self._scenes.append([])
        self._scenes[index] = [*self._scenes[index], shot][-REMEMBERED_SHOTS:]
        return index

    def _margin(self, one: _Shot, other: _Shot) -> float:
        """By how much the two are more alike than those of one scene need to be."""
        surplus = GREY_SURPLUS if one.grey and other.grey else 0.0
        return shot_likeness(one.signatures, other.signatures) - self._threshold - surplus
