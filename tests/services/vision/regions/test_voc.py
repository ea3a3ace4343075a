from __future__ import annotations

import json
from pathlib import Path

import cv2
import numpy as np
import pytest

from services.common.device import Device
from services.common.errors import WeightsDamaged, WeightsNotInstalled
from services.common.weights import locate
from services.vision.regions.voc import INPUT_PX, NAMES, VocReader
from tests.services.vision.scenes import photo_path

MASKS = json.loads((Path(__file__).parent.parent / "truth" / "person_masks.json").read_text())


@pytest.fixture(scope="module")
def reader(device: Device) -> VocReader:
    pytest.importorskip("ai_edge_litert")
    try:
        return VocReader(locate("deeplabv3-voc"), device)
    except WeightsNotInstalled as error:
        pytest.skip(f"{error}: {error.fix}")


def picture(name: str) -> np.ndarray:
    """(height, width, 3) RGB, the longer side at most 640 px."""
    if name in ("bus", "zidane"):
        rgb = np.asarray(cv2.imread(str(photo_path(name))))[..., ::-1]
    else:
        rgb = getattr(pytest.importorskip("skimage.data", reason="the photo comes with scikit-image"), name)()
    scale = min(1.0, 640 / max(rgb.shape[:2]))
    sized: np.ndarray = cv2.resize(np.ascontiguousarray(rgb), None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    return sized


def mask(name: str) -> np.ndarray:
    """(height, width) bool of the size of `picture(name)`: where the persons are, as drawn by hand."""
    drawn = MASKS[name]
    filled = np.zeros((drawn["height_px"], drawn["width_px"]), np.uint8)
    for polygon in drawn["polygons"]:
        cv2.fillPoly(filled, [np.array(polygon)], 1)
    height, width = picture(name).shape[:2]
    sized: np.ndarray = cv2.resize(filled, (width, height), interpolation=cv2.INTER_NEAREST) > 0
    return sized


def seen(reader: VocReader, frame: np.ndarray) -> dict[str, float]:
    return {name: float(share) for name, share in zip(NAMES, reader.shares(frame), strict=True) if share >= 0.01}


def test_persons_fill_what_a_hand_drawn_mask_says(reader: VocReader) -> None:
    for name in ("zidane", "astronaut"):
        assert seen(reader, picture(name))["person"] == pytest.approx(mask(name).mean(), rel=0.10)


def test_the_person_is_where_the_mask_is(reader: VocReader) -> None:
    for name in ("zidane", "astronaut"):
        labels = reader.labels(picture(name))
        drawn = cv2.resize(mask(name).astype(np.uint8), labels.shape[::-1], interpolation=cv2.INTER_NEAREST) > 0
        found = labels == NAMES.index("person")
        assert (found & drawn).sum() / (found | drawn).sum() >= 0.8


@pytest.mark.parametrize("share", [0.5, 0.75])
def test_a_person_pasted_before_a_plain_wall_fills_its_area(reader: VocReader, share: float) -> None:
    person, drawn = picture("astronaut"), mask("astronaut")
    scene = np.full((512, 700, 3), (188, 184, 176), np.uint8)
    side = round(512 * share)
    small, small_mask = cv2.resize(person, (side, side)), cv2.resize(drawn.astype(np.uint8), (side, side)) > 0
    scene[512 - side :, 200 : 200 + side][small_mask] = small[small_mask]
    area = small_mask.sum() / (512 * 700)
    assert seen(reader, scene)["person"] == pytest.approx(area, rel=0.10)


def test_photos_hold_what_everybody_sees(reader: VocReader) -> None:
    street = seen(reader, picture("bus"))
    assert set(street) == {"unlabelled", "person", "bus"}
    assert street["bus"] > street["person"] > 0.08
    assert set(seen(reader, picture("chelsea"))) == {"unlabelled", "cat"}
    assert set(seen(reader, picture("rocket"))) == {"unlabelled"}


def test_old_bug_what_is_not_a_person_is_none(reader: VocReader) -> None:
    """A network for selfies takes whatever stands in front for a person: nine tenths of a cat, a fifth of a cup."""
    for name in ("chelsea", "coffee"):
        assert "person" not in seen(reader, picture(name))


def test_an_upright_picture_between_blurred_bars_is_read_by_itself(reader: VocReader) -> None:
    inner = picture("zidane")[:, 100:500]
    height = round(inner.shape[0] * 360 / inner.shape[1])
    frame = cv2.GaussianBlur(cv2.resize(inner, (360, 640)), (0, 0), 25)
    top = (640 - height) // 2
    frame[top : top + height] = cv2.resize(inner, (360, height), interpolation=cv2.INTER_AREA)
    alone = seen(reader, inner)["person"]
    assert seen(reader, frame)["person"] == pytest.approx(alone * height / 640, rel=0.15)


@pytest.mark.parametrize("shape", [(1, 1), (3, 700), (641, 7)])
def test_frames_of_any_shape_are_read(reader: VocReader, shape: tuple[int, int]) -> None:
    shares = reader.shares(np.full((*shape, 3), 127, np.uint8))
    assert shares.shape == (len(NAMES),)
    assert shares.sum() == pytest.approx(1.0)


def test_the_model_is_named_with_its_licence(reader: VocReader) -> None:
    assert reader.model.name == "deeplabv3-voc"
    assert reader.model.licence == "Apache-2.0"
    assert len(reader.model.sha256) == 64
    assert reader.labels(picture("astronaut")).shape == ((INPUT_PX + 1) // 2, (INPUT_PX + 1) // 2)


def test_another_network_is_refused(device: Device) -> None:
    pytest.importorskip("ai_edge_litert")
    try:
        other = locate("yamnet")
    except WeightsNotInstalled as error:
        pytest.skip(f"{error}: {error.fix}")
    with pytest.raises(WeightsDamaged, match="not DeepLabV3 of 21 classes"):
        VocReader(other, device)
