from __future__ import annotations

import dataclasses
import json
import zipfile
from pathlib import Path

import cv2
import numpy as np
import pytest

from services.common.device import Device
from services.common.errors import WeightsDamaged, WeightsNotInstalled
from services.common.weights import InstalledWeights, locate
from services.vision.percepts.face_blendshapes import BLENDSHAPE_NAMES
from services.vision.percepts.face_network import Crop, FaceNetwork

REFERENCE = json.loads((Path(__file__).parents[1] / "truth" / "mesh_reference.json").read_text())

FACE = Crop(centre=(223.0, 122.0), side=165.0, roll=0.0)
"""Of the astronaut, roughly."""


@pytest.fixture(scope="module")
def weights() -> InstalledWeights:
    try:
        return locate("face-landmarker")
    except WeightsNotInstalled as error:
        pytest.skip(f"{error}: {error.fix}")


@pytest.fixture(scope="module")
def network(weights: InstalledWeights, device: Device) -> FaceNetwork:
    return FaceNetwork(weights, device)


@pytest.fixture(scope="module")
def astronaut() -> np.ndarray:
    import skimage.data

    return np.asarray(skimage.data.astronaut())


def test_the_points_are_where_mediapipe_puts_them(network: FaceNetwork, astronaut: np.ndarray) -> None:
    points, presence = network.mesh(astronaut, FACE)
    expected = REFERENCE["points_px"]
    apart = [np.linalg.norm(points[int(row), :2] - place) for row, place in expected.items()]
    assert np.mean(apart) < 1.0
    assert max(apart) < 2.5
    assert presence > 0.99


def test_the_muscles_are_drawn_as_mediapipe_says(network: FaceNetwork, astronaut: np.ndarray) -> None:
    points, _ = network.mesh(astronaut, FACE)
    scores = dict(zip(BLENDSHAPE_NAMES, network.blendshapes(points), strict=True))
    for name, expected in REFERENCE["blendshapes"].items():
        assert scores[name] == pytest.approx(expected, abs=0.1), name


@pytest.mark.parametrize("clockwise_deg", [-40.0, 15.0, 90.0])
def test_a_rolled_face_in_a_rolled_crop_has_the_same_mesh(
    network: FaceNetwork, astronaut: np.ndarray, clockwise_deg: float
) -> None:
    upright, _ = network.mesh(astronaut, FACE)
    matrix = cv2.getRotationMatrix2D(FACE.centre, -clockwise_deg, 1.0)
    turned = cv2.warpAffine(astronaut, matrix, (512, 512), borderMode=cv2.BORDER_REPLICATE)
    points, _ = network.mesh(turned, dataclasses.replace(FACE, roll=np.radians(clockwise_deg)))
    # OpenCV counts from the middle of the first pixel, a mesh from its corner.
    expected = (upright[:, :2] - 0.5) @ matrix[:, :2].T + matrix[:, 2] + 0.5
    assert np.linalg.norm(points[:, :2] - expected, axis=1).mean() < 1.0
    np.testing.assert_allclose(points[:, 2], upright[:, 2], atol=3.0)


def test_where_the_face_is_and_how_large_makes_no_odds_to_the_muscles(
    network: FaceNetwork, astronaut: np.ndarray
) -> None:
    points, _ = network.mesh(astronaut, FACE)
    np.testing.assert_allclose(network.blendshapes(points), network.blendshapes(points * 0.3 + 50), atol=1e-3)


def test_a_crop_that_reaches_beyond_the_frame_still_has_a_mesh(network: FaceNetwork, astronaut: np.ndarray) -> None:
    _, presence = network.mesh(astronaut[60:], dataclasses.replace(FACE, centre=(223.0, 62.0)))
    assert presence > 0.9


@pytest.mark.parametrize("shape", [(300, 300), (7, 3)])
def test_noise_is_no_face(network: FaceNetwork, shape: tuple[int, int]) -> None:
    noise = np.random.default_rng(0).integers(0, 255, (*shape, 3), np.uint8)
    _, presence = network.mesh(noise, Crop(centre=(shape[1] / 2, shape[0] / 2), side=200.0, roll=0.0))
    assert presence < 0.1


def test_other_weights_are_damaged(weights: InstalledWeights, device: Device, tmp_path: Path) -> None:
    for number, content in enumerate((b"nothing", None)):
        path = tmp_path / f"{number}.task"
        if content:
            path.write_bytes(content)
        else:
            zipfile.ZipFile(path, "w").close()
        with pytest.raises(WeightsDamaged):
            FaceNetwork(dataclasses.replace(weights, files={path.name: path}), device)
