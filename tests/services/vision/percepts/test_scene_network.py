from __future__ import annotations

from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from services.common.device import Device
from services.common.errors import WeightsDamaged, WeightsNotInstalled
from services.common.weights import locate
from services.vision.percepts.scene_network import (
    BLOCKS,
    INPUT_PX,
    SceneNetwork,
    check_tensors,
    expected_shapes,
)

CLASSES = {"chelsea": {281, 282, 285}, "coffee": {967, 504}, "rocket": {744, 657}}
"""ImageNet's tabby, tiger cat, Egyptian cat; espresso, coffee mug; projectile, missile."""


class Shaped:
    """What has a shape: all that the check asks a tensor for."""

    def __init__(self, shape: tuple[int, ...]) -> None:
        self.shape = shape


def tensors() -> dict[str, Any]:
    return {name: Shaped(shape) for name, shape in expected_shapes().items()}


@pytest.fixture(scope="module")
def network(device: Device) -> SceneNetwork:
    pytest.importorskip("torch")
    try:
        return SceneNetwork(locate("efficientnet-lite0"), device)
    except WeightsNotInstalled as error:
        pytest.skip(f"{error}: {error.fix}")


def square(picture: np.ndarray) -> np.ndarray:
    side = min(picture.shape[:2])
    top, left = ((length - side) // 2 for length in picture.shape[:2])
    cropped = picture[top : top + side, left : left + side]
    sized: np.ndarray = cv2.resize(cropped, (INPUT_PX, INPUT_PX), interpolation=cv2.INTER_AREA)
    return sized


def test_it_has_sixteen_blocks_between_stem_and_head() -> None:
    assert len(BLOCKS) == 18
    assert len(expected_shapes()) == 296


def test_the_weights_tell_what_a_photo_shows(network: SceneNetwork) -> None:
    data = pytest.importorskip("skimage.data", reason="the test's photos come with scikit-image")
    photos = np.stack([square(getattr(data, name)()) for name in CLASSES])
    for scores, allowed in zip(network.class_scores(photos), CLASSES.values(), strict=True):
        assert int(scores.argmax()) in allowed


def test_features_do_not_depend_on_what_is_looked_at_beside(network: SceneNetwork) -> None:
    squares = np.random.default_rng(0).integers(0, 256, (3, INPUT_PX, INPUT_PX, 3)).astype(np.uint8)
    together = network.features(squares)
    assert together.shape == (3, 1280)
    assert together.min() >= 0
    alone = np.concatenate([network.features(one[None]) for one in squares])
    np.testing.assert_allclose(together, alone, atol=1e-4)
    assert network.features(squares[:0]).shape == (0, 1280)


def test_another_size_is_refused(network: SceneNetwork) -> None:
    with pytest.raises(ValueError, match=r"\(1, 100, 100, 3\)"):
        network.features(np.zeros((1, 100, 100, 3), np.uint8))


def test_tensors_that_fit_are_taken() -> None:
    check_tensors(tensors(), Path("x.pth"))


def test_a_missing_tensor_is_refused() -> None:
    found = tensors()
    del found["_blocks.3._bn1.running_mean"]
    with pytest.raises(WeightsDamaged, match=r"1 missing, first _blocks\.3\._bn1\.running_mean"):
        check_tensors(found, Path("x.pth"))


def test_a_tensor_too_many_is_refused() -> None:
    with pytest.raises(WeightsDamaged, match="1 left over, first head"):
        check_tensors(tensors() | {"head": Shaped((3,))}, Path("x.pth"))


def test_a_tensor_of_another_shape_is_refused() -> None:
    with pytest.raises(WeightsDamaged, match=r"_fc\.bias is \(21,\)"):
        check_tensors(tensors() | {"_fc.bias": Shaped((21,))}, Path("x.pth"))


def test_a_file_that_is_no_checkpoint_is_refused(tmp_path: Path, device: Device) -> None:
    pytest.importorskip("torch")
    from services.vision.percepts.scene_network import _tensors

    damaged = tmp_path / "x.pth"
    damaged.write_bytes(b"not tensors")
    with pytest.raises(WeightsDamaged, match="not a checkpoint"):
        _tensors(damaged)
