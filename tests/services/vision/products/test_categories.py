from __future__ import annotations

from collections import Counter

from services.common.device import Device
from services.common.weights import InstalledWeights
from services.vision.percepts.object_detector import ObjectDetector
from services.vision.products.categories import CATEGORIES, CATEGORY_OF


def test_every_class_is_in_one_category() -> None:
    counts = Counter(name for names in CATEGORIES.values() for name in names)
    assert set(counts.values()) == {1}
    assert set(CATEGORY_OF) == set(counts)


def test_nobody_is_for_sale() -> None:
    assert not {"person", "cat", "dog", "horse", "stop_sign", "traffic_light"} & set(CATEGORY_OF)


def test_every_class_is_one_the_detector_knows(yolo11n: InstalledWeights, device: Device) -> None:
    assert set(CATEGORY_OF) <= set(ObjectDetector(yolo11n, device).names.values())
