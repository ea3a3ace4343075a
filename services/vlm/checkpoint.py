"""Opens a Qwen2-VL checkpoint, whole or not at all, in the precision that was chosen."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from services.common.device import Device
from services.common.errors import LibraryNotInstalled, ReelscribeError, WeightsDamaged
from services.common.whole_checkpoint import require_whole

EXTRA = "vlm"
"""The install extra that brings every library used here."""

QUANTIZED = ("int8", "nf4")
"""Through bitsandbytes: less memory, not more speed."""

PROBE_SHAPE = (8, 1536, 8960)
"""Rows of a batch x width x inner width of the 2B model: the product that most of a step is made of."""


class DeviceTooSmall(ReelscribeError):
    """The weights alone do not fit the device's memory."""

    reason = "device_too_small"


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkpoint:
    """The model and its processor, ready to run."""

    model: Any
    processor: Any
    precision: str
    """ "float32", "bfloat16", "int8" or "nf4": what is in force where "auto" was asked for."""


def require_libraries(precision: str = "auto") -> None:
    """Raises LibraryNotInstalled for what is needed and not there, without importing it."""
    needed = ["torch", "torchvision", "transformers", "accelerate"]
    needed += ["bitsandbytes"] if precision in QUANTIZED else []
    for library in needed:
        if importlib.util.find_spec(library) is None:
            raise LibraryNotInstalled(library, EXTRA)


def library_version() -> str:
    """E.g. "transformers 5.23.0"."""
    return f"transformers {importlib.metadata.version('transformers')}"


def open_checkpoint(directory: Path, *, device: Device, precision: str = "auto") -> Checkpoint:
    """Load processor and model from local files only.

    Raises LibraryNotInstalled, CheckpointIncomplete (missing, additional or misshapen tensors: nothing is ever
    initialised afresh), WeightsDamaged (a file that cannot be read) or DeviceTooSmall.
    """
    require_libraries(precision)
    import torch
    from safetensors import SafetensorError
    from transformers import AutoModelForImageTextToText, AutoProcessor
    from transformers.utils.logging import disable_progress_bar

    disable_progress_bar()
    torch.set_num_threads(device.threads_per_call)
    chosen = precision_for(device) if precision == "auto" else precision
    try:
        processor = AutoProcessor.from_pretrained(directory, local_files_only=True)
        model, loading = AutoModelForImageTextToText.from_pretrained(
            directory,
            local_files_only=True,
            output_loading_info=True,
            # Shapes that do not fit are then listed with the rest instead of ending the list.
            ignore_mismatched_sizes=True,
            attn_implementation="sdpa",
            device_map={"": device.kind},
            **_precision_arguments(chosen),
        )
    except torch.OutOfMemoryError as problem:
        raise DeviceTooSmall(f"{directory.name} in {chosen} does not fit the memory of {device.kind}") from problem
    except (OSError, ValueError, KeyError, RuntimeError, SafetensorError) as problem:
        raise WeightsDamaged(f"the checkpoint {directory.name} cannot be read: {problem}") from problem
    require_whole(directory, loading)
    return Checkpoint(model=model.eval(), processor=processor, precision=chosen)


def precision_for(device: Device) -> str:
    """bfloat16 on a GPU; on a CPU whichever of bfloat16 and float32 multiplies faster here, measured (30 ms)."""
    if device.kind != "cpu":
        return "bfloat16"
    return "bfloat16" if _probe_s("bfloat16") < _probe_s("float32") else "float32"


def _probe_s(dtype_name: str, repeat_count: int = 3) -> float:
    import torch

    rows, width, inner = PROBE_SHAPE
    dtype = getattr(torch, dtype_name)
    left, right = torch.ones(rows, width, dtype=dtype), torch.ones(inner, width, dtype=dtype)
    times_s = []
    with torch.inference_mode():
        for _ in range(repeat_count):
            start_s = time.perf_counter()
            torch.nn.functional.linear(left, right)
            times_s.append(time.perf_counter() - start_s)
    return min(times_s)


def _precision_arguments(precision: str) -> dict[str, Any]:
    import torch
    from transformers import BitsAndBytesConfig

    match precision:
        case "int8":
            return {"quantization_config": BitsAndBytesConfig(load_in_8bit=True), "dtype": torch.bfloat16}
        case "nf4":
            config = BitsAndBytesConfig(
                load_in_4bit=True, bnb_4bit_quant_type="nf4", bnb_4bit_compute_dtype=torch.bfloat16
            )
            return {"quantization_config": config, "dtype": torch.bfloat16}
        case _:
            return {"dtype": getattr(torch, precision)}
