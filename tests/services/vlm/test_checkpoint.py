"""A checkpoint is opened whole or not at all, in the precision that was chosen."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file
from structlog.testing import capture_logs

from services.common.device import Device
from services.common.errors import InvalidSetting, LibraryNotInstalled, WeightsDamaged
from services.common.whole_checkpoint import CheckpointIncomplete
from services.vlm import checkpoint
from services.vlm.checkpoint import attention_for, open_checkpoint, precision_for
from services.vlm.qwen2_vl import Qwen2Vl, load_model
from services.vlm.segment_model import Request

Tensors = dict[str, torch.Tensor]


def changed(source: Path, target: Path, change: Callable[[Tensors], None]) -> Path:
    shutil.copytree(source, target)
    tensors = load_file(target / "model.safetensors")
    change(tensors)
    save_file(tensors, target / "model.safetensors", metadata={"format": "pt"})
    return target


def any_of(tensors: Tensors, ending: str) -> str:
    return next(name for name in sorted(tensors) if name.endswith(ending))


def test_a_missing_tensor_is_refused_and_named(tiny_checkpoint: Path, tmp_path: Path, device: Device) -> None:
    def lose_one(tensors: Tensors) -> None:
        del tensors[any_of(tensors, "layers.1.mlp.up_proj.weight")]

    with pytest.raises(CheckpointIncomplete, match=r"1 tensors missing \(.*layers\.1\.mlp\.up_proj\.weight") as refused:
        open_checkpoint(changed(tiny_checkpoint, tmp_path / "c", lose_one), device=device, precision="float32")
    assert refused.value.reason == "weights_damaged"


def test_a_tensor_too_many_is_refused(tiny_checkpoint: Path, tmp_path: Path, device: Device) -> None:
    def add_one(tensors: Tensors) -> None:
        tensors["visual.blocks.9.norm1.weight"] = torch.ones(64)

    with pytest.raises(CheckpointIncomplete) as refused:
        open_checkpoint(changed(tiny_checkpoint, tmp_path / "c", add_one), device=device, precision="float32")
    assert len(refused.value.unexpected) == 1


def test_a_tensor_of_another_shape_is_refused(tiny_checkpoint: Path, tmp_path: Path, device: Device) -> None:
    def cut_one(tensors: Tensors) -> None:
        name = any_of(tensors, "layers.0.mlp.up_proj.weight")
        tensors[name] = tensors[name][:-1].clone()

    with pytest.raises(CheckpointIncomplete) as refused:
        open_checkpoint(changed(tiny_checkpoint, tmp_path / "c", cut_one), device=device, precision="float32")
    assert len(refused.value.mismatched) == 1


def test_a_truncated_file_is_damaged(tiny_checkpoint: Path, tmp_path: Path, device: Device) -> None:
    copy = Path(shutil.copytree(tiny_checkpoint, tmp_path / "c"))
    content = (copy / "model.safetensors").read_bytes()
    (copy / "model.safetensors").write_bytes(content[: len(content) // 2])
    with pytest.raises(WeightsDamaged):
        open_checkpoint(copy, device=device, precision="float32")


@pytest.mark.parametrize("name", ["config.json", "model.safetensors", "vocab.json", "preprocessor_config.json"])
def test_a_checkpoint_without_one_of_its_files_is_damaged(
    tiny_checkpoint: Path, tmp_path: Path, device: Device, name: str
) -> None:
    copy = Path(shutil.copytree(tiny_checkpoint, tmp_path / "c"))
    (copy / name).unlink()
    with pytest.raises(WeightsDamaged):
        open_checkpoint(copy, device=device, precision="float32")


def test_on_a_gpu_it_is_bfloat16_and_on_a_cpu_the_faster_one(device: Device) -> None:
    assert precision_for(Device(kind="cuda:0")) == "bfloat16"
    assert precision_for(device) in ("bfloat16", "float32")


def test_flash_attention_is_taken_on_a_gpu_where_it_is_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    gpu = Device(kind="cuda:0")
    with capture_logs() as logs:
        monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
        assert attention_for(gpu) == "sdpa"
    assert [line["event"] for line in logs] == ["flash-attn is not installed, torch's own attention is used"]
    with pytest.raises(LibraryNotInstalled) as absent:
        attention_for(gpu, "flash_attention_2")
    assert absent.value.fix == "pip install flash-attn --no-build-isolation"
    monkeypatch.setattr("importlib.util.find_spec", lambda name: name)
    assert attention_for(gpu) == "flash_attention_2"
    assert attention_for(gpu, "sdpa") == "sdpa"


def test_on_a_cpu_attention_is_torchs_own(device: Device) -> None:
    assert attention_for(device) == "sdpa"
    with pytest.raises(InvalidSetting, match="needs a GPU"):
        attention_for(device, "flash_attention_2")


@pytest.mark.parametrize("precision", ["bfloat16", "int8", "nf4"])
def test_it_writes_in_each_precision(tiny_checkpoint: Path, device: Device, precision: str) -> None:
    if precision in checkpoint.QUANTIZED:
        pytest.importorskip("bitsandbytes", reason="the vlm extra is not installed")
    model = load_model(tiny_checkpoint, device=device, precision=precision)
    frame = np.full((56, 56, 3), 90, dtype=np.uint8)
    request = Request(
        frames=(frame, frame), system="", ask="What?", max_pixels=56 * 56, max_new_tokens=4, max_prompt_tokens=100
    )
    rows, logits = model.begin([request, request])
    logits = model.step(rows, logits.argmax(-1).tolist())
    assert model.precision == precision
    assert logits.shape == (2, 151680)
    assert torch.isfinite(logits).all()


def test_a_quantised_model_takes_less_memory(tiny_checkpoint: Path, tiny_model: Qwen2Vl, device: Device) -> None:
    pytest.importorskip("bitsandbytes", reason="the vlm extra is not installed")

    def layer_bytes(model: Qwen2Vl) -> int:
        layer = model._model.model.language_model.layers[0].mlp.up_proj
        return layer.weight.numel() * layer.weight.element_size()

    sizes = [layer_bytes(load_model(tiny_checkpoint, device=device, precision=name)) for name in ("int8", "nf4")]
    assert sizes[1] < sizes[0] < layer_bytes(tiny_model)


def test_a_missing_library_is_named_with_its_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(LibraryNotInstalled) as absent:
        checkpoint.require_libraries()
    assert absent.value.fix == "pip install 'reelscribe[vlm]'"
