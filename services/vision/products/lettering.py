"""What is written on a thing: texts that go where it goes, and lie on it whenever they were read."""

from __future__ import annotations

from collections.abc import Sequence

from services.vision.percepts.objects import Edges
from services.vision.percepts.tracks import ObjectTrack
from services.vision.texts.readers import Rect
from services.vision.texts.track import ShownText

ON_IT_SHARE = 0.9
"""Share of a text's rectangle that must lie in the thing's box: boxes are drawn a little tight."""

NEAR_S = 0.3
"""A text's place is compared with where the thing was at most this long before or after: one and a half samples."""


def lettering(track: ObjectTrack, texts: Sequence[ShownText]) -> list[ShownText]:
    """The texts that stand on the thing.

    Only a text that was seen to move with the picture around it counts: over a camera and a thing that both stand
    still nothing tells a label from a caption laid over it.
    """
    return [text for text in texts if text.moves_with_picture and text.places and _always_on(track, text)]


def _always_on(track: ObjectTrack, text: ShownText) -> bool:
    return all(_is_on(track, pts_s, place) for pts_s, place in text.places)


def _is_on(track: ObjectTrack, pts_s: float, place: Rect) -> bool:
    nearest = min(track.sightings, key=lambda sighting: abs(sighting.pts_s - pts_s))
    return abs(nearest.pts_s - pts_s) <= NEAR_S and share_inside(place, nearest.box) >= ON_IT_SHARE


def share_inside(rect: Rect, box: Edges) -> float:
    """Share of the rectangle that lies in the box, [0, 1]; 0 for a rectangle without area.

    >>> share_inside(Rect(0.0, 0.0, 0.2, 0.1), (0.1, 0.0, 1.0, 1.0))
    0.5
    """
    left, top, right, bottom = box
    width = min(rect.right, right) - max(rect.left, left)
    height = min(rect.bottom, bottom) - max(rect.top, top)
    area = rect.width * rect.height
    return width * height / area if width > 0 and height > 0 and area > 0 else 0.0
