from __future__ import annotations

import dataclasses
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from services.common.device import Device
from services.common.errors import WeightsDamaged, WeightsNotInstalled
from services.common.weights import InstalledWeights, locate
from services.vision.percepts.face_detector import FaceDetector
from services.vision.percepts.faces import SCORE
from tests.services.vision.scenes import photo


@pytest.fixture(scope="module")
def yunet() -> InstalledWeights:
    try:
        return locate("yunet")
    except WeightsNotInstalled as error:
        pytest.skip(f"{error}: {error.fix}")


@pytest.fixture(scope="module")
def detector(yunet: InstalledWeights, device: Device) -> FaceDetector:
    return FaceDetector(yunet, device)


def test_both_men_have_a_face(detector: FaceDetector) -> None:
    found = detector.detect(photo("zidane", 640, 360), SCORE)
    assert len(found) == 2
    assert (np.diff(found.scores) <= 0).all()
    for box, landmarks in zip(found.boxes, found.landmarks, strict=True):
        left, top, right, bottom = box
        assert 0 <= left < right <= 1
        assert 0 <= top < bottom <= 1
        right_eye, left_eye, nose, right_mouth, left_mouth = landmarks
        assert right_eye[0] < left_eye[0]
        assert right_mouth[0] < left_mouth[0]
        assert right_eye[1] < nose[1] < right_mouth[1]


@pytest.mark.parametrize("size", [(640, 360), (331, 187), (1280, 720)])
def test_the_places_do_not_depend_on_the_frame_s_size(detector: FaceDetector, size: tuple[int, int]) -> None:
    reference = detector.detect(photo("zidane", 480, 270), SCORE)
    found = detector.detect(photo("zidane", *size), SCORE)
    assert len(found) == 2
    ours, theirs = (each.boxes[np.argsort(each.boxes[:, 0])] for each in (found, reference))
    np.testing.assert_allclose(ours, theirs, atol=0.03)


def test_a_face_of_twelve_pixels_is_found(detector: FaceDetector) -> None:
    import skimage.data

    little = np.full((480, 480, 3), 110, np.uint8)
    little[100:172, 100:172] = skimage.data.astronaut()[::7, ::7][:72, :72]
    found = detector.detect(little, SCORE)
    assert len(found) == 1
    assert (found.boxes[0, 2] - found.boxes[0, 0]) * 480 == pytest.approx(12, abs=2.5)


@pytest.mark.parametrize("shape", [(1, 1), (3, 200), (120, 67)])
def test_where_there_is_no_face_none_is_found(detector: FaceDetector, shape: tuple[int, int]) -> None:
    found = detector.detect(np.full((*shape, 3), 110, np.uint8), 0.3)
    assert len(found) == 0
    assert found.boxes.shape == (0, 4)
    assert found.landmarks.shape == (0, 5, 2)


def test_threads_with_frames_of_different_sizes_take_turns(detector: FaceDetector) -> None:
    frames = [photo("zidane", *size) for size in ((480, 270), (320, 180), (200, 400))] * 4
    alone = [detector.detect(frame, SCORE).boxes for frame in frames]
    with ThreadPoolExecutor(3) as pool:
        together = list(pool.map(lambda frame: detector.detect(frame, SCORE).boxes, frames))
    for one, other in zip(alone, together, strict=True):
        np.testing.assert_array_equal(one, other)


def test_its_model_is_named(detector: FaceDetector, yunet: InstalledWeights) -> None:
    assert detector.model.name == "yunet"
    assert detector.model.sha256 == yunet.sha256
    assert detector.model.library.startswith("opencv ")


def test_a_file_that_is_no_network_is_damaged(yunet: InstalledWeights, device: Device, tmp_path: Path) -> None:
    (tmp_path / "face.onnx").write_bytes(b"nothing")
    broken = dataclasses.replace(yunet, directory=tmp_path, files={"face.onnx": tmp_path / "face.onnx"})
    with pytest.raises(WeightsDamaged):
        FaceDetector(broken, device)
