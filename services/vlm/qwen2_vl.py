"""Qwen2-VL on its real classes: many segments in one left-padded batch that grows and shrinks between two steps."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from services.common.device import Device
from services.vlm.checkpoint import Checkpoint, open_checkpoint
from services.vlm.segment_model import OutOfMemory, Request
from services.vlm.segments import MIN_PIXELS, video_token_count

MEMORY_SHARE = 0.8
"""Share of the free memory that rows may fill; the rest is for fragmentation and for the batch's copy at a join."""


@dataclass(slots=True, kw_only=True)
class Rows:
    """Half-written texts: what attention has seen of each row, padded on the left to one length."""

    cache: Any
    """transformers' DynamicCache: per layer keys and values (rows, heads, length, head size)."""
    attention: Any
    """(rows, length) int64: 0 for padding."""
    next_position: Any
    """(rows,) int64: rotary position of the next token."""


def load_model(directory: Path, *, device: Device, precision: str = "auto") -> Qwen2Vl:
    """The model of a checkpoint directory. Raises as `open_checkpoint` does."""
    return Qwen2Vl(open_checkpoint(directory, device=device, precision=precision), thread_count=device.threads_per_call)


class Qwen2Vl:
    """A SegmentModel. All but `prompt_token_count` is called from one thread."""

    def __init__(self, checkpoint: Checkpoint, *, thread_count: int = 1) -> None:
        self.precision = checkpoint.precision
        self._model = checkpoint.model
        self._processor = checkpoint.processor
        # Every frame is bounded by max_pixels and frames are few, so this cap never binds; unset, the processor warns.
        self._processor.video_processor.cap_pixels_per_frame = True
        self._tokenizer_lock = threading.Lock()
        self._text_token_counts: dict[tuple[str, str], int] = {}
        self._thread_count = thread_count
        config = self._model.config
        ends = self._model.generation_config.eos_token_id
        tokenizer_end: int = self._processor.tokenizer.eos_token_id
        self.end_tokens = frozenset([tokenizer_end, *(ends if isinstance(ends, list) else [ends or tokenizer_end])])
        self.context_token_count: int = config.get_text_config().max_position_embeddings

    def prompt_token_count(self, request: Request) -> int:
        height_px, width_px = request.frames[0].shape[:2]
        video = video_token_count(len(request.frames), height_px, width_px, request.max_pixels)
        return video + self._text_token_count(request)

    def begin(self, requests: Sequence[Request]) -> tuple[Rows, Any]:
        import torch
        from transformers import DynamicCache

        with _room(), torch.inference_mode():
            # The number of threads belongs to the calling thread, and this may be its first call.
            torch.set_num_threads(self._thread_count)
            inputs = self.inputs(requests)
            positions, deltas = self._model.model.get_rope_index(
                inputs["input_ids"],
                mm_token_type_ids=inputs.pop("mm_token_type_ids"),
                video_grid_thw=inputs["video_grid_thw"],
                attention_mask=inputs["attention_mask"],
            )
            cache = DynamicCache(config=self._model.config.get_text_config())
            output = self._model(
                **inputs, position_ids=positions, past_key_values=cache, use_cache=True, logits_to_keep=1
            )
            attention = inputs["attention_mask"]
            rows = Rows(cache=cache, attention=attention, next_position=attention.sum(1) + deltas[:, 0])
            return rows, output.logits[:, -1]

    def step(self, rows: Rows, tokens: Sequence[int]) -> Any:
        import torch

        length = rows.attention.shape[1]
        with _room(), torch.inference_mode():
            column = torch.tensor(tokens, device=self._model.device)[:, None]
            attention = torch.cat([rows.attention, torch.ones_like(column)], dim=1)
            try:
                output = self._model(
                    input_ids=column,
                    attention_mask=attention,
                    position_ids=rows.next_position[None, :, None].expand(3, -1, 1),
                    past_key_values=rows.cache,
                    use_cache=True,
                )
            except Exception:
                # Some layers may have taken the token already.
                _map_cache(rows.cache, lambda states: states[:, :, :length])
                raise
            rows.attention, rows.next_position = attention, rows.next_position + 1
            return output.logits[:, -1]

    def join(self, left: Rows, right: Rows) -> Rows:
        import torch
        from torch.nn.functional import pad

        length = max(left.attention.shape[1], right.attention.shape[1])
        with _room(), torch.inference_mode():
            attentions = [pad(rows.attention, (length - rows.attention.shape[1], 0)) for rows in (left, right)]
            pairs = zip(left.cache.layers, right.cache.layers, strict=True)
            joined = [
                tuple(
                    torch.cat([pad(states, (0, 0, length - states.shape[2], 0)) for states in both])
                    for both in ((one.keys, other.keys), (one.values, other.values))
                )
                for one, other in pairs
            ]
            # Only now, with every copy made, does the batch change: a join without room leaves it as it was.
            for layer, (keys, values) in zip(left.cache.layers, joined, strict=True):
                layer.keys, layer.values = keys, values
            return Rows(
                cache=left.cache,
                attention=torch.cat(attentions),
                next_position=torch.cat([left.next_position, right.next_position]),
            )

    def keep(self, rows: Rows, which: Sequence[int]) -> Rows:
        import torch

        with torch.inference_mode():
            index = torch.tensor(list(which), device=rows.attention.device)
            attention = rows.attention[index]
            # Padding that no remaining row needs is cut off.
            first = int(attention.argmax(1).min())
            _map_cache(rows.cache, lambda states: states[index, :, first:])
            return Rows(cache=rows.cache, attention=attention[:, first:], next_position=rows.next_position[index])

    def text(self, tokens: Sequence[int]) -> str:
        with self._tokenizer_lock:
            decoded: str = self._processor.tokenizer.decode(list(tokens), skip_special_tokens=True)
        return decoded.strip()

    def inputs(self, requests: Sequence[Request]) -> dict[str, Any]:
        """What the processor makes of the requests, as tensors on the model's device, padded on the left."""
        with self._tokenizer_lock:
            # The processor takes one bound for all videos of a call, so requests with other bounds go separately.
            made = [self._processed(request) for request in requests]
        return self._padded(made)

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

    def _chat(self, system: str, ask: str) -> str:
        messages = [
            {"role": "system", "content": [{"type": "text", "text": system}]},
            {"role": "user", "content": [{"type": "video"}, {"type": "text", "text": ask}]},
        ]
        chat: str = self._processor.apply_chat_template(messages, tokenize=False, add_generation_prompt=True)
        return chat

    def _text_token_count(self, request: Request) -> int:
        key = (request.system, request.ask)
        with self._tokenizer_lock:
            if key not in self._text_token_counts:
                # One token stands for the video until the processor puts in as many as it costs.
                self._text_token_counts[key] = len(self._processor.tokenizer(self._chat(*key))["input_ids"]) - 1
            return self._text_token_counts[key]

    def _processed(self, request: Request) -> Any:
        return self._processor(
            text=[self._chat(request.system, request.ask)],
            videos=[np.stack(request.frames)],
            return_tensors="pt",
            videos_kwargs={
                "do_sample_frames": False,
                "input_data_format": "channels_last",
                "size": {"shortest_edge": MIN_PIXELS, "longest_edge": request.max_pixels},
            },
        )

    def _padded(self, made: Sequence[Any]) -> dict[str, Any]:
        import torch
        from torch.nn.functional import pad

        length = max(one["input_ids"].shape[1] for one in made)
        filling = {"input_ids": self._processor.tokenizer.pad_token_id, "attention_mask": 0, "mm_token_type_ids": 0}
        inputs = {
            name: torch.cat([pad(one[name], (length - one[name].shape[1], 0), value=value) for one in made])
            for name, value in filling.items()
        }
        inputs |= {name: torch.cat([one[name] for one in made]) for name in ("pixel_values_videos", "video_grid_thw")}
        return {name: tensor.to(self._model.device) for name, tensor in inputs.items()}


def _map_cache(cache: Any, change: Any) -> None:
    """Apply `change` to the keys and values of each layer, all or none."""
    changed = [(change(layer.keys), change(layer.values)) for layer in cache.layers]
    for layer, (keys, values) in zip(cache.layers, changed, strict=True):
        layer.keys, layer.values = keys, values


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
