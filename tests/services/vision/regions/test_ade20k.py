"""With random weights of a tiny network: what it is loaded from and what it refuses; never what it sees."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from services.common.device import Device
from services.common.errors import WeightsDamaged
from services.common.weights import InstalledWeights
from services.vision.regions.ade20k import AdeReader, _sized

CLASS_NAMES = ("wall", "sky", "floor", "person", "bed ", "road, route")


def write_random(directory: Path, **changed: object) -> InstalledWeights:
    """A SegFormer of six classes with random weights, in the files that a hub has of the trained one."""
    torch = pytest.importorskip("torch")
    transformers = pytest.importorskip("transformers")
    torch.manual_seed(0)
    config = transformers.SegformerConfig(
        num_encoder_blocks=4,
        depths=[1, 1, 1, 1],
        hidden_sizes=[8, 8, 16, 16],
        num_attention_heads=[1, 1, 2, 2],
        decoder_hidden_size=16,
        id2label=changed.get("id2label", dict(enumerate(CLASS_NAMES))),
    )
    network = transformers.SegformerForSemanticSegmentation(config)
    tensors = network.state_dict()
    if drop := changed.get("drop"):
        del tensors[drop]
    if add := changed.get("add"):
        tensors[add] = torch.zeros(3)
    directory.mkdir(exist_ok=True)
    config.save_pretrained(directory)
    said = json.loads((directory / "config.json").read_text()) | {"architectures": ["SegformerForSemanticSegmentation"]}
    (directory / "config.json").write_text(json.dumps(said))
    torch.save(tensors, directory / "pytorch_model.bin")
    normalisation = {"image_mean": [0.485, 0.456, 0.406], "image_std": [0.229, 0.224, 0.225]}
    (directory / "preprocessor_config.json").write_text(json.dumps(normalisation))
    files = {path.name: path for path in directory.iterdir()}
    return InstalledWeights(
        name="segformer-b2-ade20k",
        library="transformers",
        licence="none",
        sha256="0" * 64,
        directory=directory,
        files=files,
        digests={},
    )


@pytest.fixture(scope="module")
def weights(tmp_path_factory: pytest.TempPathFactory) -> InstalledWeights:
    return write_random(tmp_path_factory.mktemp("segformer"))


@pytest.fixture(scope="module")
def reader(weights: InstalledWeights, device: Device) -> AdeReader:
    return AdeReader(weights, device)


def test_shares_of_all_classes_sum_to_one(reader: AdeReader) -> None:
    frame = np.random.default_rng(0).integers(0, 256, (360, 203, 3)).astype(np.uint8)
    shares = reader.shares(frame)
    assert shares.shape == (7,)
    assert shares.sum() == pytest.approx(1.0)


def test_old_bug_a_cpu_computes_in_full_precision(reader: AdeReader) -> None:
    """Weights were halved whatever the device: the first frame ended in an exception."""
    assert reader.model.precision == "float32"
    assert {str(tensor.dtype) for tensor in reader._network.parameters()} == {"torch.float32"}


def test_old_bug_names_are_english_words_of_the_model(reader: AdeReader) -> None:
    """German prose was reported as data."""
    assert reader.names == ("wall", "sky", "floor", "person", "bed", "road", "unlabelled")
    assert reader.tells_places


@pytest.mark.parametrize("shape", [(1, 1), (5, 300), (640, 360)])
def test_frames_of_any_shape_are_read(reader: AdeReader, shape: tuple[int, int]) -> None:
    assert reader.shares(np.full((*shape, 3), 40, np.uint8)).sum() == pytest.approx(1.0)


def test_proportions_are_kept(reader: AdeReader) -> None:
    assert _sized(np.zeros((1280, 720, 3), np.uint8)).shape == (640, 352, 3)


def test_a_missing_tensor_is_refused(tmp_path: Path, device: Device) -> None:
    damaged = write_random(tmp_path, drop="decode_head.classifier.weight")
    with pytest.raises(WeightsDamaged, match=r"1 tensors missing \(decode_head\.classifier\.weight"):
        AdeReader(damaged, device)


def test_a_tensor_too_many_is_refused(tmp_path: Path, device: Device) -> None:
    damaged = write_random(tmp_path, add="segformer.another_head")
    with pytest.raises(WeightsDamaged, match=r"1 tensors not of this architecture \(segformer\.another_head"):
        AdeReader(damaged, device)


def test_classes_without_names_are_refused(tmp_path: Path, device: Device) -> None:
    nameless = write_random(tmp_path, id2label={index: f"LABEL_{index}" for index in range(6)})
    with pytest.raises(WeightsDamaged, match="does not name its classes"):
        AdeReader(nameless, device)


def test_a_file_that_is_no_checkpoint_is_refused(tmp_path: Path, device: Device) -> None:
    broken = write_random(tmp_path)
    (tmp_path / "pytorch_model.bin").write_bytes(b"no tensors")
    with pytest.raises(WeightsDamaged, match="cannot be loaded as a SegFormer"):
        AdeReader(broken, device)
