"""Tells inside from outside, and one setting from another, by classes of ADE20K; or does not tell."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np

from services.vision.regions.reader import Shares, share_of
from services.vision.regions.stretches import moved_share

INDOOR = frozenset(
    {
        "armchair", "bathtub", "bed", "bookcase", "buffet", "cabinet", "ceiling", "chandelier", "chest_of_drawers",
        "coffee_table", "countertop", "crt_screen", "dishwasher", "fireplace", "floor", "hood", "kitchen_island",
        "microwave", "oven", "pillow", "pool_table", "radiator", "refrigerator", "screen_door", "shower", "sofa",
        "stove", "swivel_chair", "television_receiver", "toilet", "wardrobe", "washer",
    }
)  # fmt: skip
"""What stands or lies inside only. `wall` is left out, as gardens have them too, and so is all that may stand on a
terrace: chairs, tables, curtains."""

OUTDOOR = frozenset(
    {
        "building", "dirt_track", "earth", "field", "grass", "hill", "house", "lake", "land", "mountain", "palm",
        "path", "pier", "river", "road", "rock", "runway", "sand", "sea", "sidewalk", "sky", "skyscraper",
        "streetlight", "tower", "tree", "waterfall",
    }
)  # fmt: skip
"""What is seen outside only, or through a window. Vehicles are left out: halls hold them too."""

LEAST_EVIDENCE = 0.1
"""Share of the picture that one of the two must fill to be told."""

CLEAR_RATIO = 3.0
"""How many times the other's share: a room with a view shows both."""

CHANGED_SETTING = 0.5
"""Share of the picture, persons left out, that must belong to other classes after a change of shot."""

Whereabouts = Literal["indoor", "outdoor"]


def whereabouts(names: Sequence[str], shares: Shares) -> Whereabouts | None:
    """Where a composition was seen; None where the classes do not tell."""
    inside, outside = share_of(names, shares, INDOOR), share_of(names, shares, OUTDOOR)
    if inside >= max(LEAST_EVIDENCE, CLEAR_RATIO * outside):
        return "indoor"
    if outside >= max(LEAST_EVIDENCE, CLEAR_RATIO * inside):
        return "outdoor"
    return None


def is_elsewhere(names: Sequence[str], before: Shares, after: Shares) -> bool:
    """Whether two compositions differ so much, but for persons, that the setting is another."""
    others = np.array([name != "person" for name in names])
    if before[others].sum() <= 0 or after[others].sum() <= 0:
        return False
    one, other = (shares[others] / shares[others].sum() for shares in (before, after))
    return moved_share(one, other) >= CHANGED_SETTING
