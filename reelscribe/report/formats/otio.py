"""OpenTimelineIO: shots as clips of the video, findings as markers, for editing programs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING
from urllib.parse import quote

from reelscribe.report.brief import brief
from reelscribe.report.found import Found, confidence_of, found
from reelscribe.v1.analysis_pb2 import Report
from reelscribe.v1.media_pb2 import Video
from services.common.time import seconds

if TYPE_CHECKING:
    import opentimelineio as otio

MILLISECONDS_HZ = 1000.0
"""Time base of a video whose header claims no frame rate."""

TOUCH_S = 1e-3

COLORS = {"text": "YELLOW", "transition": "RED", "track": "GREEN", "sound_event": "CYAN", "scores": "CYAN"}
"""Of markers, by shape; others are white."""


def timeline(report: Report) -> otio.schema.Timeline:
    """One track whose clips follow one another without a hole: shots, and what lies between them in a gradual
    transition. A marker within one clip is that clip's, any other is the stack's.

    Times are the report's seconds, told in the frame rate that the header claims: a whole number of frames where
    frames are evenly spaced, a fraction where they are not.
    """
    import opentimelineio as otio

    rate_hz = report.video.video_stream.frame_rate_from_header_hz or MILLISECONDS_HZ
    items = found(report)
    has_pictures = report.video.HasField("video_stream")
    kind = otio.schema.TrackKind.Video if has_pictures else otio.schema.TrackKind.Audio
    track = otio.schema.Track(name="shots" if has_pictures else "sound", kind=kind)
    spans = list(_stretches(items, seconds(report.video.duration)))
    for name, start_s, end_s in spans:
        clip = otio.schema.Clip(name=name, media_reference=_media(report.video, rate_hz))
        clip.source_range = _range(start_s, end_s, rate_hz)
        track.append(clip)
    result = otio.schema.Timeline(name=report.video.name)
    result.metadata["reelscribe"] = {
        "analysis_id": report.analysis_id,
        "version": report.reelscribe_version,
        "sha256": report.video.sha256,
    }
    result.tracks.append(track)
    for one in items:
        if one.shape != "shot":
            _place(result, track, spans, one, rate_hz)
    return result


def otio_json(report: Report) -> str:
    """The `.otio` file."""
    text: str = timeline(report).to_json_string(indent=1)
    return text + "\n"


def _stretches(items: Sequence[Found], duration_s: float) -> Iterator[tuple[str, float, float]]:
    """Name, start and end of each clip: every moment of the video in exactly one."""
    reached_s = 0.0
    for one in items:
        if one.shape != "shot":
            continue
        if one.start_s > reached_s + TOUCH_S:
            yield "transition", reached_s, one.start_s
        yield f"shot {one.finding.shot.index + 1}", max(one.start_s, reached_s), one.end_s
        reached_s = one.end_s
    if duration_s > reached_s + TOUCH_S:
        yield "transition" if reached_s else "whole", reached_s, duration_s


def _media(video: Video, rate_hz: float) -> otio.schema.ExternalReference:
    import opentimelineio as otio

    whole = _range(0.0, seconds(video.duration), rate_hz)
    return otio.schema.ExternalReference(target_url=quote(video.name), available_range=whole)


def _range(start_s: float, end_s: float, rate_hz: float) -> otio.opentime.TimeRange:
    from opentimelineio.opentime import RationalTime, TimeRange

    def time(position_s: float) -> RationalTime:
        # Spans are rounded to nanoseconds: what is a whole frame must look like one.
        return RationalTime(round(position_s * rate_hz, 4), rate_hz)

    start = time(start_s)
    return TimeRange(start, time(end_s) - start)


def _place(
    result: otio.schema.Timeline,
    track: otio.schema.Track,
    spans: Sequence[tuple[str, float, float]],
    one: Found,
    rate_hz: float,
) -> None:
    """Clips are cut from the video in its own order, so that source time and the stack's time are the same."""
    import opentimelineio as otio

    confidence = confidence_of(one.finding)
    marker = otio.schema.Marker(
        name=brief(one.finding),
        marked_range=_range(one.start_s, one.end_s, rate_hz),
        color=COLORS.get(one.shape or "", "WHITE"),
        metadata={
            "reelscribe": {
                "finding_id": one.finding.id,
                "analyzer": one.analyzer,
                "label": one.finding.label,
                "confidence": None if confidence is None else round(confidence, 4),
            }
        },
    )
    for clip, (_, start_s, end_s) in zip(track, spans, strict=True):
        if start_s - TOUCH_S <= one.start_s and one.end_s <= end_s + TOUCH_S:
            clip.markers.append(marker)
            return
    result.tracks.markers.append(marker)
