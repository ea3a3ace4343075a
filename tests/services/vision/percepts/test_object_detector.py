from __future__ import annotations

import dataclasses
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from services.common.device import Device
from services.common.errors import WeightsDamaged
from services.common.weights import InstalledWeights
from services.vision.percepts.object_detector import ObjectDetector
from tests.services.vision.scenes import photo


@pytest.fixture(scope="module")
def detector(yolo11n: InstalledWeights, device: Device) -> ObjectDetector:
    return ObjectDetector(yolo11n, device)


BUS = (480, 640)
UPRIGHT = (360, 640)
ACROSS = (640, 360)


@pytest.mark.parametrize(("name", "size"), [("bus", BUS), ("bus", UPRIGHT), ("zidane", ACROSS), ("zidane", (517, 291))])
def test_it_sees_what_ultralytics_sees_in_the_same_pixels(
    detector: ObjectDetector, yolo11n: InstalledWeights, name: str, size: tuple[int, int]
) -> None:
    from ultralytics import YOLO

    width_px, height_px = size
    frame = photo(name, width_px, height_px)
    (found,) = detector.detect(frame[None], 0.25)
    reference = YOLO(str(yolo11n.path)).predict(np.ascontiguousarray(frame[..., ::-1]), imgsz=640, verbose=False)[0]
    order = np.argsort(-reference.boxes.conf.numpy(), kind="stable")
    assert len(found) >= 2
    assert found.classes.tolist() == reference.boxes.cls.numpy()[order].astype(int).tolist()
    pixels = found.boxes * np.array([width_px, height_px, width_px, height_px])
    np.testing.assert_allclose(pixels, reference.boxes.xyxy.numpy()[order], atol=0.5)
    np.testing.assert_allclose(found.scores, reference.boxes.conf.numpy()[order], atol=0.005)


def test_the_street_has_a_bus_and_its_people(detector: ObjectDetector) -> None:
    (found,) = detector.detect(photo("bus", *BUS)[None], 0.25)
    names = sorted(detector.names[int(kind)] for kind in found.classes)
    assert names == ["bus", "person", "person", "person", "person"]


def test_a_batch_sees_what_single_frames_see(detector: ObjectDetector) -> None:
    frames = np.stack([photo("bus", *UPRIGHT), photo("zidane", *UPRIGHT), photo("bus", *UPRIGHT)[:, ::-1]])
    together = detector.detect(frames, 0.25)
    for frame, batched in zip(frames, together, strict=True):
        (alone,) = detector.detect(frame[None], 0.25)
        np.testing.assert_allclose(batched.boxes, alone.boxes, atol=1e-3)
        np.testing.assert_allclose(batched.scores, alone.scores, atol=1e-3)


def test_more_frames_than_a_batch_are_all_seen(detector: ObjectDetector) -> None:
    small = photo("bus", 96, 128)
    assert len(detector.detect(np.stack([small] * 18), 0.25)) == 18


def test_threads_take_turns(detector: ObjectDetector) -> None:
    frames = [photo("bus", *UPRIGHT), photo("zidane", *ACROSS)] * 4
    expected = [len(detector.detect(frame[None], 0.25)[0]) for frame in frames]
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda frame: len(detector.detect(frame[None], 0.25)[0]), frames))
    assert found == expected


def test_nothing_is_seen_in_nothing(detector: ObjectDetector) -> None:
    (found,) = detector.detect(np.zeros((1, 64, 64, 3), np.uint8), 0.25)
    assert len(found) == 0
    assert found.boxes.shape == (0, 4)
    assert detector.detect(np.empty((0, 64, 64, 3), np.uint8), 0.25) == []


def test_a_damaged_file_is_refused(yolo11n: InstalledWeights, device: Device, tmp_path: Path) -> None:
    path = tmp_path / "yolo11n.pt"
    path.write_bytes(yolo11n.path.read_bytes()[:100_000])
    with pytest.raises(WeightsDamaged):
        ObjectDetector(dataclasses.replace(yolo11n, files={path.name: path}), device)


SILENT = """
import numpy as np
from services.common.device import Device
from services.common.weights import locate
from services.vision.percepts.object_detector import ObjectDetector
detector = ObjectDetector(locate("yolo11n"), Device(core_count=1))
detector.detect(np.zeros((1, 64, 64, 3), np.uint8), 0.25)
from ultralytics.utils import ONLINE
assert not ONLINE
"""


def test_ultralytics_writes_nothing_and_says_nothing(yolo11n: InstalledWeights, tmp_path: Path) -> None:
    home = tmp_path / "home"
    work = tmp_path / "work"
    home.mkdir()
    work.mkdir()
    environment = os.environ | {
        "HOME": str(home),
        "XDG_CONFIG_HOME": str(home),
        "REELSCRIBE_MODEL_DIR": str(yolo11n.directory.parent),
        "PYTHONPATH": os.pathsep.join([str(Path(__file__).parents[4]), *sys.path]),
    }
    environment.pop("YOLO_CONFIG_DIR", None)
    run = subprocess.run(
        [sys.executable, "-c", SILENT], cwd=work, env=environment, capture_output=True, text=True, timeout=120
    )
    assert (run.returncode, run.stdout, run.stderr) == (0, "", "")
    assert list(home.rglob("*")) == []
    assert list(work.rglob("*")) == []
