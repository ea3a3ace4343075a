"""A request as the model's own processor and chat template write it, and what that costs in tokens."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import Any

import numpy as np

from services.vlm.segment_model import Request
from services.vlm.segments import MIN_PIXELS, TEMPORAL_PATCH_COUNT, video_token_count


class Chat:
    """Owns the processor. Any method from any thread: the tokenizer is not safe to share, so one has it at a time."""

    def __init__(self, processor: Any, *, device: str = "cpu") -> None:
        """`device`: where frames are resized and cut into patches; a CPU takes 20 ms for each segment."""
        self.processor = processor
        self._device = device
        # Every frame is bounded by max_pixels and frames are few, so this cap never binds; unset, the processor warns.
        processor.video_processor.cap_pixels_per_frame = True
        self.end_token: int = processor.tokenizer.eos_token_id
        self._lock = threading.Lock()
        self._text_token_counts: dict[tuple[str, str], int] = {}

    def prompt_token_count(self, request: Request) -> int:
        """The exact cost of a request's prompt."""
        height_px, width_px = request.frames[0].shape[:2]
        video = video_token_count(len(request.frames), height_px, width_px, request.max_pixels)
        return video + self._text_token_count(request)

    def prompt(self, system: str, ask: str) -> str:
        """The conversation up to where the model goes on, with the mark that stands for the video."""
        messages = [
            {"role": "system", "content": [{"type": "text", "text": system}]},
            {"role": "user", "content": [{"type": "video"}, {"type": "text", "text": ask}]},
        ]
        chat: str = self.processor.apply_chat_template(messages, tokenize=False, add_generation_prompt=True)
        return chat

    def text(self, tokens: Sequence[int]) -> str:
        """The words of the tokens, without marks."""
        with self._lock:
            decoded: str = self.processor.tokenizer.decode(list(tokens), skip_special_tokens=True)
        return decoded.strip()

    def processed(self, request: Request) -> Any:
        """What the processor makes of one request: token ids and patches.

        The processor takes one bound for all videos of a call, so requests are processed one by one.
        """
        import torch

        with self._lock:
            made = self.processor(
                text=[self.prompt(request.system, request.ask)],
                videos=[np.stack(request.frames)],
                return_tensors="pt",
                videos_kwargs=video_arguments(request.max_pixels) | {"device": self._device},
            )
        if "second_per_grid_ts" in made:
            # Not told when the frames were shown, the processor takes them for 24 a second.
            made["second_per_grid_ts"] = torch.tensor([request.frame_step_s * TEMPORAL_PATCH_COUNT])
        return made

    def padded(self, requests: Sequence[Request]) -> dict[str, Any]:
        """The requests as tensors of one batch, padded on the left; all but the patches on the CPU.

        input_ids, attention_mask, mm_token_type_ids (rows, length); pixel_values_videos (patches, patch);
        video_grid_thw (rows, 3). Qwen2.5-VL's also second_per_grid_ts (rows,).
        """
        import torch
        from torch.nn.functional import pad

        made = [self.processed(request) for request in requests]
        length = max(one["input_ids"].shape[1] for one in made)
        filling = {"input_ids": self.processor.tokenizer.pad_token_id, "attention_mask": 0, "mm_token_type_ids": 0}
        inputs: dict[str, Any] = {
            name: torch.cat([pad(one[name], (length - one[name].shape[1], 0), value=value) for one in made])
            for name, value in filling.items()
        }
        per_video = ("pixel_values_videos", "video_grid_thw", "second_per_grid_ts")
        inputs |= {name: torch.cat([one[name] for one in made]) for name in per_video if name in made[0]}
        inputs["video_grid_thw"] = inputs["video_grid_thw"].cpu()
        return inputs

    def _text_token_count(self, request: Request) -> int:
        key = (request.system, request.ask)
        with self._lock:
            if key not in self._text_token_counts:
                # One token stands for the video until the processor puts in as many as it costs.
                self._text_token_counts[key] = len(self.processor.tokenizer(self.prompt(*key))["input_ids"]) - 1
            return self._text_token_counts[key]


def video_arguments(max_pixels: int) -> dict[str, Any]:
    """The processor's settings: every frame as it comes, none larger than `max_pixels`."""
    return {
        "do_sample_frames": False,
        "input_data_format": "channels_last",
        "size": {"shortest_edge": MIN_PIXELS, "longest_edge": max_pixels},
    }
