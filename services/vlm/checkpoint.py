"""Opens a Qwen2-VL checkpoint, whole or not at all, in the precision that was chosen."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import logging
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import structlog

from services.common.device import Device
from services.common.errors import InvalidSetting, LibraryNotInstalled, ReelscribeError, WeightsDamaged
from services.common.whole_checkpoint import require_whole

log = structlog.get_logger()

EXTRA = "vlm"
"""The install extra that brings every library used here."""

QUANTIZED = ("int8", "nf4")
"""Through bitsandbytes: less memory, not more speed."""

PROBE_SHAPE = (8, 1536, 8960)
"""Rows of a batch x width x inner width of the 2B model: the product that most of a step is made of."""


class FlashAttentionNotInstalled(LibraryNotInstalled):
    """It is in no extra: it is built against the machine's CUDA."""

    def __init__(self, library: str, extra: str) -> None:
        super().__init__(library, extra)
        self.fix = "pip install flash-attn --no-build-isolation"


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
    attention: str
    """ "sdpa" or "flash_attention_2": likewise."""


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


def open_checkpoint(directory: Path, *, device: Device, precision: str = "auto", attention: str = "auto") -> Checkpoint:
    """Load processor and model from local files only.

    Raises LibraryNotInstalled, CheckpointIncomplete (missing, additional or misshapen tensors: nothing is ever
    initialised afresh), WeightsDamaged (a file that cannot be read) or DeviceTooSmall.
    """
    require_libraries(precision)
    attends = attention_for(device, attention)
    import torch
    from safetensors import SafetensorError
    from transformers import AutoModelForImageTextToText, AutoProcessor
    from transformers.utils.logging import disable_progress_bar

    disable_progress_bar()
    torch.set_num_threads(device.threads_per_call)
    chosen = precision_for(device) if precision == "auto" else precision
    log.info("opening the checkpoint", name=directory.name, precision=chosen, attention=attends)
    try:
        processor = AutoProcessor.from_pretrained(directory, local_files_only=True)
        model, loading = AutoModelForImageTextToText.from_pretrained(
            directory,
            local_files_only=True,
            output_loading_info=True,
            # Shapes that do not fit are then listed with the rest instead of ending the list.
            ignore_mismatched_sizes=True,
            attn_implementation=attends,
            device_map={"": device.kind},
            **precision_arguments(chosen),
        )
    except torch.OutOfMemoryError as problem:
        raise DeviceTooSmall(f"{directory.name} in {chosen} does not fit the memory of {device.kind}") from problem
    except (OSError, ValueError, KeyError, RuntimeError, SafetensorError) as problem:
        raise WeightsDamaged(f"the checkpoint {directory.name} cannot be read: {problem}") from problem
    require_whole(directory, loading)
    return Checkpoint(model=model.eval(), processor=processor, precision=chosen, attention=attends)


def attention_for(device: Device, wanted: str = "auto") -> str:
    """FlashAttention 2 on a GPU where it is installed, otherwise torch's own ("sdpa"), which is said in the log.

    Raises LibraryNotInstalled where "flash_attention_2" is asked for and not there, InvalidSetting where it is asked
    for on a CPU.
    """
    installed = importlib.util.find_spec("flash_attn") is not None
    if wanted == "flash_attention_2":
        if device.kind == "cpu":
            raise InvalidSetting("flash_attention_2 needs a GPU, and this service runs on a CPU")
        if not installed:
            raise FlashAttentionNotInstalled("flash-attn", EXTRA)
    if wanted != "auto":
        return wanted
    if device.kind == "cpu":
        return "sdpa"
    if not installed:
        log.info("flash-attn is not installed, torch's own attention is used", attention="sdpa")
    return "flash_attention_2" if installed else "sdpa"


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


def precision_arguments(precision: str) -> dict[str, Any]:
    """What transformers' `from_pretrained` is given for a precision."""
    import torch
    from transformers import BitsAndBytesConfig

    match precision:
        case "int8":
            # It tells at every product that it computes in float16 inside.
            logging.getLogger("bitsandbytes.autograd._functions").setLevel(logging.ERROR)
            return {"quantization_config": BitsAndBytesConfig(load_in_8bit=True), "dtype": torch.bfloat16}
        case "nf4":
            config = BitsAndBytesConfig(
                load_in_4bit=True, bnb_4bit_quant_type="nf4", bnb_4bit_compute_dtype=torch.bfloat16
            )
            return {"quantization_config": config, "dtype": torch.bfloat16}
        case _:
            return {"dtype": getattr(torch, precision)}
