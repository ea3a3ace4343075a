"""How long each phase of describing takes on a device, beside what the device reaches on the plainest work."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch

from bench.common.random_qwen2vl import OUTPUT_TOKENS, RandomQwen2Vl, request
from services.common.device import Device
from services.vlm.engine import Engine
from services.vlm.step_graph import STEADY_STEPS

STEP_COUNT = 20
"""Steps timed; with those before them fewer than the rows have room for."""

MERGED_PATCHES = 4
"""Patches that become one token: 2 x 2."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ceilings:
    """What the device reached in this run on the plainest work of each kind."""

    multiply_flop_per_s: float
    memory_bytes_per_s: float


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
    """Seconds of preparing the frames, vision tower, prefill and one step for a batch, and the rooflines of the last
    three (attention's own products left out: the true bound lies a little higher)."""
    requests = [request(seed) for seed in range(rows)]
    inputs = model.prepared(requests)
    network = model.network
    pixels, grid = inputs["pixel_values_videos"].to(network.device), inputs["video_grid_thw"].to(network.device)

    def see() -> None:
        with torch.inference_mode():
            network.model.get_video_features(pixels.to(network.dtype), grid)

    works: tuple[Callable[[], Any], ...] = (lambda: model.prepared(requests), see, lambda: model.begin(requests))
    rounds = np.array([[timed_s(work, device, repeat_count=1) for work in works] for _ in range(3)])
    prepare_s, vision_s, _ = np.median(rounds, axis=0)
    # A prefill is all of it; its own part is what is left in the same round.
    prefill_s = np.median(rounds[:, 2] - rounds[:, 0] - rounds[:, 1])
    tower, merger = (_parameters(part) for part in (network.model.visual, network.model.visual.merger))
    language = _parameters(network.model.language_model)
    # A lookup reads one row of the embedding; the products of a prefill leave it out.
    multiplied = language - network.get_input_embeddings().weight.numel()
    return {
        "prepare_s": float(prepare_s),
        "vision_s": float(vision_s),
        "prefill_s": float(prefill_s),
        # What merges patches runs once for MERGED_PATCHES of them.
        "vision_roofline_s": 2
        * (tower - merger + merger / MERGED_PATCHES)
        * len(pixels)
        / ceilings.multiply_flop_per_s,
        "prefill_roofline_s": 2 * multiplied * inputs["input_ids"].numel() / ceilings.multiply_flop_per_s,
    }


def step(model: RandomQwen2Vl, device: Device, ceilings: Ceilings, rows: int) -> dict[str, float]:
    """Seconds of one step of a batch, choice of the tokens included, and its roofline: weights and cache read once."""
    state, logits = model.begin([request(seed) for seed in range(rows)])

    def once() -> None:
        nonlocal logits
        tokens, _ = model.choose(logits)
        logits = model.step(state, tokens)

    for _ in range(STEADY_STEPS + 2):
        once()
    step_s = timed_s(once, device, repeat_count=STEP_COUNT)
    # The output layer is as large as the embedding counted here, and it is what a step reads.
    language = _parameters(model.network.model.language_model)
    weight_bytes = language * next(model.network.parameters()).element_size()
    return {
        "step_s": step_s,
        "step_roofline_s": (weight_bytes + state.cache.size_bytes) / ceilings.memory_bytes_per_s,
    }


def seconds_for(engine: Engine, count: int) -> float:
    """`count` segments through the engine, queue to text."""
    requests = [request(seed) for seed in range(count)]
    start_s = time.perf_counter()
    for ticket in engine.submit(requests):
        ticket.wait()
    return time.perf_counter() - start_s


def roofline_s(figures: dict[str, float]) -> float:
    """What a batch would take if each phase ran at its ceiling."""
    return (
        figures["vision_roofline_s"] + figures["prefill_roofline_s"] + (OUTPUT_TOKENS - 1) * figures["step_roofline_s"]
    )


def _parameters(module: Any) -> int:
    return sum(parameter.numel() for parameter in module.parameters())


def _drain(device: Device) -> None:
    if device.kind != "cpu":
        torch.cuda.synchronize()
