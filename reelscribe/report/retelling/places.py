"""Where something is in the picture, in words: the nine fields of a grid."""

from __future__ import annotations

from reelscribe.report.page.words import Words
from reelscribe.v1.finding_pb2 import Box

FIELDS = (
    ("upper_left", "upper_middle", "upper_right"),
    ("left", "middle", "right"),
    ("lower_left", "lower_middle", "lower_right"),
)
"""Rows from the top: thirds, as a frame is composed."""


def centre(box: Box) -> tuple[float, float]:
    """Of a box, x and y."""
    return (box.left + box.right) / 2, (box.top + box.bottom) / 2


def field_of(box: Box) -> str:
    """The field its centre is in.

    >>> field_of(Box(left=0.7, top=0.1, right=0.9, bottom=0.2))
    'upper_right'
    """
    x, y = centre(box)
    return FIELDS[_third(y)][_third(x)]


def place(box: Box, words: Words) -> str:
    """The same in words."""
    return words.say(f"place.{field_of(box)}")


def towards(box: Box, words: Words) -> str:
    """Where something goes."""
    return words.say(f"towards.{field_of(box)}")


def _third(position: float) -> int:
    return min(2, max(0, int(3 * position)))
