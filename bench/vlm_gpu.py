"""How fast segments are described on a GPU: Qwen2-VL's real classes with random weights, against what the card can do.

Speed only: weights and frames are random, every text has 64 tokens, nothing that is written means anything. Needs no
weights, tokenizer or network. Without a GPU it says so and exits 0; `--shape tiny` checks the script itself on a CPU.

    python -m bench.vlm_gpu [--shape 2b --shape 7b] [--json vlm_gpu.json]
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch

from services.common.device import Device
from services.vlm.checkpoint import Checkpoint
from services.vlm.engine import Engine
from services.vlm.qwen2_vl import Qwen2Vl
from services.vlm.segment_model import Request
from services.vlm.segments import resized, video_token_count

OUTPUT_TOKENS = 64
TEXT_TOKENS = 120
"""About what the English prompt costs beside the frames."""
SEGMENT_COUNT = 49
"""A clip of 48.9 s at one segment a second."""
LOOP_COUNT = 8
"""Segments of the one-at-a-time arm: its rate does not change with their number."""
BATCHES = (1, 8, 16, SEGMENT_COUNT)
FRAMES_SHAPE = (4, 640, 360, 3)
MAX_PIXELS = 256 * 28 * 28

SHAPES: dict[str, dict[str, Any]] = {
    "tiny": {
        "hidden_size": 64,
        "intermediate_size": 128,
        "num_hidden_layers": 2,
        "heads": (4, 2),
        "vision": (2, 64, 2),
    },
    "2b": {
        "hidden_size": 1536,
        "intermediate_size": 8960,
        "num_hidden_layers": 28,
        "heads": (12, 2),
        "vision": (32, 1280, 16),
    },
    "7b": {
        "hidden_size": 3584,
        "intermediate_size": 18944,
        "num_hidden_layers": 28,
        "heads": (28, 4),
        "vision": (32, 1280, 16),
    },
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Ceilings:
    """What the device reached in this run on the plainest work of each kind."""

    multiply_flop_per_s: float
    memory_bytes_per_s: float


class RandomChat:
    """Stands in for tokenizer and processor: the same shapes and counts, of random content."""

    end_token = -1

    def __init__(self, video_token: int) -> None:
        self._video_token = video_token

    def prompt_token_count(self, request: Request) -> int:
        """As many as the real one counts for such frames and the English prompt."""
        frames, height_px, width_px, _ = FRAMES_SHAPE
        return TEXT_TOKENS + video_token_count(frames, height_px, width_px, request.max_pixels)

    def padded(self, requests: Sequence[Request]) -> dict[str, Any]:
        """Tensors on the CPU, as the real one gives them."""
        rows = len(requests)
        height_px, width_px = resized(*FRAMES_SHAPE[1:3], requests[0].max_pixels)
        grid = [FRAMES_SHAPE[0] // 2, height_px // 14, width_px // 14]
        video_tokens = self.prompt_token_count(requests[0]) - TEXT_TOKENS
        ids = torch.full((rows, TEXT_TOKENS + video_tokens), 100)
        ids[:, 10 : 10 + video_tokens] = self._video_token
        return {
            "input_ids": ids,
            "attention_mask": torch.ones_like(ids),
            "mm_token_type_ids": (ids == self._video_token).int() * 2,
            "pixel_values_videos": torch.randn(rows * int(np.prod(grid)), 1176),
            "video_grid_thw": torch.tensor([grid] * rows),
        }

    def text(self, tokens: Sequence[int]) -> str:
        """Nothing that means anything."""
        return f"{len(tokens)} random tokens"


class RandomQwen2Vl(Qwen2Vl):
    """The real model with random weights; no text ever ends early."""

    def __init__(self, checkpoint: Checkpoint) -> None:
        super().__init__(checkpoint, chat=RandomChat(checkpoint.model.config.video_token_id))
        self.end_tokens = frozenset()


def build(shape: str, device: Device) -> RandomQwen2Vl:
    """A model of that shape; normal random weights of the architecture's own initialisation."""
    from transformers import Qwen2VLConfig, Qwen2VLForConditionalGeneration

    sizes = dict(SHAPES[shape])
    (heads, kv_heads), (depth, width, vision_heads) = sizes.pop("heads"), sizes.pop("vision")
    half_head = sizes["hidden_size"] // heads // 2
    rope = {"rope_type": "default", "rope_theta": 1e6}
    rope["mrope_section"] = [half_head // 4, half_head * 3 // 8, half_head - half_head // 4 - half_head * 3 // 8]
    text = sizes | {"vocab_size": 152064, "num_attention_heads": heads, "num_key_value_heads": kv_heads}
    vision = {"depth": depth, "embed_dim": width, "num_heads": vision_heads, "hidden_size": sizes["hidden_size"]}
    config = Qwen2VLConfig(
        text_config=text | {"rope_parameters": rope}, vision_config=vision, tie_word_embeddings=shape != "7b"
    )
    precision = "bfloat16" if device.kind != "cpu" else "float32"
    before = torch.get_default_dtype()
    torch.set_default_dtype(getattr(torch, precision))
    try:
        with torch.device(device.kind):
            model = Qwen2VLForConditionalGeneration(config).eval()
    finally:
        torch.set_default_dtype(before)
    return RandomQwen2Vl(Checkpoint(model=model, processor=None, precision=precision, attention="sdpa"))


def timed_s(work: Callable[[], Any], device: Device, repeat_count: int = 5) -> float:
    """Median seconds of a call, the device's queue empty before and after."""
    times_s = []
    for _ in range(repeat_count + 1):
        _drain(device)
        start_s = time.perf_counter()
        work()
        _drain(device)
        times_s.append(time.perf_counter() - start_s)
    return float(np.median(times_s[1:]))


def measured_ceilings(device: Device) -> Ceilings:
    """A large bf16 multiplication, and a copy that fits no cache."""
    side, size_bytes = (8192, 1 << 30) if device.kind != "cpu" else (512, 1 << 26)
    left = torch.randn(side, side, device=device.kind, dtype=torch.bfloat16)
    source = torch.empty(size_bytes, device=device.kind, dtype=torch.uint8)
    target = torch.empty_like(source)
    return Ceilings(
        multiply_flop_per_s=2 * side**3 / timed_s(lambda: left @ left, device),
        memory_bytes_per_s=2 * size_bytes / timed_s(lambda: target.copy_(source), device),
    )


def phases(model: RandomQwen2Vl, device: Device, ceilings: Ceilings, rows: int) -> dict[str, float]:
    """Seconds of vision tower, prefill and one step for a batch, and each one's roofline (attention's own products
    left out: the true bound lies a little higher)."""
    requests = [request()] * rows
    inputs = model.inputs(requests)
    network = model._model

    def see() -> None:
        with torch.inference_mode():
            network.model.get_video_features(inputs["pixel_values_videos"], inputs["video_grid_thw"])

    vision_s = timed_s(see, device)
    begin_s = timed_s(lambda: model.begin(requests), device)
    state, _ = model.begin(requests)
    step_s = timed_s(lambda: model.step(state, [100] * rows), device, repeat_count=20)
    vision, language = _parameters(network.model.visual), _parameters(network.model.language_model)
    # A lookup reads one row of the embedding; the products of a prefill leave it out.
    multiplied = language - network.get_input_embeddings().weight.numel()
    patches, tokens = len(inputs["pixel_values_videos"]), inputs["input_ids"].numel()
    cache_bytes = sum(2 * layer.keys.numel() * layer.keys.element_size() for layer in state.cache.layers)
    # The output layer is as large as the embedding that `language` counts, and it is what a step reads.
    weight_bytes = language * next(network.parameters()).element_size()
    return {
        "vision_s": vision_s,
        "prefill_s": begin_s - vision_s,
        "step_s": step_s,
        "vision_roofline_s": 2 * vision * patches / ceilings.multiply_flop_per_s,
        "prefill_roofline_s": 2 * multiplied * tokens / ceilings.multiply_flop_per_s,
        "step_roofline_s": (weight_bytes + cache_bytes) / ceilings.memory_bytes_per_s,
    }


def segments_per_s(model: RandomQwen2Vl, device: Device, *, rows: int, count: int) -> float:
    """Through the engine, queue to text."""
    engine = Engine(model, device=device, row_limit=rows)
    try:
        for ticket in engine.submit([request()] * min(rows, count)):
            ticket.wait()
        start_s = time.perf_counter()
        for ticket in engine.submit([request()] * count):
            ticket.wait()
        return count / (time.perf_counter() - start_s)
    finally:
        engine.close()


def request() -> Request:
    """One segment; its frames are made up by the model above."""
    frames = tuple(np.zeros(FRAMES_SHAPE[1:], dtype=np.uint8) for _ in range(FRAMES_SHAPE[0]))
    return Request(
        frames=frames, system="", ask="", max_pixels=MAX_PIXELS, max_new_tokens=OUTPUT_TOKENS, max_prompt_tokens=4096
    )


def measure(shape: str, device: Device, ceilings: Ceilings) -> dict[str, Any]:
    """Everything about one size of the model."""
    model = build(shape, device)
    rates = {rows: segments_per_s(model, device, rows=rows, count=max(rows, LOOP_COUNT)) for rows in BATCHES}
    batch = phases(model, device, ceilings, SEGMENT_COUNT)
    roofline_s = (
        batch["vision_roofline_s"] + batch["prefill_roofline_s"] + (OUTPUT_TOKENS - 1) * batch["step_roofline_s"]
    )
    clip_s = SEGMENT_COUNT / rates[SEGMENT_COUNT]
    return {
        "shape": shape,
        "precision": model.precision,
        "segments_per_s": rates,
        "phases_at_49": batch,
        "clip_of_49_segments_s": clip_s,
        "batched_over_one_at_a_time": rates[SEGMENT_COUNT] / rates[1],
        "time_over_roofline": clip_s / roofline_s,
    }


def main() -> int:
    """Print the table and write the JSON; 0 also where there is no GPU."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--shape", action="append", choices=sorted(SHAPES))
    parser.add_argument("--json", type=Path)
    arguments = parser.parse_args()
    shapes = arguments.shape or ["2b", "7b"]
    on_gpu = torch.cuda.is_available()
    if not on_gpu and shapes != ["tiny"]:
        print("no GPU on this machine: nothing measured")
        return 0
    device = Device(kind="cuda:0" if on_gpu else "cpu")
    name = torch.cuda.get_device_name(0) if on_gpu else "CPU (checks the script, measures nothing)"
    ceilings = measured_ceilings(device)
    print(f"{name}; random weights, random frames, {OUTPUT_TOKENS} tokens per text: speed only")
    print(f"ceilings: {ceilings.multiply_flop_per_s / 1e12:.1f} TFLOP/s, {ceilings.memory_bytes_per_s / 1e9:.0f} GB/s")
    results = []
    for shape in shapes:
        results.append(measure(shape, device, ceilings))
        _print(results[-1])
    if arguments.json:
        arguments.json.write_text(
            json.dumps({"device": name, "ceilings": asdict(ceilings), "results": results}, indent=2)
        )
    return 0


def _print(result: dict[str, Any]) -> None:
    rates = ", ".join(f"{rate:.2f} at {rows}" for rows, rate in result["segments_per_s"].items())
    print(f"{result['shape']} {result['precision']}: segments/s {rates}")
    for phase in ("vision", "prefill", "step"):
        spent_s, roofline_s = (result["phases_at_49"][f"{phase}{suffix}"] for suffix in ("_s", "_roofline_s"))
        print(f"  {phase:8} {1000 * spent_s:9.2f} ms, {spent_s / roofline_s:6.1f} x its roofline")
    print(
        f"  49 segments in {result['clip_of_49_segments_s']:.2f} s, {result['time_over_roofline']:.1f} x the roofline, "
        f"{result['batched_over_one_at_a_time']:.1f} x one at a time"
    )


def _parameters(module: Any) -> int:
    return sum(parameter.numel() for parameter in module.parameters())


def _drain(device: Device) -> None:
    if device.kind != "cpu":
        torch.cuda.synchronize()


if __name__ == "__main__":
    raise SystemExit(main())
