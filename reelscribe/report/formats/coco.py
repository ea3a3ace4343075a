"""COCO annotations of tracked things: sampled frames as images, one annotation for each box, with its track."""

from __future__ import annotations

import json
from typing import Any

from reelscribe.report.found import Found, found, of
from reelscribe.v1.analysis_pb2 import Report
from reelscribe.v1.finding_pb2 import TrackedBox
from services.common.time import seconds

VIDEO_ID = 1
DECIMALS = 2
"""Of a pixel."""


def coco(report: Report) -> dict[str, Any]:
    """A data set as pycocotools reads it.

    An image is a frame in which something was followed; its file name is the video's with a media fragment, since a
    report holds no pictures. `videos`, `video_id` and `track_id` are as in TAO and YouTube-VIS. Boxes are pixels of
    the upright displayed frame; `score` is the detector's for that frame.
    """
    tracks = of(found(report), "track")
    names = sorted({one.finding.label for one in tracks})
    categories = {name: number for number, name in enumerate(names, 1)}
    offsets = sorted({_milliseconds(item) for one in tracks for item in one.finding.track.boxes})
    images = {offset: number for number, offset in enumerate(offsets, 1)}
    stream = report.video.video_stream
    size = {"width": stream.width_px, "height": stream.height_px}
    boxes = [(one, item) for one in tracks for item in one.finding.track.boxes]
    return {
        "info": {"description": f"{report.video.name}, by reelscribe {report.reelscribe_version}".strip()},
        "licenses": [],
        "videos": [{"id": VIDEO_ID, "name": report.video.name, "sha256": report.video.sha256, **size}],
        "images": [
            {
                "id": number,
                "video_id": VIDEO_ID,
                "file_name": f"{report.video.name}#t={offset / 1000:.3f}",
                "offset_s": offset / 1000,
                **size,
            }
            for offset, number in images.items()
        ],
        "categories": [{"id": number, "name": name, "supercategory": ""} for name, number in categories.items()],
        "annotations": [
            _annotation(number, one, item, images[_milliseconds(item)], categories[one.finding.label], report)
            for number, (one, item) in enumerate(boxes, 1)
        ],
    }


def coco_json(report: Report) -> str:
    """The same as text."""
    return json.dumps(coco(report), ensure_ascii=False, indent=1) + "\n"


def _milliseconds(item: TrackedBox) -> int:
    return round(1000 * seconds(item.offset))


def _annotation(
    number: int, one: Found, item: TrackedBox, image_id: int, category_id: int, report: Report
) -> dict[str, Any]:
    stream, box = report.video.video_stream, item.box
    left, top = box.left * stream.width_px, box.top * stream.height_px
    width, height = (box.right - box.left) * stream.width_px, (box.bottom - box.top) * stream.height_px
    return {
        "id": number,
        "image_id": image_id,
        "video_id": VIDEO_ID,
        "category_id": category_id,
        "track_id": one.finding.track.track_id,
        "finding_id": one.finding.id,
        "bbox": [round(value, DECIMALS) for value in (left, top, width, height)],
        "area": round(width * height, DECIMALS),
        "iscrowd": 0,
        "score": round(item.confidence, 4),
    }
