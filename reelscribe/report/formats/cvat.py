"""CVAT for video 1.1: tracks of boxes by frame number, for people who correct them by hand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from xml.etree import ElementTree as ET

from reelscribe.report.found import Found, found, of
from reelscribe.v1.analysis_pb2 import Report
from reelscribe.v1.finding_pb2 import Box
from reelscribe.v1.media_pb2 import VideoStream
from services.common.errors import InvalidInput
from services.common.time import seconds

TOLERANCE_FRAMES = 0.5
"""A frame number told from a time is the nearest one as long as the spacing is off by less than this."""


class UnevenFrames(InvalidInput):
    """CVAT counts frames, a report's boxes have times, and the one does not follow from the other."""

    reason = "uneven_frames"


def cvat_xml(report: Report) -> str:
    """The annotations file. A box is a key frame, and CVAT draws those between two; where a frame was looked at and
    the thing not seen, and at its end, stands one that is `outside`.

    Raises UnevenFrames where the shots show that frames are not evenly spaced.
    """
    items = found(report)
    frame_s = _frame_s(report, items)
    stream = report.video.video_stream
    root = ET.Element("annotations")
    ET.SubElement(root, "version").text = "1.1"
    task = ET.SubElement(ET.SubElement(root, "meta"), "task")
    tracks = of(items, "track")
    _add(task, name=report.video.name, size=str(stream.frame_count), mode="interpolation", start_frame="0")
    _add(task, stop_frame=str(max(0, stream.frame_count - 1)))
    labels = ET.SubElement(task, "labels")
    for name in sorted({one.finding.label for one in tracks}):
        _add(ET.SubElement(labels, "label"), name=name)
    _add(ET.SubElement(task, "original_size"), width=str(stream.width_px), height=str(stream.height_px))
    looked_at = sorted({frame for one in tracks for frame in _boxes(one, frame_s)})
    for number, one in enumerate(tracks):
        track = ET.SubElement(root, "track", id=str(number), label=one.finding.label, source="auto")
        end = min(round(one.end_s / frame_s), stream.frame_count)
        for frame, box, outside in _key_frames(_boxes(one, frame_s), looked_at, end, stream.frame_count):
            _add_box(track, frame, box, outside=outside, stream=stream)
    ET.indent(root, space=" ")
    return ET.tostring(root, encoding="unicode", xml_declaration=True) + "\n"


def _add(parent: ET.Element, **texts: str) -> None:
    for name, text in texts.items():
        ET.SubElement(parent, name).text = text


def _frame_s(report: Report, items: Sequence[Found]) -> float:
    """Length of a frame, held against every shot: they have both numbers and times."""
    stream = report.video.video_stream
    if not stream.frame_count:
        raise UnevenFrames("the report knows no frames")
    frame_s = seconds(report.video.duration) / stream.frame_count
    for one in of(items, "shot"):
        if abs(one.start_s / frame_s - one.finding.shot.start_frame_index) > TOLERANCE_FRAMES:
            raise UnevenFrames("the video's frames are not evenly spaced: their numbers do not follow from times")
    return frame_s


def _boxes(one: Found, frame_s: float) -> dict[int, Box]:
    return {round(seconds(item.offset) / frame_s): item.box for item in one.finding.track.boxes}


def _key_frames(
    boxes: Mapping[int, Box], looked_at: Sequence[int], end: int, frame_count: int
) -> Iterator[tuple[int, Box, bool]]:
    """Frame number, box, and whether the thing is gone from there on."""
    seen = sorted(boxes)
    for frame, next_frame in pairwise(seen):
        yield frame, boxes[frame], False
        missed = [other for other in looked_at if frame < other < next_frame]
        if missed:
            yield missed[0], boxes[frame], True
    if seen:
        yield seen[-1], boxes[seen[-1]], False
        if seen[-1] < end < frame_count:
            yield end, boxes[seen[-1]], True


def _add_box(track: ET.Element, frame: int, box: Box, *, outside: bool, stream: VideoStream) -> None:
    ET.SubElement(
        track,
        "box",
        frame=str(frame),
        outside=str(int(outside)),
        occluded="0",
        keyframe="1",
        xtl=f"{box.left * stream.width_px:.2f}",
        ytl=f"{box.top * stream.height_px:.2f}",
        xbr=f"{box.right * stream.width_px:.2f}",
        ybr=f"{box.bottom * stream.height_px:.2f}",
        z_order="0",
    )
