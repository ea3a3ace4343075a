"""The same work done by vLLM, where somebody installs it: it batches by itself, so this hands over and waits."""

from __future__ import annotations

import asyncio
import importlib.metadata
import importlib.util
import itertools
import math
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from services.common.device import Device
from services.common.errors import InvalidSetting, LibraryNotInstalled
from services.vlm.chat import Chat, video_arguments
from services.vlm.engine import GPU_ROW_LIMIT
from services.vlm.segment_model import WARM_UP, Request, Written, checked_token_count
from services.vlm.ticket import EngineClosed, Ticket

EXTRA = "vllm"
"""The install extra. vLLM pins a torch of its own: it belongs in an environment of its own."""


class VllmEngine:
    """A Backend over vLLM's asynchronous engine, which lives on an event loop in a thread of this object's.

    Its calling convention is held by tests with a stand-in; vLLM itself has not been run with it.
    """

    def __init__(
        self,
        engine: Any,
        *,
        chat: Any,
        precision: str,
        context_token_count: int,
        sampling: Any,
        row_limit: int = GPU_ROW_LIMIT,
    ) -> None:
        """`engine`: an AsyncLLMEngine; `sampling`: vLLM's SamplingParams class."""
        self.precision = precision
        self.row_limit = row_limit
        self._engine = engine
        self._chat = chat
        self._context_token_count = context_token_count
        self._sampling = sampling
        self._numbers = itertools.count()
        self._closed = False
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="vllm", daemon=True)
        self._thread.start()

    @classmethod
    def from_directory(
        cls, directory: Path, *, device: Device, precision: str = "auto", row_limit: int | None = None
    ) -> VllmEngine:
        """vLLM over a checkpoint directory. Raises LibraryNotInstalled, InvalidSetting for int8 and nf4."""
        require_vllm()
        if precision in ("int8", "nf4"):
            raise InvalidSetting(f"the vllm backend does not load {precision}: choose auto, bfloat16 or float32")
        import vllm
        from transformers import AutoConfig, AutoProcessor

        rows = row_limit or GPU_ROW_LIMIT
        chosen = "bfloat16" if precision == "auto" else precision
        config = AutoConfig.from_pretrained(directory, local_files_only=True)
        arguments = vllm.AsyncEngineArgs(
            model=str(directory),
            dtype=chosen,
            max_num_seqs=rows,
            limit_mm_per_prompt={"image": 0, "video": 1},
        )
        return cls(
            vllm.AsyncLLMEngine.from_engine_args(arguments),
            chat=Chat(AutoProcessor.from_pretrained(directory, local_files_only=True)),
            precision=chosen,
            context_token_count=config.get_text_config().max_position_embeddings,
            sampling=vllm.SamplingParams,
            row_limit=rows,
        )

    @property
    def library(self) -> str:
        """E.g. "vllm 0.11.0"."""
        return f"vllm {importlib.metadata.version('vllm')}"

    def prompt_token_count(self, request: Request) -> int:
        return checked_token_count(self._chat.prompt_token_count(request), request, self._context_token_count)

    def submit(self, requests: Sequence[Request]) -> list[Ticket]:
        tickets = [Ticket(request, self.prompt_token_count(request)) for request in requests]
        if self._closed:
            raise EngineClosed("the engine is closed")
        for ticket in tickets:
            asyncio.run_coroutine_threadsafe(self._write(ticket), self._loop)
        return tickets

    def warm_up(self) -> None:
        self.submit([WARM_UP])[0].wait()

    def close(self) -> None:
        if self._closed:
            return
        self._closed = True
        asyncio.run_coroutine_threadsafe(self._stop_writing(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()
        self._engine.shutdown()

    async def _stop_writing(self) -> None:
        writing = asyncio.all_tasks() - {asyncio.current_task()}
        for task in writing:
            task.cancel()
        await asyncio.gather(*writing, return_exceptions=True)

    async def _write(self, ticket: Ticket) -> None:
        number = f"segment-{next(self._numbers)}"
        try:
            ticket.end(await self._written(ticket, number))
        except asyncio.CancelledError:
            ticket.end(EngineClosed("the engine is closed"))
        except Exception as problem:
            ticket.end(problem)

    async def _written(self, ticket: Ticket, number: str) -> Written:
        """What vLLM writes; a ticket that is given up is taken back at its next token."""
        request, output = ticket.request, None
        # logprobs=0: of the chosen token alone.
        sampling = self._sampling(temperature=0.0, max_tokens=request.max_new_tokens, logprobs=0)
        prompt = {
            "prompt": self._chat.prompt(request.system, request.ask),
            "multi_modal_data": {"video": np.stack(request.frames)},
            "mm_processor_kwargs": video_arguments(request.max_pixels),
        }
        async for output in self._engine.generate(prompt, sampling, number):
            ticket.tokens[:] = output.outputs[0].token_ids
            if ticket.cancelled:
                await self._engine.abort(number)
                break
        if output is None:
            raise EngineClosed("vLLM ended without an answer")
        return _written_of(output, ticket.prompt_token_count)


def require_vllm() -> None:
    """Raises LibraryNotInstalled, without importing it."""
    if importlib.util.find_spec("vllm") is None:
        raise LibraryNotInstalled("vllm", EXTRA)


def _written_of(output: Any, prompt_token_count: int) -> Written:
    answer = output.outputs[0]
    tokens = list(answer.token_ids)
    pairs = zip(tokens, answer.logprobs or [], strict=False)
    probabilities = [math.exp(given[token].logprob) for token, given in pairs]
    return Written(
        text=answer.text.strip(),
        prompt_token_count=len(output.prompt_token_ids or ()) or prompt_token_count,
        output_token_count=len(tokens),
        complete=answer.finish_reason == "stop",
        mean_token_probability=sum(probabilities) / len(probabilities) if probabilities else None,
    )
