"""Stands in for the package vllm: its calling convention as documented, texts by a script.

vLLM needs a GPU and a torch of its own and was never run here: this holds how it is called, not that it works.
"""

from __future__ import annotations

import asyncio
import math
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

TOKEN_S = 0.001


@dataclass(slots=True)
class AsyncEngineArgs:
    """Those arguments of vLLM's that are given."""

    model: str
    dtype: str
    max_num_seqs: int
    limit_mm_per_prompt: dict[str, int]


@dataclass(slots=True)
class SamplingParams:
    """Likewise."""

    temperature: float
    max_tokens: int
    logprobs: int


@dataclass
class AsyncLLMEngine:
    """Writes the script's words, one a turn of the loop, each with probability 1/2."""

    script: Callable[[dict[str, Any]], str] = lambda prompt: "a word"
    arguments: AsyncEngineArgs | None = None
    prompts: list[dict[str, Any]] = field(default_factory=list)
    aborted: list[str] = field(default_factory=list)
    most_at_once: int = 0
    running: int = 0
    shut_down: bool = False

    @classmethod
    def from_engine_args(cls, arguments: AsyncEngineArgs) -> AsyncLLMEngine:
        return cls(arguments=arguments)

    async def generate(self, prompt: dict[str, Any], sampling: SamplingParams, request_id: str) -> AsyncIterator[Any]:
        self.prompts.append(prompt)
        assert prompt["multi_modal_data"]["video"].ndim == 4
        assert sampling.temperature == 0
        words = [*self.script(prompt).split(), "<end>"]
        self.running += 1
        self.most_at_once = max(self.most_at_once, self.running)
        try:
            for count in range(1, min(len(words), sampling.max_tokens) + 1):
                await asyncio.sleep(TOKEN_S)
                yield _output(words[:count], ended=count == len(words))
        finally:
            self.running -= 1

    async def abort(self, request_id: str) -> None:
        self.aborted.append(request_id)

    def shutdown(self) -> None:
        self.shut_down = True


def _output(words: list[str], *, ended: bool) -> Any:
    answer = SimpleNamespace(
        text=" ".join(word for word in words if word != "<end>"),
        token_ids=list(range(len(words))),
        logprobs=[{token: SimpleNamespace(logprob=math.log(0.5))} for token in range(len(words))],
        finish_reason="stop" if ended else "length",
    )
    return SimpleNamespace(prompt_token_ids=list(range(12)), outputs=[answer], finished=ended)
