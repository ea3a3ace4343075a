"""CVAT for video: read back by the rules of its own format."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import pytest

from reelscribe.report.formats.cvat import UnevenFrames, cvat_xml
from tests.reelscribe.report.made import story


def tracks() -> dict[str, ET.Element]:
    return {track.get("label", ""): track for track in ET.fromstring(cvat_xml(story())).iter("track")}


def frames(label: str) -> list[tuple[int, bool]]:
    return [(int(box.get("frame", "")), box.get("outside") == "1") for box in tracks()[label].iter("box")]


def test_a_box_is_a_key_frame_by_number():
    assert frames("person") == [(100, False), (105, False), (200, True)]


def test_where_it_was_looked_for_and_not_seen_it_is_outside():
    """The dog is seen in frames 0, 5 and 25, and nothing else was looked at between them."""
    assert frames("dog") == [(0, False), (5, False), (25, False), (100, True)]
    gapped = story()
    (dog, person) = gapped.results[3].findings
    person.track.boxes[0].offset.CopyFrom(dog.track.boxes[1].offset)
    del dog.track.boxes[1]
    root = ET.fromstring(cvat_xml(gapped))
    first = next(root.iter("track"))
    assert [(box.get("frame"), box.get("outside")) for box in first.iter("box")][:3] == [
        ("0", "0"),
        ("5", "1"),
        ("25", "0"),
    ]


def test_boxes_are_pixels_inside_the_picture():
    box = next(tracks()["dog"].iter("box"))
    edges = [float(box.get(name, "")) for name in ("xtl", "ytl", "xbr", "ybr")]
    assert edges == pytest.approx([72, 640, 216, 896], abs=0.01)


def test_labels_size_and_frames_are_told():
    task = ET.fromstring(cvat_xml(story())).find("meta/task")
    assert task is not None
    assert [name.text for name in task.iterfind("labels/label/name")] == ["dog", "person"]
    assert (task.findtext("original_size/width"), task.findtext("original_size/height")) == ("720", "1280")
    assert (task.findtext("size"), task.findtext("stop_frame")) == ("300", "299")


def test_frames_that_are_not_evenly_spaced_are_refused():
    """A frame number would be a guess."""
    uneven = story()
    uneven.results[0].findings[2].shot.start_frame_index = 140
    with pytest.raises(UnevenFrames, match="not evenly spaced"):
        cvat_xml(uneven)
