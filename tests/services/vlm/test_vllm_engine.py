"""How vLLM is called, held with a stand-in: vLLM itself was never run here."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import numpy as np
import pytest

from services.common.device import Device
from services.common.errors import InvalidSetting, LibraryNotInstalled
from services.vlm.analyzers.qwen2_vl_temporal import Qwen2VlTemporal
from services.vlm.segment_model import Request
from services.vlm.segments import MIN_PIXELS
from services.vlm.vllm_engine import VllmEngine
from tests.services.vlm import fake_vllm


def request() -> Request:
    frames = tuple(np.full((56, 84, 3), grey, dtype=np.uint8) for grey in (0, 50, 100, 150))
    return Request(
        frames=frames, system="Be brief.", ask="What?", max_pixels=28 * 28 * 8, max_new_tokens=8, max_prompt_tokens=99
    )


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if vLLM were there."""
    monkeypatch.setitem(sys.modules, "vllm", fake_vllm)
    find = importlib.util.find_spec
    monkeypatch.setattr("importlib.util.find_spec", lambda name, *more: name == "vllm" or find(name, *more))


def test_without_it_the_fix_is_its_extra(device: Device) -> None:
    if importlib.util.find_spec("vllm") is not None:
        pytest.skip("vLLM is installed here, which takes a GPU")
    with pytest.raises(LibraryNotInstalled) as missing:
        Qwen2VlTemporal(Qwen2VlTemporal.Settings(backend="vllm")).load(device)
    assert missing.value.fix == "pip install 'reelscribe[vllm]'"


@pytest.mark.usefixtures("installed")
def test_it_is_given_the_frames_the_chat_and_the_bounds(tiny_checkpoint: Path, device: Device) -> None:
    engine = VllmEngine.from_directory(tiny_checkpoint, device=device, row_limit=16)
    written = engine.submit([request()])[0].wait(60)
    engine.close()
    (prompt,) = engine._engine.prompts
    np.testing.assert_array_equal(prompt["multi_modal_data"]["video"], np.stack(request().frames))
    assert prompt["prompt"] == (
        "<|im_start|>system\nBe brief.<|im_end|>\n<|im_start|>user\n<|vision_start|><|video_pad|><|vision_end|>"
        "What?<|im_end|>\n<|im_start|>assistant\n"
    )
    assert prompt["mm_processor_kwargs"]["size"] == {"shortest_edge": MIN_PIXELS, "longest_edge": 28 * 28 * 8}
    assert engine._engine.arguments.model == str(tiny_checkpoint)
    assert (engine._engine.arguments.max_num_seqs, engine.precision) == (16, "bfloat16")
    assert (written.text, written.output_token_count, written.complete) == ("a word", 3, True)
    assert written.prompt_token_count == 12
    assert written.mean_token_probability == pytest.approx(0.5)
    assert engine._engine.shut_down


@pytest.mark.usefixtures("installed")
def test_what_bitsandbytes_loads_it_does_not(tiny_checkpoint: Path, device: Device) -> None:
    with pytest.raises(InvalidSetting, match="the vllm backend does not load nf4"):
        VllmEngine.from_directory(tiny_checkpoint, device=device, precision="nf4")
