"""With random weights of a tiny network: what it is loaded from and what it refuses; never what it hears."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from services.common.device import Device
from services.common.errors import WeightsDamaged
from services.common.whole_checkpoint import CheckpointIncomplete
from tests.services.audio.hearing import noise, tone
from tests.services.audio.tiny_wav2vec2 import LABELS, weights_in, write_random

pytest.importorskip("transformers", reason="the emotion extra is not installed")

from services.audio.delivery.emotions import EmotionReader


def opened(directory: Path, device: Device, **changed: object) -> EmotionReader:
    return EmotionReader(weights_in(write_random(directory, **changed)), device)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory, device: Device) -> EmotionReader:
    return opened(tmp_path_factory.mktemp("emotion"), device)


def test_shares_sum_to_one_and_depend_on_the_sound(reader: EmotionReader) -> None:
    one, other = reader.shares(tone(1.5)), reader.shares(noise(1.5))
    for shares in (one, other):
        assert shares.shape == (4,)
        assert shares.min() >= 0
        assert shares.sum() == pytest.approx(1.0)
    assert np.abs(one - other).max() > 1e-3


def test_names_are_the_checkpoints_own_in_its_order(tmp_path: Path, device: Device) -> None:
    """They were once laid over a list of seven in another order."""
    turned = {index: LABELS[3 - index] for index in LABELS}
    assert opened(tmp_path / "a", device).names == ("neutral", "happy", "angry", "sad")
    assert opened(tmp_path / "b", device, labels=turned).names == ("sad", "angry", "happy", "neutral")


def test_the_same_sound_gives_the_same_shares(reader: EmotionReader) -> None:
    """Evaluation mode: nothing is dropped by chance."""
    assert np.array_equal(reader.shares(tone(1.0)), reader.shares(tone(1.0)))


def test_old_bug_a_head_that_was_not_trained_is_refused(tmp_path: Path, device: Device) -> None:
    """The classifier was initialised at random, and the library's warning was switched off."""
    with pytest.raises(CheckpointIncomplete, match=r"1 tensors missing \(classifier\.weight"):
        opened(tmp_path / "c", device, drop="classifier.weight")


def test_a_tensor_too_many_is_refused(tmp_path: Path, device: Device) -> None:
    with pytest.raises(CheckpointIncomplete, match=r"not of this architecture \(another_head\.weight"):
        opened(tmp_path / "c", device, add="another_head.weight")


def test_a_tensor_of_another_shape_is_refused(tmp_path: Path, device: Device) -> None:
    with pytest.raises(CheckpointIncomplete, match=r"of another shape \(projector\.weight"):
        opened(tmp_path / "c", device, cut="projector.weight")


@pytest.mark.parametrize("labels", [{0: "neu", 1: "hap", 2: "ang"}, {0: "LABEL_0", 1: "a", 2: "b", 3: "c"}])
def test_other_classes_than_the_four_are_refused(tmp_path: Path, device: Device, labels: dict[int, str]) -> None:
    with pytest.raises(WeightsDamaged, match="not neu, hap, ang, sad"):
        opened(tmp_path / "c", device, labels=labels)


def test_a_network_of_another_rate_is_refused(tmp_path: Path, device: Device) -> None:
    with pytest.raises(WeightsDamaged, match="8000 Hz"):
        opened(tmp_path / "c", device, rate=8000)


def test_a_file_that_is_no_checkpoint_is_refused(tmp_path: Path, device: Device) -> None:
    directory = write_random(tmp_path / "c")
    (directory / "pytorch_model.bin").write_bytes(b"nothing")
    with pytest.raises(WeightsDamaged, match="cannot be read"):
        EmotionReader(weights_in(directory), device)
