"""Checkpoints and models shared by the tests of this service."""

from __future__ import annotations

from pathlib import Path

import pytest

from services.common.device import Device
from services.vlm.qwen2_vl import Qwen2Vl, load_model
from tests.tiny_qwen2vl import build_checkpoint, build_checkpoint_2_5


@pytest.fixture(scope="session")
def tokenizer_dir(shared_dir: Path) -> Path:
    """Tokenizer and processor as published."""
    pytest.importorskip("transformers", reason="the vlm extra is not installed")
    tokenizer_dir = shared_dir / "weights" / "tokenizers" / "qwen2-vl"
    if not tokenizer_dir.is_dir():
        pytest.skip("no tokenizer of Qwen2-VL in the test data")
    return tokenizer_dir


@pytest.fixture(scope="session")
def tiny_checkpoint(tokenizer_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A checkpoint directory with random weights."""
    return build_checkpoint(tokenizer_dir, tmp_path_factory.mktemp("random weights"))


@pytest.fixture(scope="session")
def tiny_model(tiny_checkpoint: Path, device: Device) -> Qwen2Vl:
    """The real classes in float32; keeps no state between calls."""
    return load_model(tiny_checkpoint, device=device, precision="float32")


@pytest.fixture(scope="session")
def tiny_checkpoint_2_5(tokenizer_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One of Qwen2.5-VL, likewise."""
    return build_checkpoint_2_5(tokenizer_dir, tmp_path_factory.mktemp("random weights of 2.5"))


@pytest.fixture(scope="session")
def tiny_model_2_5(tiny_checkpoint_2_5: Path, device: Device) -> Qwen2Vl:
    """Qwen2.5-VL's real classes, likewise."""
    return load_model(tiny_checkpoint_2_5, device=device, precision="float32")
