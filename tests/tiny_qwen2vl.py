"""A Qwen2-VL checkpoint of the real architecture with random weights, the real tokenizer and the real processor.

What it writes means nothing; how it is called, batched, padded and loaded is the same as with published weights.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

from services.common.catalogue import find
from services.common.weights import RECEIPT_NAME, file_sha256

CONTEXT_TOKEN_COUNT = 4096

TEXT = {
    "vocab_size": 151680,
    "hidden_size": 64,
    "intermediate_size": 128,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "num_key_value_heads": 2,
    "max_position_embeddings": CONTEXT_TOKEN_COUNT,
    # Half the head size (16), split over time, height and width.
    "rope_parameters": {"rope_type": "default", "mrope_section": [2, 3, 3], "rope_theta": 1e6},
    "bos_token_id": 151643,
    "eos_token_id": 151645,
    # Large enough that what is written depends on what is shown.
    "initializer_range": 0.3,
}
VISION = {
    "depth": 2,
    # A multiple of 64, the block that nf4 packs.
    "embed_dim": 64,
    "hidden_size": 64,
    "num_heads": 2,
    "mlp_ratio": 2,
    "initializer_range": 0.3,
}


VISION_2_5 = {
    "depth": 2,
    "hidden_size": 64,
    "intermediate_size": 128,
    "out_hidden_size": 64,
    "num_heads": 2,
    # One layer that looks through windows of 112 px, one that sees the whole frame.
    "fullatt_block_indexes": [1],
    "initializer_range": 0.3,
}


def build_checkpoint(tokenizer_dir: Path, directory: Path, *, seed: int = 0, **text: Any) -> Path:
    """Save such a checkpoint into `directory`."""
    import torch
    from transformers import GenerationConfig, Qwen2VLConfig, Qwen2VLForConditionalGeneration

    torch.manual_seed(seed)
    config = Qwen2VLConfig(text_config=TEXT | text, vision_config=VISION, tie_word_embeddings=True)
    model = Qwen2VLForConditionalGeneration(config)
    model.generation_config = GenerationConfig(eos_token_id=[151645, 151643], pad_token_id=151643)
    model.save_pretrained(directory)
    for file in tokenizer_dir.iterdir():
        shutil.copyfile(file, directory / file.name)
    return directory


def install_as(name: str, checkpoint: Path, model_dir: Path) -> Path:
    """Lay the checkpoint down as `reelscribe models pull NAME` would: the catalogue's files and a receipt."""
    from transformers import AutoTokenizer, Qwen2VLForConditionalGeneration

    home = model_dir / name
    shutil.copytree(checkpoint, home, ignore=shutil.ignore_patterns("*.safetensors"))
    model = Qwen2VLForConditionalGeneration.from_pretrained(checkpoint, local_files_only=True)
    # The embedding is nearly all there is: it fills one of two files.
    model.save_pretrained(home, max_shard_size="39MB")
    AutoTokenizer.from_pretrained(checkpoint, local_files_only=True).backend_tokenizer.save(
        str(home / "tokenizer.json")
    )
    paths = [file.path for file in find(name).files]
    (home / RECEIPT_NAME).write_text(json.dumps({path: file_sha256(home / path) for path in paths}))
    return home


def build_checkpoint_2_5(tokenizer_dir: Path, directory: Path) -> Path:
    """The same of Qwen2.5-VL: another vision tower, and positions in seconds."""
    import torch
    from transformers import GenerationConfig, Qwen2_5_VLConfig, Qwen2_5_VLForConditionalGeneration

    torch.manual_seed(0)
    config = Qwen2_5_VLConfig(text_config=TEXT, vision_config=VISION_2_5, tie_word_embeddings=True)
    model = Qwen2_5_VLForConditionalGeneration(config)
    model.generation_config = GenerationConfig(eos_token_id=[151645, 151643], pad_token_id=151643)
    model.save_pretrained(directory)
    for file in tokenizer_dir.iterdir():
        content = file.read_bytes().replace(b"Qwen2VLProcessor", b"Qwen2_5_VLProcessor")
        (directory / file.name).write_bytes(content)
    return directory
