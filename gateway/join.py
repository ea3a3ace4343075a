"""Joins what two neighbouring parts found of the same thing across their seam; things carry the report's numbers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from gateway.join_sound import SOUND_SHAPES, extend_sound
from gateway.join_speech import is_spoken, mend_speech
from reelscribe.v1.finding_pb2 import Box, Finding, Pause
from services.common.time import duration, seconds, span_s

SAME_BOX_IOU = 0.5
"""Boxes of one thing in the same frames overlap by more than half, unless it jumps."""

TOLERANCE_S = 1e-3

CONTINUED = frozenset({
    None, "track", "text", "box", "transition", "shot", "scores", "pose", "gaze", "distribution",
    "loudness", "sound_span", "sound_event", "pause",
})  # fmt: skip
"""Shapes of which two pieces make one. Any other is a summary (a median, a share) of its own span: it is cut at the
seam instead, and the part after goes on with one of its own."""


def join(left: Sequence[Finding], right: Sequence[Finding], own_start_s: float) -> list[Finding]:
    """The findings of two neighbouring parts, each thing once. The messages given are not changed."""
    joined = [_copy(finding) for finding in left]
    _absorb(joined, joined, right, own_start_s)
    return joined


def join_all(parts: Iterable[tuple[float, Sequence[Finding]]]) -> list[Finding]:
    """The findings of all parts in order, each thing once; a part is its own start and what was found in it."""
    joined: list[Finding] = []
    near: list[Finding] = []
    for own_start_s, findings in parts:
        near = _absorb(joined, near, findings, own_start_s)
    return joined


def _absorb(
    joined: list[Finding], near: Sequence[Finding], right: Sequence[Finding], own_start_s: float
) -> list[Finding]:
    """Add what `right` has to say to `joined`; what of it may go on in the part after.

    `right` began earlier than its own start, in a lead-in that the part before has reported too: what ends there is
    dropped, what crosses the seam is joined with its counterpart in `near`, the rest is appended.
    """
    speech = mend_speech(near, right, own_start_s)
    # By identity: equal messages may be two findings.
    gone = {id(finding) for finding in speech.gone}
    joined[:] = [finding for finding in joined if id(finding) not in gone]
    joined += speech.further
    candidates, taken = list(near), [*speech.longer, *speech.further]
    for finding in (each for each in right if not is_spoken(each)):
        start_s, end_s = span_s(finding.span)
        began_before = start_s < own_start_s - TOLERANCE_S
        if began_before and end_s <= own_start_s + TOLERANCE_S:
            continue
        partner = _partner(candidates, finding) if began_before else None
        partner = partner or _touching_shot(candidates, finding, own_start_s)
        if partner is None:
            partner = _copy(finding)
            if began_before and finding.WhichOneof("shape") not in CONTINUED:
                partner.span.start_offset.CopyFrom(duration(own_start_s))
            joined.append(partner)
        else:
            _extend(partner, finding)
        taken.append(partner)
    return taken


def _partner(candidates: Sequence[Finding], finding: Finding) -> Finding | None:
    start_s, _ = span_s(finding.span)
    for candidate in reversed(candidates):
        if candidate.label == finding.label and span_s(candidate.span)[1] > start_s and _agree(candidate, finding):
            return candidate
    return None


def _touching_shot(candidates: Sequence[Finding], finding: Finding, own_start_s: float) -> Finding | None:
    """A shot that was cut off by the end of its part, and goes on."""
    if finding.WhichOneof("shape") != "shot" or span_s(finding.span)[0] > own_start_s - TOLERANCE_S:
        return None
    ended = [item for item in candidates if item.WhichOneof("shape") == "shot"]
    return ended[-1] if ended else None


def _agree(left: Finding, right: Finding) -> bool:
    """Whether two findings of one label may be the same thing."""
    shape = left.WhichOneof("shape")
    if shape != right.WhichOneof("shape") or shape not in CONTINUED or left.subject != right.subject:
        return False
    if shape == "track":
        return left.track.track_id == right.track.track_id
    if shape == "text":
        return left.text.kind == right.text.kind and _plain(left.text.content) == _plain(right.text.content)
    if shape == "box":
        return iou(left.box, right.box) >= SAME_BOX_IOU
    if shape in ("transition", "shot"):
        return True
    return True


def _extend(left: Finding, right: Finding) -> None:
    """Let left go on to where right ends."""
    shape = left.WhichOneof("shape")
    left_end_s, right_end_s = span_s(left.span)[1], span_s(right.span)[1]
    if shape == "track":
        _append(left.track.boxes, right.track.boxes)
    elif shape == "pose":
        _append(left.pose.poses, right.pose.poses)
    elif shape == "gaze":
        _append(left.gaze.samples, right.gaze.samples)
    elif shape == "distribution":
        _extend_distribution(left, right)
    elif shape == "shot":
        left.shot.end_frame_index = max(left.shot.end_frame_index, right.shot.end_frame_index)
    elif shape == "scores":
        _extend_scores(left, right)
    elif shape in SOUND_SHAPES:
        extend_sound(left, right)
    elif shape == "pause":
        _extend_pause(left.pause, right.pause)
    if right_end_s > left_end_s:
        left.span.end_offset.CopyFrom(right.span.end_offset)
    if left.HasField("confidence") and shape in ("track", "pose"):
        items = left.track.boxes if shape == "track" else left.pose.poses
        left.confidence = sum(item.confidence for item in items) / len(items)


def _extend_pause(left: Pause, right: Pause) -> None:
    """The part before knows the word before it, the part after the one it ends with."""
    left.word_after = left.word_after or right.word_after
    left.within_utterance |= right.within_utterance


def _append(left: Any, right: Any) -> None:
    """The samples of right that are later than all of left; both in order of their `offset`."""
    last_s = seconds(left[-1].offset) if left else -1.0
    left.extend(item for item in right if seconds(item.offset) > last_s + TOLERANCE_S)


def _extend_distribution(left: Finding, right: Finding) -> None:
    """Samples one after the other, and their mean anew."""
    shares = left.distribution
    _append(shares.samples, right.distribution.samples)
    if shares.samples and list(shares.names) == list(right.distribution.names):
        columns = zip(*(sample.shares for sample in shares.samples), strict=True)
        shares.shares[:] = [sum(column) / len(shares.samples) for column in columns]
        if left.HasField("confidence") and left.label in shares.names:
            left.confidence = shares.shares[list(shares.names).index(left.label)]


def _extend_scores(left: Finding, right: Finding) -> None:
    step_s = seconds(left.scores.step_duration)
    if step_s <= 0:
        return
    left_start_s, right_start_s = span_s(left.span)[0], span_s(right.span)[0]
    known = len(left.scores.values) - round((right_start_s - left_start_s) / step_s)
    left.scores.values.extend(right.scores.values[max(0, known) :])
    if left.HasField("confidence") and left.scores.values:
        left.confidence = sum(left.scores.values) / len(left.scores.values)


def iou(one: Box, other: Box) -> float:
    """Intersection over union, [0, 1]."""
    width = min(one.right, other.right) - max(one.left, other.left)
    height = min(one.bottom, other.bottom) - max(one.top, other.top)
    if width <= 0 or height <= 0:
        return 0.0
    shared = width * height
    return shared / (_area(one) + _area(other) - shared)


def _area(box: Box) -> float:
    return (box.right - box.left) * (box.bottom - box.top)


def _plain(content: str) -> str:
    return "".join(character for character in content.casefold() if character.isalnum())


def _copy(finding: Finding) -> Finding:
    copy = Finding()
    copy.CopyFrom(finding)
    return copy
