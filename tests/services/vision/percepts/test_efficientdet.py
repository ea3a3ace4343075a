from __future__ import annotations

import dataclasses
import zipfile
from pathlib import Path

import numpy as np
import pytest

from services.common.device import Device
from services.common.errors import WeightsDamaged, WeightsNotInstalled
from services.common.weights import InstalledWeights, locate
from services.vision.percepts.efficientdet import EfficientDet, anchors, decoded
from services.vision.percepts.objects import Objects, ObjectsSettings
from services.vision.percepts.tracker import overlap
from tests.services.vision.scenes import photo


@pytest.fixture(scope="module")
def weights() -> InstalledWeights:
    try:
        return locate("efficientdet-lite0")
    except WeightsNotInstalled as error:
        pytest.skip(f"{error}: {error.fix}")


@pytest.fixture(scope="module")
def detector(weights: InstalledWeights, device: Device) -> EfficientDet:
    return EfficientDet(weights, device)


def test_every_place_has_nine_anchors() -> None:
    found = anchors()
    assert found.shape == ((40**2 + 20**2 + 10**2 + 5**2 + 3**2) * 9, 4)
    np.testing.assert_allclose(found[0], np.array([4.0, 4.0, 24.0, 24.0]) / 320)
    np.testing.assert_allclose(found[1], np.array([4.0, 4.0, 24.0 / 2**0.5, 24.0 * 2**0.5]) / 320)


def test_an_answer_of_nothing_is_the_anchor_itself() -> None:
    (box,) = decoded(np.zeros((1, 4), np.float32), np.array([[0.5, 0.4, 0.2, 0.1]]))
    np.testing.assert_allclose(box, [0.35, 0.4, 0.45, 0.6])


def test_the_street_has_a_bus_and_people_where_yolo_sees_them(detector: EfficientDet) -> None:
    (found,) = detector.detect(photo("bus", 480, 640)[None], 0.5)
    names = [detector.names[int(kind)] for kind in found.classes]
    assert sorted(names) == ["bus", "person", "person", "person"]
    bus = found.boxes[names.index("bus")]
    assert overlap(bus, np.array([0.01, 0.21, 0.99, 0.69])) > 0.85
    assert list(found.scores) == sorted(found.scores, reverse=True)


def test_nothing_is_seen_in_nothing(detector: EfficientDet) -> None:
    (found,) = detector.detect(np.full((1, 64, 48, 3), 90, np.uint8), 0.25)
    assert found.boxes.shape == (0, 4)
    assert detector.detect(np.empty((0, 64, 64, 3), np.uint8), 0.25) == []


def test_its_classes_are_cocos_eighty(detector: EfficientDet) -> None:
    assert len(detector.names) == 80
    assert {"person", "cell_phone", "traffic_light"} <= set(detector.names.values())


def test_the_report_names_its_weights(detector: EfficientDet) -> None:
    assert (detector.model.name, detector.model.licence) == ("efficientdet-lite0", "Apache-2.0")


def test_a_setting_chooses_it(weights: InstalledWeights, device: Device) -> None:
    objects = Objects(ObjectsSettings(model="efficientdet-lite0"))
    objects.load(device)
    assert [model.name for model in objects.models] == ["efficientdet-lite0"]


def test_without_ultralytics_it_takes_its_place(
    weights: InstalledWeights, device: Device, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.vision.percepts.objects.find_spec", lambda name: None)
    objects = Objects()
    objects.load(device)
    assert [model.name for model in objects.models] == ["efficientdet-lite0"]


def test_other_weights_are_refused(weights: InstalledWeights, device: Device, tmp_path: Path) -> None:
    other = tmp_path / "other.tflite"
    with zipfile.ZipFile(other, "w") as archive:
        archive.writestr("something.txt", "else")
    with pytest.raises(WeightsDamaged, match="labels"):
        EfficientDet(dataclasses.replace(weights, files={other.name: other}), device)
