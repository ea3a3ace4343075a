from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from services.common.device import Device
from services.common.errors import WeightsDamaged, WeightsNotInstalled
from services.common.onnx import OnnxNetwork
from services.common.weights import InstalledWeights, locate

pytest.importorskip("onnxruntime", reason="no service that runs ONNX is installed")


@pytest.fixture
def weights() -> InstalledWeights:
    try:
        return locate("silero-vad")
    except WeightsNotInstalled as missing:
        pytest.skip(f"{missing}: {missing.fix}")


def test_a_network_says_what_it_takes_gives_and_is(weights: InstalledWeights, device: Device) -> None:
    network = OnnxNetwork(weights, device, extra="audio")
    assert set(network.inputs) == {"input", "h", "c"}
    assert (network.model.name, network.model.sha256) == ("silero-vad", weights.sha256)
    assert network.model.library.startswith("onnxruntime ")


def test_inputs_go_by_name_and_outputs_come_in_order(weights: InstalledWeights, device: Device) -> None:
    network = OnnxNetwork(weights, device, extra="audio")
    memory = np.zeros((1, 1, 128), np.float32)
    found = network({"input": np.zeros((2, 576), np.float32), "h": memory, "c": memory})
    assert [output.shape[-1] for output in found[1:]] == [128, 128]
    assert np.all((found[0] >= 0) & (found[0] < 0.5))


def test_what_is_no_network_is_refused(weights: InstalledWeights, device: Device, tmp_path: Path) -> None:
    broken = tmp_path / "broken.onnx"
    broken.write_bytes(b"no network")
    with pytest.raises(WeightsDamaged, match=r"broken\.onnx"):
        OnnxNetwork(replace(weights, directory=tmp_path, files={"broken.onnx": broken}), device, extra="audio")
