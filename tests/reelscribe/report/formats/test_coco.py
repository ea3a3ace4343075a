"""COCO as pycocotools reads it."""

from __future__ import annotations

from pathlib import Path

import pytest
from pycocotools.coco import COCO

from reelscribe.report.formats.coco import coco_json
from tests.reelscribe.report.made import report, story


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> COCO:
    path: Path = tmp_path_factory.mktemp("coco") / "tracks.coco.json"
    path.write_text(coco_json(story()))
    return COCO(str(path))


def test_a_class_is_a_category(data: COCO):
    assert [category["name"] for category in data.loadCats(data.getCatIds())] == ["dog", "person"]


def test_a_box_is_an_annotation_in_pixels_with_its_track(data: COCO):
    found = data.loadAnns(data.getAnnIds(catIds=data.getCatIds(["dog"])))
    assert [item["track_id"] for item in found] == [1, 1, 1]
    assert found[0]["bbox"] == pytest.approx([72, 640, 144, 256], abs=0.01)
    assert found[0]["area"] == pytest.approx(144 * 256, abs=5)


def test_an_image_is_a_frame_that_was_looked_at(data: COCO):
    images = data.loadImgs(sorted(data.getImgIds()))
    assert [image["offset_s"] for image in images] == [0.0, 0.2, 1.0, 4.0, 4.2]
    assert images[1]["file_name"] == "story & more.mp4#t=0.200"
    (annotation,) = data.loadAnns(data.getAnnIds(imgIds=[images[1]["id"]]))
    assert annotation["track_id"] == 1


def test_nothing_followed_is_an_empty_data_set(tmp_path: Path):
    path = tmp_path / "empty.json"
    path.write_text(coco_json(report()))
    assert COCO(str(path)).getAnnIds() == []
