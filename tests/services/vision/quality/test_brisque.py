from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from services.common.device import Device
from services.common.errors import WeightsNotInstalled
from services.common.weights import locate
from services.vision.quality.brisque import FEATURE_COUNT, Brisque, features
from tests.services.vision.quality.distorted import PHOTOS, blurred, compressed, noisy, photo

REFERENCE = json.loads((Path(__file__).parent.parent / "truth" / "brisque_reference.json").read_text())["scores"]

SPOILT: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "as it is": lambda rgb: rgb,
    "blurred by 2 px": lambda rgb: blurred(rgb, 2),
    "noise of 10": lambda rgb: noisy(rgb, 10),
    "JPEG of 20": lambda rgb: compressed(rgb, 20),
}


@pytest.fixture(scope="module")
def brisque(device: Device) -> Brisque:
    try:
        return Brisque(locate("brisque-live"), device)
    except WeightsNotInstalled as error:
        pytest.skip(f"{error}: {error.fix}")


@pytest.mark.parametrize("how", SPOILT)
@pytest.mark.parametrize("name", PHOTOS)
def test_scores_are_those_of_the_package_the_weights_come_from(brisque: Brisque, name: str, how: str):
    assert brisque.score(SPOILT[how](photo(name))) == pytest.approx(REFERENCE[name][how], abs=1.0)


@pytest.mark.parametrize("name", PHOTOS)
def test_it_rises_with_each_kind_of_distortion(brisque: Brisque, name: str):
    clean = photo(name)
    for spoilt in (
        [blurred(clean, sigma_px) for sigma_px in (1, 2, 4)],
        [noisy(clean, sigma) for sigma in (5, 10, 20)],
        [compressed(clean, quality) for quality in (50, 20, 8)],
    ):
        scores = [brisque.score(rgb) for rgb in (clean, *spoilt)]
        assert scores == sorted(scores, key=lambda score: score or 0.0)


def test_the_model_is_named_with_its_weights(brisque: Brisque):
    assert brisque.model.name == "brisque-live"
    assert len(brisque.model.sha256) == 64
    assert brisque.model.licence == "Apache-2.0"


def test_normal_noise_has_the_shape_of_a_normal_distribution():
    grey = np.random.default_rng(0).normal(128, 40, (256, 256)).clip(0, 255).astype(np.uint8)
    found = features(np.repeat(grey[..., None], 3, axis=2))
    assert found is not None
    assert found.shape == (FEATURE_COUNT,)
    assert found[0] > 2.0  # at least as round: the local deviation was taken out


@pytest.mark.parametrize("rgb", [np.zeros((64, 64, 3), np.uint8), np.full((31, 400, 3), 7, np.uint8)])
def test_plain_and_tiny_pictures_have_no_score(rgb: np.ndarray):
    assert features(rgb) is None
