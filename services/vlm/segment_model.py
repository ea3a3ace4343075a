"""What the engine asks of a model: requests in, tokens out; whoever offers this can write descriptions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from services.common.errors import InvalidSetting, ReelscribeError
from services.vlm.segments import MIN_PIXELS, Pixels


class OutOfMemory(ReelscribeError):
    """The device has no room for a pass of this size."""

    reason = "out_of_memory"


class TokenCapExceeded(InvalidSetting):
    """A segment would cost more tokens than the cap or than the model can read."""

    def __init__(self, *, token_count: int, cap: int, frame_count: int, width_px: int, height_px: int) -> None:
        super().__init__(
            f"a segment of {frame_count} frames of {width_px} x {height_px} px costs {token_count} tokens, "
            f"more than the {cap} allowed: "
            "lower frames_per_segment or max_pixels, or raise max_prompt_tokens"
        )
        self.token_count = token_count
        self.cap = cap


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One segment to be described."""

    frames: tuple[Pixels, ...]
    """(height, width, 3) uint8 RGB each, of one size, in order of time."""
    system: str
    ask: str
    max_pixels: int
    """Larger frames are shown smaller."""
    max_new_tokens: int
    max_prompt_tokens: int
    frame_step_s: float = 0.25
    """How far the frames lie apart. Qwen2.5-VL is told; Qwen2-VL knows their order alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What the model wrote."""

    text: str
    prompt_token_count: int
    output_token_count: int
    """The end mark included."""
    complete: bool
    """The model ended by itself; False: it was stopped at max_new_tokens."""
    mean_token_probability: float | None = None
    """Mean softmax probability of the tokens it chose, end mark included; None where the backend does not give it."""


WARM_UP = Request(
    frames=(np.zeros((56, 56, 3), dtype=np.uint8),) * 2,
    system="",
    ask="",
    max_pixels=MIN_PIXELS,
    max_new_tokens=2,
    max_prompt_tokens=1024,
)
"""Two tokens about a black picture."""


class SegmentModel(Protocol):
    """What the engine drives. Logits are (rows, vocabulary), of any kind that `choose` takes."""

    precision: str
    """ "float32", "bfloat16", "int8", "nf4"."""
    end_tokens: frozenset[int]
    context_token_count: int
    """Prompt and answer together can have no more tokens."""

    @property
    def library(self) -> str:
        """What runs it, e.g. "transformers 5.23.0, sdpa attention"."""
        ...

    def prompt_token_count(self, request: Request) -> int:
        """The exact cost of a request's prompt, before any call. May be called from any thread."""
        ...

    def begin(self, requests: Sequence[Request]) -> tuple[Any, Any]:
        """(rows, logits of each row's first token). Raises OutOfMemory, leaving nothing behind."""
        ...

    def step(self, rows: Any, tokens: Sequence[int]) -> Any:
        """Append one token to each row; the logits of the next. Raises OutOfMemory, leaving the rows as they were."""
        ...

    def choose(self, logits: Any) -> tuple[list[int], list[float]]:
        """Each row's most probable token and its softmax probability, (0, 1]."""
        ...

    def join(self, left: Any, right: Any) -> Any:
        """The rows of both, left first."""
        ...

    def keep(self, rows: Any, which: Sequence[int]) -> Any:
        """Only these rows, in this order."""
        ...

    def text(self, tokens: Sequence[int]) -> str:
        """The words of the tokens, without marks."""
        ...


def checked_token_count(count: int, request: Request, context_token_count: int) -> int:
    """A prompt's cost as it is. Raises TokenCapExceeded over the request's cap or what the context leaves it."""
    cap = min(request.max_prompt_tokens, context_token_count - request.max_new_tokens)
    if count > cap:
        height_px, width_px = request.frames[0].shape[:2]
        raise TokenCapExceeded(
            token_count=count, cap=cap, frame_count=len(request.frames), width_px=width_px, height_px=height_px
        )
    return count
