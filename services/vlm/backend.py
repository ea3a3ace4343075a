"""Who writes the descriptions: one interface, the project's own engine or vLLM behind it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Literal, Protocol

from services.common.device import Device
from services.vlm.checkpoint import require_libraries
from services.vlm.compiled import Parts
from services.vlm.engine import Engine
from services.vlm.segment_model import Request
from services.vlm.ticket import Ticket
from services.vlm.vllm_engine import VllmEngine, require_vllm

Name = Literal["own", "vllm"]


class Backend(Protocol):
    """Segments of all parts and videos in, each joining what is being written as soon as there is room."""

    @property
    def precision(self) -> str:
        """ "float32", "bfloat16", "int8", "nf4"."""
        ...

    @property
    def library(self) -> str:
        """What runs the model, with its version."""
        ...

    @property
    def row_limit(self) -> int:
        """Segments written at a time, over all parts and videos."""
        ...

    def prompt_token_count(self, request: Request) -> int:
        """The cost of the request's prompt. Raises TokenCapExceeded over its cap or the model's context."""
        ...

    def submit(self, requests: Sequence[Request]) -> list[Ticket]:
        """Queue segments. Raises TokenCapExceeded, EngineClosed."""
        ...

    def warm_up(self) -> None:
        """Write a little about a black picture, so that the first video finds everything started."""
        ...

    def close(self) -> None:
        """Let go of the model; what waits or is half written fails with EngineClosed."""
        ...


def require_backend(name: Name, precision: str) -> None:
    """Raises LibraryNotInstalled for what the backend needs and is not there, without importing it."""
    require_libraries(precision)
    if name == "vllm":
        require_vllm()


def open_backend(
    name: Name,
    directory: Path,
    *,
    device: Device,
    precision: str,
    attention: str,
    recorded: bool,
    compiled: Parts,
    row_limit: int | None,
) -> Backend:
    """The model of a checkpoint directory, loaded. Raises LibraryNotInstalled, WeightsDamaged, InvalidSetting."""
    if name == "vllm":
        return VllmEngine.from_directory(directory, device=device, precision=precision, row_limit=row_limit)
    return Engine.from_directory(
        directory,
        device=device,
        precision=precision,
        attention=attention,
        recorded=recorded,
        compiled=compiled,
        row_limit=row_limit,
    )
