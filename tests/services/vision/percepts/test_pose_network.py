from __future__ import annotations

import dataclasses
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from services.common.device import Device
from services.common.errors import WeightsDamaged
from services.common.weights import InstalledWeights
from services.vision.percepts.pose_network import PoseNetwork
from tests.services.vision.pose_weights import alone, pose_weights
from tests.services.vision.scenes import photo


@pytest.fixture(scope="module")
def network(device: Device) -> PoseNetwork:
    return PoseNetwork(pose_weights(), device)


def test_it_finds_what_ultralytics_finds_in_the_same_pixels(network: PoseNetwork) -> None:
    frame = photo("zidane", 640, 384)
    (poses,) = network.poses([frame])
    keypoints, boxes = alone(frame)
    assert len(poses) == len(boxes) == 2
    np.testing.assert_allclose(poses.boxes, boxes, atol=0.5)
    np.testing.assert_allclose(poses.keypoints, keypoints, atol=0.5)


def test_pictures_of_several_sizes_keep_their_order(network: PoseNetwork) -> None:
    two, four = photo("zidane", 640, 384), photo("bus", 480, 640)
    together = network.poses([two, four, two[:, ::-1].copy(), np.zeros((64, 64, 3), np.uint8)])
    assert [len(poses) for poses in together] == [2, 4, 2, 0]
    assert together[3].keypoints.shape == (0, 17, 3)
    assert together[3].boxes.shape == (0, 4)


def test_threads_are_answered_alike(network: PoseNetwork) -> None:
    frame = photo("zidane", 320, 192)
    with ThreadPoolExecutor(3) as pool:
        found = list(pool.map(lambda _: network.poses([frame])[0].keypoints, range(3)))
    for keypoints in found[1:]:
        np.testing.assert_allclose(keypoints, found[0], atol=1e-2)


def test_sides_that_do_not_fit_are_refused(network: PoseNetwork) -> None:
    with pytest.raises(ValueError, match="multiples of 32"):
        network.poses([np.zeros((100, 64, 3), np.uint8)])


def test_it_says_what_it_runs_on(network: PoseNetwork) -> None:
    assert network.model.name == "yolo11n-pose"
    assert network.model.library.startswith("ultralytics ")
    assert len(network.model.sha256) == 64
    assert (network.model.device, network.model.precision) == ("cpu", "float32")


def test_weights_that_find_no_poses_are_refused(yolo11n: InstalledWeights, device: Device) -> None:
    with pytest.raises(WeightsDamaged, match="detect"):
        PoseNetwork(yolo11n, device)


def test_a_damaged_file_is_refused(device: Device, tmp_path: Path) -> None:
    weights = pose_weights()
    path = tmp_path / weights.path.name
    path.write_bytes(weights.path.read_bytes()[:100_000])
    with pytest.raises(WeightsDamaged):
        PoseNetwork(dataclasses.replace(weights, files={path.name: path}), device)
