"""Qwen2-VL's real classes with random weights, random frames through its real picture processor: for speed alone."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch

from services.common.device import Device
from services.vlm.chat import video_arguments
from services.vlm.checkpoint import Checkpoint, precision_arguments
from services.vlm.qwen2_vl import Qwen2Vl
from services.vlm.segment_model import Request
from services.vlm.segments import video_token_count

OUTPUT_TOKENS = 64
"""Of every text: none ends early."""

TEXT_TOKENS = 155
"""What the English prompt v2 and the marks of the chat cost beside the frames."""

FRAMES_SHAPE = (4, 640, 360, 3)
MAX_PIXELS = 256 * 28 * 28

SHAPES: dict[str, dict[str, Any]] = {
    "tiny": {
        "hidden_size": 64,
        "intermediate_size": 128,
        "num_hidden_layers": 2,
        "vocab_size": 151936,
        "heads": (4, 2),
        "vision": (2, 64, 2),
    },
    "2b": {
        "hidden_size": 1536,
        "intermediate_size": 8960,
        "vocab_size": 151936,
        "num_hidden_layers": 28,
        "heads": (12, 2),
        "vision": (32, 1280, 16),
    },
    "7b": {
        "hidden_size": 3584,
        "intermediate_size": 18944,
        "vocab_size": 152064,
        "num_hidden_layers": 28,
        "heads": (28, 4),
        "vision": (32, 1280, 16),
    },
}


class RandomChat:
    """Stands in for the tokenizer: as many tokens as the real one gives, all the same. Frames are really processed."""

    end_token = -1

    def __init__(self, video_token: int, device: str) -> None:
        from transformers import Qwen2VLVideoProcessor

        self._video_token = video_token
        self._device = device
        self._video_processor = Qwen2VLVideoProcessor(cap_pixels_per_frame=True)

    def prompt_token_count(self, request: Request) -> int:
        """As many as the real one counts for such frames and the English prompt."""
        height_px, width_px = request.frames[0].shape[:2]
        return TEXT_TOKENS + video_token_count(len(request.frames), height_px, width_px, request.max_pixels)

    def padded(self, requests: Sequence[Request]) -> dict[str, Any]:
        """As Chat's."""
        arguments = video_arguments(requests[0].max_pixels) | {"device": self._device}
        made = [
            self._video_processor(videos=[np.stack(request.frames)], return_tensors="pt", **arguments)
            for request in requests
        ]
        video_tokens = self.prompt_token_count(requests[0]) - TEXT_TOKENS
        ids = torch.full((len(requests), TEXT_TOKENS + video_tokens), 100)
        ids[:, 10 : 10 + video_tokens] = self._video_token
        return {
            "input_ids": ids,
            "attention_mask": torch.ones_like(ids),
            "mm_token_type_ids": (ids == self._video_token).int() * 2,
            "pixel_values_videos": torch.cat([one["pixel_values_videos"] for one in made]),
            "video_grid_thw": torch.cat([one["video_grid_thw"] for one in made]).cpu(),
        }

    def text(self, tokens: Sequence[int]) -> str:
        """Nothing that means anything."""
        return f"{len(tokens)} random tokens"


class RandomQwen2Vl(Qwen2Vl):
    """The real model with random weights; no text ever ends early."""

    def __init__(self, checkpoint: Checkpoint, *, recorded: bool = False) -> None:
        network = checkpoint.model
        chat = RandomChat(network.config.video_token_id, str(network.device))
        super().__init__(checkpoint, chat=chat, recorded=recorded)
        self.end_tokens = frozenset()

    @property
    def network(self) -> Any:
        """transformers' model."""
        return self._model

    def prepared(self, requests: Sequence[Request]) -> dict[str, Any]:
        """What a prefill begins with: frames as patches, tokens, masks."""
        made: dict[str, Any] = self._chat.padded(requests)
        return made


def build(shape: str, device: Device, *, attention: str = "sdpa") -> Checkpoint:
    """A model of that shape with normal random weights of the architecture's own initialisation."""
    from transformers import Qwen2VLConfig, Qwen2VLForConditionalGeneration

    sizes = dict(SHAPES[shape])
    (heads, kv_heads), (depth, width, vision_heads) = sizes.pop("heads"), sizes.pop("vision")
    half_head = sizes["hidden_size"] // heads // 2
    rope = {"rope_type": "default", "rope_theta": 1e6}
    rope["mrope_section"] = [half_head // 4, half_head * 3 // 8, half_head - half_head // 4 - half_head * 3 // 8]
    text = sizes | {"num_attention_heads": heads, "num_key_value_heads": kv_heads}
    vision = {"depth": depth, "embed_dim": width, "num_heads": vision_heads, "hidden_size": sizes["hidden_size"]}
    config = Qwen2VLConfig(
        text_config=text | {"rope_parameters": rope}, vision_config=vision, tie_word_embeddings=shape != "7b"
    )
    config._attn_implementation = attention
    precision = "bfloat16" if device.kind != "cpu" else "float32"
    before = torch.get_default_dtype()
    torch.set_default_dtype(getattr(torch, precision))
    try:
        with torch.device(device.kind):
            model = Qwen2VLForConditionalGeneration(config).eval()
    finally:
        torch.set_default_dtype(before)
    return Checkpoint(model=model, processor=None, precision=precision, attention=attention)


def quantised(checkpoint: Checkpoint, folder: Path, device: Device, precision: str) -> Checkpoint:
    """The same weights loaded by bitsandbytes ("int8", "nf4"), by way of a folder, as a user's are."""
    from transformers import Qwen2VLForConditionalGeneration

    if not any(folder.iterdir()):
        checkpoint.model.save_pretrained(folder)
    model = Qwen2VLForConditionalGeneration.from_pretrained(
        folder, local_files_only=True, device_map={"": device.kind}, **precision_arguments(precision)
    )
    return Checkpoint(model=model.eval(), processor=None, precision=precision, attention="sdpa")


def request(seed: int = 0) -> Request:
    """One segment of random frames."""
    frames = np.random.default_rng(seed).integers(0, 256, FRAMES_SHAPE, dtype=np.uint8)
    return Request(
        frames=tuple(frames),
        system="",
        ask="",
        max_pixels=MAX_PIXELS,
        max_new_tokens=OUTPUT_TOKENS,
        max_prompt_tokens=4096,
    )
