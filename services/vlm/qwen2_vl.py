"""Qwen2-VL and Qwen2.5-VL on their real classes: many segments in one left-padded batch that grows and shrinks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import structlog

from services.common.device import Device
from services.vlm.chat import Chat
from services.vlm.checkpoint import Checkpoint, library_version, open_checkpoint
from services.vlm.compiled import Compiled, Compiler, Parts
from services.vlm.kv_cache import KvCache
from services.vlm.rows import Rows, compact
from services.vlm.segment_model import WARM_UP, OutOfMemory, Request
from services.vlm.step_graph import STEADY_STEPS, StepGraph, laid_out_step
from services.vlm.vision_attention import attend_together, compile_blocks

log = structlog.get_logger()

MEMORY_SHARE = 0.8
"""Share of the free memory that rows may fill; the rest is for fragmentation and for the batch's copy at a join."""


def load_model(
    directory: Path,
    *,
    device: Device,
    precision: str = "auto",
    attention: str = "auto",
    recorded: bool = False,
    compiled: Parts = "none",
) -> Qwen2Vl:
    """The model of a checkpoint directory. Raises as `open_checkpoint` does.

    `recorded`: steps of a steady batch are replayed; `compiled`: parts run compiled. Both are laid out for torch's own
    attention.
    """
    attention = "sdpa" if recorded or compiled != "none" else attention
    checkpoint = open_checkpoint(directory, device=device, precision=precision, attention=attention)
    model = Qwen2Vl(checkpoint, thread_count=device.threads_per_call, recorded=recorded)
    model.compile(compiled)
    return model


