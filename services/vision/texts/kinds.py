"""What kind of text it is, by how it behaved: pure functions over texts with their times and places."""

from __future__ import annotations

from collections.abc import Sequence

from reelscribe.v1.finding_pb2 import TextKind
from services.vision.texts.lines import stacked
from services.vision.texts.track import ShownText, TextTrack

TOGETHER_S = 0.15
"""Lines whose first frames, and whose last, are closer than this are one text."""

SEQUENCE_GAP_S = 2.0
"""Captions follow one another with pauses up to this: a breath, not a change of subject."""

LONGEST_CAPTION_S = 7.0
"""What stands longer does not accompany speech; subtitling rules allow 6 to 7 s."""

SAME_ROW_SHARE = 0.5
"""Captions of one sequence share this much of the lower one's height ..."""

SAME_AXIS_SHARE = 0.05
"""... and their middles, or their left edges, lie within this share of the frame's width."""

SAME_SIZE = 1.5
"""Largest ratio of the line heights within one sequence."""

LABELS = {
    TextKind.TEXT_KIND_CAPTION: "caption",
    TextKind.TEXT_KIND_TITLE: "title",
    TextKind.TEXT_KIND_SCENE: "scene_text",
}


def kind_of(text: ShownText, others: Sequence[ShownText]) -> TextKind:
    """What the text is among the texts before and after it.

    moved as the picture around it did                        -> scene
    one of a sequence: another one before or after it, in the
    same place and size, each shown for a short time          -> caption
    anything else                                             -> title

    A sign filmed by a camera that never moves is called a title: nothing measured tells it from one.
    """
    if text.moves_with_picture:
        return TextKind.TEXT_KIND_SCENE
    if any(in_sequence(text, other) for other in others):
        return TextKind.TEXT_KIND_CAPTION
    return TextKind.TEXT_KIND_TITLE


def in_sequence(one: ShownText, other: ShownText) -> bool:
    """Whether one of the two takes the other's place as captions do."""
    if one is other or one.content == other.content or other.moves_with_picture:
        return False
    earlier, later = sorted((one, other), key=lambda text: text.start_s)
    gap_s = later.start_s - earlier.end_s
    brief = max(one.end_s - one.start_s, other.end_s - other.start_s) <= LONGEST_CAPTION_S
    return brief and -TOGETHER_S <= gap_s <= SEQUENCE_GAP_S and _same_place(one, other)


def mates_of(track: TextTrack, tracks: Sequence[TextTrack]) -> list[TextTrack]:
    """The ended track and those that stand under one another with it, and came and went with it."""
    block = [track]
    for member in block:
        block += [other for other in tracks if other not in block and _together(member, other)]
    return block


def _together(one: TextTrack, other: TextTrack) -> bool:
    if one.end_s is None or other.end_s is None:
        return False
    at_once = abs(one.start_s - other.start_s) <= TOGETHER_S and abs(one.end_s - other.end_s) <= TOGETHER_S
    return at_once and stacked(one.box, other.box)


def _same_place(one: ShownText, other: ShownText) -> bool:
    low, tall = sorted((one.line_height, other.line_height))
    shared = min(one.box.bottom, other.box.bottom) - max(one.box.top, other.box.top)
    lower = min(one.box.height, other.box.height)
    middles = abs(one.box.left + one.box.right - other.box.left - other.box.right) / 2
    aligned = min(middles, abs(one.box.left - other.box.left)) <= SAME_AXIS_SHARE
    return tall <= SAME_SIZE * low and shared >= SAME_ROW_SHARE * lower and aligned
