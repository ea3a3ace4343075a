"""How fast segments are described on a GPU: Qwen2-VL's real classes with random weights, against what the card can do.

Speed only: weights and frames are random, every text has 64 tokens, nothing that is written means anything. Needs no
weights, tokenizer or network. Without a GPU it says so and exits 0; `--shape tiny` checks the script itself on a CPU.
Each figure is written as soon as it is there, and one that fails leaves the others: a run cut short is not lost.

    python -m bench.vlm_gpu [--shape 2b --shape 7b] [--json vlm_gpu.json] [--budget-s 420]
"""

from __future__ import annotations

import argparse
import gc
import importlib.util
import json
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import torch

from bench.common.random_qwen2vl import OUTPUT_TOKENS, SHAPES, RandomQwen2Vl, build, quantised
from bench.common.vlm_phases import Ceilings, measured_ceilings, phases, roofline_s, seconds_for, step
from services.common.device import Device
from services.vlm.checkpoint import QUANTIZED, Checkpoint
from services.vlm.engine import Engine

SEGMENT_COUNT = 49
"""A clip of 48.9 s at one segment a second."""

LOOP_COUNT = 4
"""Segments of the one-at-a-time arm: its rate does not change with their number."""

ROUND_COUNT = 3
"""Rounds of batch and loop, one after the other; the median of their ratios counts. One on a CPU, which only checks."""

COMPILE_S = 120.0
"""What compiling is given: two programs, one of 28 layers. A guess from 49 s for two layers on two busy cores."""

BATCHES = (8, 16)
"""Measured once each, beside 1 and SEGMENT_COUNT."""

WANTED = {"batched_over_one_at_a_time": (">=", 12.0), "time_over_roofline": ("<=", 6.0), "clip_s": ("<=", 7.0)}
"""What the project holds itself to at 49 segments."""

Figures = dict[str, Any]


class Record:
    """The figures so far, written to a file at each new one."""

    def __init__(self, path: Path | None, budget_s: float) -> None:
        self._path = path
        self._ends_s = time.monotonic() + budget_s
        self.figures: Figures = {"results": {}}

    def add(self, place: Figures, name: str, measure: Callable[[], Any], *, needs_s: float = 15.0) -> None:
        """Measure one figure into its place; what went wrong instead, or that there was no time left for it.

        `needs_s`: at most this many seconds, as far as one can tell beforehand.
        """
        if time.monotonic() + needs_s > self._ends_s:
            place[name] = {"unmeasured": "no time left"}
        else:
            try:
                place[name] = measure()
            except Exception as problem:
                place[name] = {"failed": f"{type(problem).__name__}: {str(problem)[:300]}"}
        print(f"  {name}: {json.dumps(place[name])}", flush=True)
        self.write()

    def write(self) -> None:
        """All there is."""
        if self._path:
            self._path.write_text(json.dumps(self.figures, indent=2))


