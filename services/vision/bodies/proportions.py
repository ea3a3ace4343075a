"""How tall a body is in the picture, also when only some of it is seen: from the proportions of people."""

from __future__ import annotations

import numpy as np

from services.vision.bodies.stretches import SIDES, Floats, Stretch, distance, most_of

TRUNK = 0.288
"""Hips to shoulders, in body heights; this and the limbs after Drillis and Contini, 1966."""
SHOULDERS = 0.259
THIGH = 0.245
SHANK = 0.246
UPPER_ARM = 0.186
FOREARM = 0.146
EYES_ABOVE_SHOULDERS = 0.118
EARS = 0.085
"""Across the head, from ear to ear."""

STEADY_S = 1.0
"""Nobody grows: the height at a moment is the median over so long before and after."""


def body_heights(stretch: Stretch) -> Floats:
    """(n,) of the standing body, frame heights; NaN where too little is seen.

    Limbs look shorter than they are where they point at the camera, never longer: the one that promises the tallest
    body is believed. Where no limb is seen, the head is.
    """
    shoulders = [stretch.at(f"{side}_shoulder") for side in SIDES]
    limbs = [trunk_lengths(stretch) / TRUNK, distance(*shoulders) / SHOULDERS]
    for side in SIDES:
        hip, knee, ankle = (stretch.at(f"{side}_{joint}") for joint in ("hip", "knee", "ankle"))
        limbs += [distance(hip, knee) / THIGH, distance(knee, ankle) / SHANK]
    tallest = _positive(most_of(limbs))
    heads = distance(stretch.at("left_ear"), stretch.at("right_ear")) / EARS
    return _steady(stretch.pts_s, np.where(np.isnan(tallest), most_of([neck_heights(stretch), heads]), tallest))


def trunk_lengths(stretch: Stretch) -> Floats:
    """(n,) from the middle of the hips to that of the shoulders, frame heights; NaN where either is not seen."""
    return _positive(distance(stretch.between("shoulder"), stretch.between("hip")))


def neck_heights(stretch: Stretch) -> Floats:
    """(n,) the body's height by how far the head stands above the shoulders; does not change with turning around."""
    return _positive(stretch.between("shoulder")[:, 1] - stretch.head()[:, 1]) / EYES_ABOVE_SHOULDERS


def _positive(lengths: Floats) -> Floats:
    """Nothing can be measured in lengths of zero."""
    return np.where(lengths > 0, lengths, np.nan)


def _steady(pts_s: Floats, heights: Floats) -> Floats:
    steady = np.full(len(heights), np.nan)
    for row, time_s in enumerate(pts_s):
        near = heights[np.abs(pts_s - time_s) <= STEADY_S]
        known = near[~np.isnan(near)]
        if len(known):
            steady[row] = np.median(known)
    return steady
