"""A wav2vec 2.0 classifier of the real architecture with random weights, in the files a hub has of the trained one.

What it says means nothing; how it is loaded, refused and asked is the same as with published weights.
"""

from __future__ import annotations

import json
from pathlib import Path

from services.common.weights import RECEIPT_NAME, InstalledWeights, file_sha256

NAME = "wav2vec2-base-superb-er"

LABELS = {0: "neu", 1: "hap", 2: "ang", 3: "sad"}

WEIGHT_NORM = {"parametrizations.weight.original0": "weight_g", "parametrizations.weight.original1": "weight_v"}
"""As torch calls them now, and as it did when the published checkpoint was saved."""


def write_random(
    directory: Path, *, labels: dict[int, str] = LABELS, drop: str = "", add: str = "", cut: str = "", rate: int = 16000
) -> Path:
    """Save one, with tensors dropped, added or cut."""
    import torch
    from transformers import Wav2Vec2Config, Wav2Vec2FeatureExtractor, Wav2Vec2ForSequenceClassification

    torch.manual_seed(0)
    config = Wav2Vec2Config(
        hidden_size=16,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=32,
        conv_dim=(8, 8, 8),
        conv_stride=(5, 8, 8),
        conv_kernel=(10, 8, 8),
        num_feat_extract_layers=3,
        num_conv_pos_embeddings=16,
        num_conv_pos_embedding_groups=2,
        use_weighted_layer_sum=True,
        classifier_proj_size=8,
        # Large enough that what is said depends on what is heard.
        initializer_range=1.0,
        id2label=labels,
        label2id={name: index for index, name in labels.items()},
        architectures=["Wav2Vec2ForSequenceClassification"],
    )
    tensors = Wav2Vec2ForSequenceClassification(config).state_dict()
    for name, old in WEIGHT_NORM.items():
        tensors = {key.replace(name, old): value for key, value in tensors.items()}
    if drop:
        del tensors[drop]
    if add:
        tensors[add] = torch.zeros(3)
    if cut:
        tensors[cut] = tensors[cut][:-1].clone()
    directory.mkdir(parents=True, exist_ok=True)
    config.save_pretrained(directory)
    Wav2Vec2FeatureExtractor(sampling_rate=rate, do_normalize=True).save_pretrained(directory)
    torch.save(tensors, directory / "pytorch_model.bin")
    return directory


def weights_in(directory: Path) -> InstalledWeights:
    """As `locate` would find them."""
    return InstalledWeights(
        name=NAME,
        library="transformers",
        licence="none: random weights",
        sha256=file_sha256(directory / "pytorch_model.bin"),
        directory=directory,
        files={path.name: path for path in directory.iterdir()},
        digests={},
    )


def install(model_dir: Path) -> None:
    """Lay one down as `reelscribe models pull` would, with its receipt."""
    home = write_random(model_dir / NAME)
    digests = {path.name: file_sha256(path) for path in home.iterdir()}
    (home / RECEIPT_NAME).write_text(json.dumps(digests))