def main() -> int:
    """Print the figures and write the JSON; 0 also where there is no GPU."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--shape", action="append", choices=sorted(SHAPES))
    parser.add_argument("--json", type=Path)
    parser.add_argument("--budget-s", type=float, default=420.0, help="what may end later is left out")
    arguments = parser.parse_args()
    shapes = arguments.shape or ["2b", "7b"]
    on_gpu = torch.cuda.is_available()
    if not on_gpu and shapes != ["tiny"]:
        print("no GPU on this machine: nothing measured")
        return 0
    device = Device(kind="cuda:0" if on_gpu else "cpu")
    record = Record(arguments.json, arguments.budget_s)
    name = torch.cuda.get_device_name(0) if on_gpu else "CPU (checks the script, measures nothing)"
    ceilings = measured_ceilings(device)
    record.figures |= {"device": name, "ceilings": asdict(ceilings), "output_tokens": OUTPUT_TOKENS}
    print(f"{name}; random weights, random frames, {OUTPUT_TOKENS} tokens per text: speed only")
    print(f"ceilings: {ceilings.multiply_flop_per_s / 1e12:.1f} TFLOP/s, {ceilings.memory_bytes_per_s / 1e9:.0f} GB/s")
    # What could leave a device in a bad state comes after all that matters most.
    for figures_of in (measure, measure_alternatives, measure_compiled):
        for shape in shapes:
            print(f"{shape}:", flush=True)
            place = record.figures["results"].setdefault(shape, {})
            begin = partial(figures_of, shape, device, ceilings, record)
            record.add(place, f"{figures_of.__name__}_ended", begin, needs_s=30)
            _give_back(device)
    return 0


def measure(shape: str, device: Device, ceilings: Ceilings, record: Record) -> bool:
    """The engine as it is by default."""
    place: Figures = record.figures["results"][shape]
    model = RandomQwen2Vl(build(shape, device))
    place["precision"] = model.precision
    record.add(place, "rates", lambda: rates(model, device))
    record.add(place, "phases_at_49", lambda: phases(model, device, ceilings, SEGMENT_COUNT))
    record.add(place, "step_at_49", lambda: step(model, device, ceilings, SEGMENT_COUNT))
    record.add(place, "verdict", lambda: verdict(place, "rates"))
    record.add(place, "other_batches", lambda: other_batches(model, device))
    return True


def measure_alternatives(shape: str, device: Device, ceilings: Ceilings, record: Record) -> bool:
    """Recorded steps, FlashAttention, bitsandbytes: each beside the default."""
    place: Figures = record.figures["results"][shape]
    checkpoint = build(shape, device)
    recorded = RandomQwen2Vl(checkpoint, recorded=True)
    record.add(place, "recorded_step_at_49", lambda: step(recorded, device, ceilings, SEGMENT_COUNT))
    record.add(place, "recorded_rates", lambda: rates(recorded, device))
    record.add(place, "recorded_verdict", lambda: verdict(place, "recorded_rates"))
    if importlib.util.find_spec("flash_attn") is not None and device.kind != "cpu":
        record.add(place, "flash_attention_rates", lambda: flash_rates(shape, device))
    else:
        place["flash_attention_rates"] = {"unmeasured": "flash-attn is not installed"}
    with tempfile.TemporaryDirectory() as folder:
        for precision in QUANTIZED:
            record.add(
                place, precision, partial(lighter, checkpoint, Path(folder), device, ceilings, precision), needs_s=60
            )
    return True


def measure_compiled(shape: str, device: Device, ceilings: Ceilings, record: Record) -> bool:
    """torch.compile beside the default, its steps also recorded; then which arm was the fastest."""
    place: Figures = record.figures["results"][shape]
    model = RandomQwen2Vl(build(shape, device))
    record.add(place, "compiled", lambda: compile_all(model, device), needs_s=COMPILE_S)
    if "seconds" in place["compiled"]:
        record.add(place, "compiled_phases_at_49", lambda: phases(model, device, ceilings, SEGMENT_COUNT))
        record.add(place, "compiled_step_at_49", lambda: step(model, device, ceilings, SEGMENT_COUNT))
        record.add(place, "compiled_rates", lambda: rates(model, device))
        record.add(place, "compiled_verdict", lambda: verdict(place, "compiled_rates"))
        model.recorded = True
        record.add(place, "compiled_recorded_step_at_49", lambda: step(model, device, ceilings, SEGMENT_COUNT))
        record.add(place, "compiled_recorded_rates", lambda: rates(model, device))
        record.add(place, "still_compiled", lambda: still_compiled(model))
    record.add(place, "fastest", lambda: fastest(place), needs_s=0)
    return True


def compile_all(model: RandomQwen2Vl, device: Device) -> Figures:
    """How long compiling took. Raises RuntimeError where it failed, for what runs then is the default again."""
    start_s = time.perf_counter()
    # A CPU only checks the script: all of torch.compile but the machine code.
    model.compile("both", compiler="inductor" if device.kind != "cpu" else "aot_eager")
    still_compiled(model)
    return {"seconds": time.perf_counter() - start_s}


def still_compiled(model: RandomQwen2Vl) -> Figures:
    """Compiled calls of each part. Raises RuntimeError where one has gone back to running as it is."""
    parts = [part for part in (model.compiled_vision, model.compiled_steps) if part is not None]
    for part in parts:
        if part.failure is not None:
            raise RuntimeError(f"{part.name}: {part.failure}")
    return {part.name: part.call_count for part in parts}


def fastest(place: Figures) -> Figures:
    """The arm with the least seconds a clip and a step, of those that were measured; all beside the default."""
    clips = {arm: place[arm]["clip_s"] for arm in place if arm.endswith("rates") and "clip_s" in place[arm]}
    steps = {arm: place[arm]["step_s"] for arm in place if arm.endswith("step_at_49") and "step_s" in place[arm]}
    return {
        "clip": min(clips, key=clips.__getitem__, default="unmeasured"),
        "step": min(steps, key=steps.__getitem__, default="unmeasured"),
        "clip_over_default": {arm: value / clips["rates"] for arm, value in clips.items() if "rates" in clips},
        "step_over_default": {
            arm: value / steps["step_at_49"] for arm, value in steps.items() if "step_at_49" in steps
        },
    }


def rates(model: RandomQwen2Vl, device: Device) -> Figures:
    """49 segments at once and one at a time, in turns."""
    limit = model.measured_token_limit() if device.kind != "cpu" else None
    batched_s, alone_s = [], []
    with (
        closing(Engine(model, device=device, row_limit=SEGMENT_COUNT, token_limit=limit)) as batch,
        closing(Engine(model, device=device, row_limit=1)) as loop,
    ):
        seconds_for(batch, SEGMENT_COUNT)
        seconds_for(loop, 1)
        for _ in range(ROUND_COUNT if device.kind != "cpu" else 1):
            batched_s.append(seconds_for(batch, SEGMENT_COUNT))
            alone_s.append(seconds_for(loop, LOOP_COUNT) / LOOP_COUNT)
        sizes = max(batch.counts.step_sizes)
        out_of_memory = batch.counts.out_of_memory_count
    ratios = [SEGMENT_COUNT * alone / batched for alone, batched in zip(alone_s, batched_s, strict=True)]
    return {
        "clip_s": float(np.median(batched_s)),
        "segments_per_s": {"1": 1 / float(np.median(alone_s)), "49": SEGMENT_COUNT / float(np.median(batched_s))},
        "batched_over_one_at_a_time": float(np.median(ratios)),
        "token_limit": limit,
        "most_rows_in_a_step": sizes,
        "out_of_memory_count": out_of_memory,
    }


def other_batches(model: RandomQwen2Vl, device: Device) -> Figures:
    """Segments a second at the batches between."""
    found = {}
    for rows in BATCHES:
        with closing(Engine(model, device=device, row_limit=rows)) as engine:
            seconds_for(engine, rows)
            found[str(rows)] = 2 * rows / seconds_for(engine, 2 * rows)
    return {"segments_per_s": found}


def verdict(place: Figures, arm: str) -> Figures:
    """Each wanted figure, and whether it was reached. Raises KeyError where what it is made of was not measured."""
    times = place[arm]
    bound_s = roofline_s(place["phases_at_49"] | place["step_at_49"])
    figures = {
        "batched_over_one_at_a_time": times["batched_over_one_at_a_time"],
        "time_over_roofline": times["clip_s"] / bound_s,
        "clip_s": times["clip_s"],
    }
    return {
        name: {"measured": value, "wanted": f"{sign} {bound:g}", "reached": (value >= bound) == (sign == ">=")}
        for name, value in figures.items()
        for sign, bound in (WANTED[name],)
    }


def lighter(checkpoint: Checkpoint, folder: Path, device: Device, ceilings: Ceilings, precision: str) -> Figures:
    """What less memory costs in speed: bitsandbytes' step beside the plain one's."""
    made = quantised(checkpoint, folder, device, precision)
    model, plain = RandomQwen2Vl(made), RandomQwen2Vl(checkpoint)
    rows = 8
    step_s, plain_s = (step(each, device, ceilings, rows)["step_s"] for each in (model, plain))
    figures = {
        "weights_over_plain": made.model.get_memory_footprint() / checkpoint.model.get_memory_footprint(),
        f"step_at_{rows}_s": step_s,
        "step_over_plain": step_s / plain_s,
    }
    del made, model
    _give_back(device)
    return figures


def flash_rates(shape: str, device: Device) -> Figures:
    """The same with FlashAttention 2."""
    return rates(RandomQwen2Vl(build(shape, device, attention="flash_attention_2")), device)


def _give_back(device: Device) -> None:
    gc.collect()
    if device.kind != "cpu":
        torch.cuda.empty_cache()


if __name__ == "__main__":
    raise SystemExit(main())