class Qwen2Vl:
    """A SegmentModel. All but `prompt_token_count` and `text` is called from one thread."""

    def __init__(
        self, checkpoint: Checkpoint, *, chat: Any = None, thread_count: int = 1, recorded: bool = False
    ) -> None:
        """`chat`: instead of one over the checkpoint's processor; `recorded`: steps of a steady batch are replayed."""
        self.precision = checkpoint.precision
        self.attention = checkpoint.attention
        self._model = checkpoint.model
        if self.attention == "sdpa":
            attend_together(self._model.model.visual)
        self._chat = chat or Chat(checkpoint.processor, device=str(self._model.device))
        self._thread_count = thread_count
        self.recorded = recorded
        self.compiled_steps: Compiled | None = None
        self.compiled_vision: Compiled | None = None
        ends = self._model.generation_config.eos_token_id
        named = ends if isinstance(ends, list) else [ends]
        self.end_tokens = frozenset([self._chat.end_token, *(end for end in named if end is not None)])
        self.context_token_count: int = self._model.config.get_text_config().max_position_embeddings

    @property
    def library(self) -> str:
        """E.g. "transformers 5.23.0, sdpa attention, compiled steps"; what could not be compiled is named too."""
        parts = [part for part in (self.compiled_vision, self.compiled_steps) if part is not None]
        said = [f"{'compiled' if part.failure is None else 'not compiled:'} {part.name}" for part in parts]
        return ", ".join([library_version(), f"{self.attention} attention", *said])

    def compile(self, parts: Parts, *, compiler: Compiler = "inductor") -> None:
        """Hand these parts to torch.compile, and have them compiled now: a minute or two, and said in the log.

        What fails is logged, goes on uncompiled and is named by `library`. Raises OutOfMemory.
        """
        if parts in ("vision", "both"):
            self.compiled_vision = compile_blocks(self._model.model.visual, compiler=compiler)
        if parts in ("steps", "both"):
            self.compiled_steps = Compiled(laid_out_step, name="steps", compiler=compiler)
        if parts == "none":
            return
        log.info("compiling, which takes a minute or two", parts=parts)
        # Two rows and more: what is compiled for one row is for one row alone.
        requests = [replace(WARM_UP, max_new_tokens=STEADY_STEPS + 3)] * 2
        rows, logits = self.begin(requests)
        for _ in range(STEADY_STEPS + 2):
            logits = self.step(rows, self.choose(logits)[0])
        log.info("compiled", library=self.library)

    def prompt_token_count(self, request: Request) -> int:
        count: int = self._chat.prompt_token_count(request)
        return count

    def text(self, tokens: Sequence[int]) -> str:
        words: str = self._chat.text(tokens)
        return words

    def begin(self, requests: Sequence[Request]) -> tuple[Rows, Any]:
        import torch

        with _room(), torch.inference_mode():
            # The number of threads belongs to the calling thread, and this may be its first call.
            torch.set_num_threads(self._thread_count)
            inputs = self._chat.padded(requests)
            # Positions are found row by row in Python: on the CPU, or a GPU would be waited for at every row.
            positions, next_position = self._positions(inputs)
            lengths = inputs["attention_mask"].sum(1).tolist()
            shown = {name: inputs[name] for name in ("input_ids", "pixel_values_videos", "video_grid_thw")}
            cache = KvCache(room=max(request.max_new_tokens for request in requests))
            output = self._model(
                **{name: tensor.to(self._model.device) for name, tensor in shown.items()},
                attention_mask=self._mask(lengths, max(lengths), query_count=max(lengths)),
                position_ids=positions.to(self._model.device),
                past_key_values=cache,
                use_cache=True,
                logits_to_keep=1,
            )
            cache.advance(max(lengths))
            rows = Rows(
                cache=cache,
                lengths=lengths,
                next_position=next_position.to(self._model.device),
                slots=list(range(len(lengths))),
            )
            return rows, output.logits[:, -1]

    def step(self, rows: Rows, tokens: Sequence[int]) -> Any:
        import torch

        written = [0] * len(rows.lengths)
        for slot, token in zip(rows.slots, tokens, strict=True):
            written[slot] = token
        with _room(), torch.inference_mode():
            graph = self._graph_of(rows)
            logits = self._stepped(rows, written) if graph is None else graph.run(written, rows.next_position)
            rows.cache.advance(1)
            rows.lengths = [length + 1 for length in rows.lengths]
            rows.next_position = rows.next_position + 1
            rows.steady_count += 1
            return logits if len(rows.slots) == len(written) else logits[rows.slots]

    def _stepped(self, rows: Rows, tokens: Sequence[int]) -> Any:
        """The logits of one step, called as it is."""
        import torch

        network = self._model.model.language_model
        column = torch.tensor(tokens, device=self._model.device)[:, None]
        # The text part alone: the whole model would look for pictures and lay out the mask again at each token.
        output = network(
            inputs_embeds=network.embed_tokens(column),
            attention_mask=self._mask([own + 1 for own in rows.lengths], rows.cache.length + 1, query_count=1),
            position_ids=rows.next_position[None, :, None].expand(3, -1, 1),
            past_key_values=rows.cache,
            use_cache=True,
        )
        return self._model.lm_head(output.last_hidden_state[:, -1])

    def _graph_of(self, rows: Rows) -> StepGraph | None:
        """The step laid out once, where steps are to be recorded or compiled and the batch has stood for a while."""
        if rows.graph is not None and not rows.graph.fits:
            rows.graph, rows.steady_count = None, 0
        laid_out = self.recorded or self.compiled_steps is not None
        if rows.graph is None and laid_out and rows.steady_count >= STEADY_STEPS and rows.cache.has_room:
            rows.graph = StepGraph(
                self._model, rows.cache, rows.lengths, recorded=self.recorded, compiled=self.compiled_steps
            )
        return rows.graph

    def choose(self, logits: Any) -> tuple[list[int], list[float]]:
        import torch

        with torch.inference_mode():
            exact = logits.float()
            highest, tokens = exact.max(-1)
            probabilities = (highest - exact.logsumexp(-1)).exp()
            # One wait for the device instead of two; a token's number is exact in 53 bits.
            both = torch.stack([tokens.double(), probabilities.double()]).tolist()
        return [int(token) for token in both[0]], both[1]

    def join(self, left: Rows, right: Rows) -> Rows:
        import torch

        with _room(), torch.inference_mode():
            for rows in (left, right):
                if len(rows.slots) < len(rows.lengths):
                    compact(rows)
            lengths = left.lengths + right.lengths
            return Rows(
                cache=left.cache.joined(right.cache),
                lengths=lengths,
                next_position=torch.cat([left.next_position, right.next_position]),
                slots=list(range(len(lengths))),
            )

    def keep(self, rows: Rows, which: Sequence[int]) -> Rows:
        import torch

        rows.slots = [rows.slots[row] for row in which]
        if rows.graph is None or 2 * len(which) <= len(rows.lengths):
            with torch.inference_mode():
                compact(rows)
        return rows

    def measured_token_limit(self) -> int:
        """Tokens (rows x length) that the GPU's free memory holds, from the peak of one real prefill."""
        import torch

        frames = tuple(np.zeros((640, 360, 3), dtype=np.uint8) for _ in range(4))
        request = Request(
            frames=frames, system="", ask="", max_pixels=640 * 360, max_new_tokens=1, max_prompt_tokens=10_000
        )
        device = self._model.device
        torch.cuda.reset_peak_memory_stats(device)
        before_bytes = torch.cuda.memory_allocated(device)
        self.begin([request])
        bytes_per_token = (torch.cuda.max_memory_allocated(device) - before_bytes) / self.prompt_token_count(request)
        free_bytes, _ = torch.cuda.mem_get_info(device)
        return int(MEMORY_SHARE * free_bytes / bytes_per_token)

    def _positions(self, inputs: dict[str, Any]) -> tuple[Any, Any]:
        """(rotary positions (3, rows, length), position of each row's next token (rows,)), on the CPU."""
        seconds = {name: inputs[name] for name in ("second_per_grid_ts",) if name in inputs}
        positions, deltas = self._model.model.get_rope_index(
            inputs["input_ids"],
            mm_token_type_ids=inputs["mm_token_type_ids"],
            video_grid_thw=inputs["video_grid_thw"],
            attention_mask=inputs["attention_mask"],
            **seconds,
        )
        return positions, inputs["attention_mask"].sum(1) + deltas[:, 0]

    def _mask(self, lengths: Sequence[int], length: int, *, query_count: int) -> dict[str, Any]:
        """What the last `query_count` of `length` columns may attend to, as the layers themselves take it.

        None where no row is padded: what comes before, as a GPU's fastest kernels do by themselves. On a CPU a step is
        given a mask all the same: without one, torch's kernel takes half as long again over grouped heads.
        """
        import torch

        if min(lengths) == length and (query_count > 1 or self._model.device.type != "cpu"):
            return {"full_attention": None}
        starts = torch.tensor([length - own for own in lengths], device=self._model.device)
        columns = torch.arange(length, device=self._model.device)
        seen = columns[None] >= starts[:, None]
        if self.attention.startswith("flash"):
            return {"full_attention": seen}
        queries = columns[length - query_count :, None]
        # Padding attends to itself: a softmax over nothing would be no number, and no number times zero is none.
        allowed = (seen[:, None] & (columns <= queries)) | (columns == queries)
        return {"full_attention": allowed[:, None]}


@contextmanager
def _room() -> Iterator[None]:
    """torch's own error as the engine's; what the failed pass held is given back first."""
    import torch

    try:
        yield
    except (torch.OutOfMemoryError, MemoryError) as problem:
        if torch.cuda.is_available():
            torch.cuda.empty_cache()
        raise OutOfMemory("the device has no room for a pass of this size") from problem
