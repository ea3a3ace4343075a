"""Orientation: which way a body is turned, from the order and breadth of its shoulders and what is seen of the face."""

from __future__ import annotations

import numpy as np

from services.vision.bodies.proportions import TRUNK, neck_heights, trunk_lengths
from services.vision.bodies.spans import Label
from services.vision.bodies.stretches import Flags, Floats, Stretch, mean_of

BROAD = 0.4
"""Trunk lengths. Shoulders are about 0.8 across from the front: at half of it a body is turned by 60 degrees."""

NOSE_AHEAD = 0.05
"""Trunk lengths that the nose is before the ears, from which on a head is seen in profile rather than from the front;
half of what it is in full profile."""

FAR_SIDE = 0.1
"""How much surer the network is of the near side's joints than of those the body hides, at least."""

CENTRED = 0.5
"""The nose is so close to the middle of the eyes, in distances between them, in a face seen from the front."""


def shoulder_breadths(stretch: Stretch) -> Floats:
    """(n,) own left shoulder minus own right one, across the picture, in trunk lengths; NaN where not known.

    The trunk's length is that seen, or without hips the one that goes with head and neck: neither changes with turning.
    """
    across = stretch.at("left_shoulder")[:, 0] - stretch.at("right_shoulder")[:, 0]
    return across / _trunks(stretch)


def orientation(stretch: Stretch) -> tuple[Label, ...]:
    """facing_camera, facing_away, facing_left, facing_right (the picture's left and right) for each frame.

    A body is broad or narrow by its shoulders. Broad: own left shoulder on the picture's right faces the camera, and
    what is seen of the head must not contradict. Narrow: it faces where the nose points, or the side whose joints
    are seen better. Without shoulders the face decides.
    """
    breadth = shoulder_breadths(stretch)
    nose, left_eye, right_eye = (stretch.sees(name) for name in ("nose", "left_eye", "right_eye"))
    ears = stretch.sees("left_ear") | stretch.sees("right_ear")
    back_of_head = ears & ~nose & ~left_eye & ~right_eye
    whole_face = nose & left_eye & right_eye
    labels = np.full(len(stretch), None, dtype=object)
    labels[(breadth >= BROAD) & ~back_of_head] = "facing_camera"
    labels[(breadth <= -BROAD) & ~whole_face] = "facing_away"
    sideways = np.abs(breadth) < BROAD
    ahead = _ahead(stretch)
    labels[sideways & (ahead > 0)] = "facing_right"
    labels[sideways & (ahead < 0)] = "facing_left"
    faces_only = np.isnan(breadth)
    labels[faces_only & (ahead > 0)] = "facing_right"
    labels[faces_only & (ahead < 0)] = "facing_left"
    labels[faces_only & whole_face & _centred(stretch)] = "facing_camera"
    return tuple(labels)


def _trunks(stretch: Stretch) -> Floats:
    seen = trunk_lengths(stretch)
    return np.where(np.isnan(seen), neck_heights(stretch) * TRUNK, seen)


def _ahead(stretch: Stretch) -> Floats:
    """(n,) above 0 where a body in profile faces the picture's right, below 0 for its left, 0 where that is open."""
    ears = mean_of([stretch.at("left_ear"), stretch.at("right_ear")])
    nose = (stretch.at("nose")[:, 0] - ears[:, 0]) / _trunks(stretch)
    by_nose = np.where(np.abs(nose) >= NOSE_AHEAD, np.sign(nose), 0.0)
    # Of a body that faces the picture's right, its own right side is the near one.
    left, right = (stretch.confidence[:, _SIDED[side]].mean(axis=1) for side in ("left", "right"))
    by_side = np.where(np.abs(right - left) >= FAR_SIDE, np.sign(right - left), 0.0)
    return np.where(by_nose != 0, by_nose, by_side)


_SIDED = {"left": [3, 5, 7, 11], "right": [4, 6, 8, 12]}
"""Ear, shoulder, elbow and hip of either side, in COCO's order."""


def _centred(stretch: Stretch) -> Flags:
    left, right = stretch.at("left_eye"), stretch.at("right_eye")
    apart = left[:, 0] - right[:, 0]
    off = np.abs(stretch.at("nose")[:, 0] - (left[:, 0] + right[:, 0]) / 2)
    centred: Flags = (apart > 0) & (off <= CENTRED * apart)
    return centred
