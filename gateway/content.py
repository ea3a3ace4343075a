"""What counts as content of a second: evidence that differs from video to video, by kind, and who could find it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from gateway.music_labels import MUSIC_LABELS
from reelscribe.v1.analyzer_pb2 import AnalyzerResult
from reelscribe.v1.finding_pb2 import Box, Finding, TextKind
from services.common.time import seconds, span_s

FINDERS: Mapping[str, tuple[str, ...]] = {
    "speech": ("speech_transcription",),
    "screen_text": ("text_overlay",),
    "person": ("object_detection",),
    "object": ("object_detection",),
    "action": ("body_pose",),
    "sound": ("audio_environment", "sound_effects"),
    "description": ("qwen2_vl_temporal",),
}
"""Kind of content -> who could find it: only needed to say whose lack it is that there is none."""

_VOICES = "singing choir yodeling chant mantra child_singing synthetic_singing rapping humming speech conversation"
_STATES = "silence white_noise noise static pink_noise inside_small_room inside_large_room_or_hall inside_public_space"
_PLACES = "outside_urban_or_manmade outside_rural_or_natural reverberation echo sound_effect"
NO_SOUND_LABELS = MUSIC_LABELS | frozenset(f"{_VOICES} {_STATES} {_PLACES}".split())
"""Sound tags that tell of no event: music that plays under everything, voices (what they say is speech), and states."""

STILL_BOX = 0.01
"""A thing none of whose edges moves by more than this share of the frame, over all its track, stands still: a detector
puts its box on a still picture to within a fraction of that."""


MOMENT_S = 1e-3
"""Long enough to fall into the second in which it begins, and into no other."""


def content_of(results: Iterable[AnalyzerResult]) -> Iterator[tuple[str, float, float]]:
    """Kind, start and end, in seconds, of each piece of evidence.

    What only stands there is told once, in the moment in which it appears, and so is how somebody holds an arm who
    does not move: a still picture is told in one sentence, however long it is shown.
    """
    findings = [finding for result in results for finding in result.findings]
    still = {item.track.track_id for item in findings if item.WhichOneof("shape") == "track" and stands_still(item)}
    for finding in findings:
        kind = kind_of(finding)
        if kind is not None:
            start_s, end_s = span_s(finding.span)
            yield kind, start_s, min(end_s, start_s + MOMENT_S) if _is_of(finding, still) else end_s


def kind_of(finding: Finding) -> str | None:
    """What kind of content a finding is evidence of; None for what every picture has."""
    match finding.WhichOneof("shape"):
        case "text":
            return "speech" if finding.text.kind == TextKind.TEXT_KIND_SPEECH else "screen_text"
        case "track" | "box":
            return "person" if finding.label == "person" else "object"
        case "scores" | "sound_event":
            return None if finding.label in NO_SOUND_LABELS else "sound"
        case "gesture":
            return "action"
        case "description":
            return "description"
    return None


def _is_of(finding: Finding, tracks: set[int]) -> bool:
    """It is the track of one of these things, or about one."""
    if finding.WhichOneof("shape") == "track":
        return finding.track.track_id in tracks
    return finding.subject.HasField("track_id") and finding.subject.track_id in tracks


def stands_still(track: Finding) -> bool:
    """Every edge of its box stays where it is. Of one box alone nothing is known."""
    boxes = [item.box for item in track.track.boxes]
    if len(boxes) < 2 or seconds(track.track.boxes[-1].offset) - seconds(track.track.boxes[0].offset) < 1.0:
        return False
    return all(max(edge) - min(edge) <= STILL_BOX for edge in zip(*map(_edges, boxes), strict=True))


def _edges(box: Box) -> tuple[float, float, float, float]:
    return box.left, box.top, box.right, box.bottom
