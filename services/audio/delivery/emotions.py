"""What emotion a voice sounds like to a trained network: wav2vec 2.0 by transformers, whole or not at all."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from services.audio.percepts.voice import SPEECH_SAMPLES
from services.common.device import Device
from services.common.errors import LibraryNotInstalled, WeightsDamaged
from services.common.weights import InstalledWeights
from services.common.whole_checkpoint import require_whole

EXTRA = "emotion"
"""The install extra that brings the libraries."""

EMOTIONS: Mapping[str, str] = {"neu": "neutral", "hap": "happy", "ang": "angry", "sad": "sad"}
"""The checkpoint's own names of its classes, which it must have in full, and ours."""

Sound = npt.NDArray[np.float32]


class EmotionReader:
    """One network on one device; calls wait for each other."""

    def __init__(self, weights: InstalledWeights, device: Device) -> None:
        """Raises LibraryNotInstalled, or WeightsDamaged if a tensor is missing, left over or of another shape."""
        self._device = device
        self._lock = threading.Lock()
        self._network, self._extractor, self.names = _opened(weights.directory)
        self._network = self._network.to(device.kind)
        self.model = weights.used_by(f"transformers {version('transformers')}", device=device.kind, precision="float32")

    def __repr__(self) -> str:
        return f"EmotionReader({self.model.name}, {self.model.device})"

    def shares(self, samples: Sound) -> npt.NDArray[np.float64]:
        """(n,) at 16 kHz, at least 25 ms -> (names,) in [0, 1], summing to 1."""
        import torch

        rate_hz = SPEECH_SAMPLES.sample_rate_hz
        inputs = self._extractor(samples, sampling_rate=rate_hz, return_tensors="pt")
        with self._lock, self._device.call(), torch.inference_mode():
            torch.set_num_threads(self._device.threads_per_call)
            logits = self._network(inputs["input_values"].to(self._device.kind)).logits[0]
            shares: npt.NDArray[np.float64] = logits.double().softmax(dim=0).cpu().numpy()
        return shares


def _opened(directory: Path) -> tuple[Any, Any, tuple[str, ...]]:
    """Network in evaluation mode, what prepares its input, and our names of its classes in its order."""
    try:
        from transformers import AutoFeatureExtractor, AutoModelForAudioClassification
    except ImportError:
        raise LibraryNotInstalled("transformers", EXTRA) from None
    try:
        extractor = AutoFeatureExtractor.from_pretrained(str(directory), local_files_only=True)
        network, loading = AutoModelForAudioClassification.from_pretrained(
            str(directory), local_files_only=True, output_loading_info=True, ignore_mismatched_sizes=True
        )
    except ImportError:
        raise LibraryNotInstalled("torch", EXTRA) from None
    except Exception as error:  # whatever is wrong with the files surfaces as any exception of the library
        raise WeightsDamaged(f"the checkpoint {directory.name} cannot be read: {error}") from error
    require_whole(directory, loading)
    labels = [network.config.id2label[index] for index in range(network.config.num_labels)]
    if sorted(labels) != sorted(EMOTIONS):
        raise WeightsDamaged(f"the checkpoint {directory.name} tells {', '.join(labels)}, not {', '.join(EMOTIONS)}")
    if extractor.sampling_rate != SPEECH_SAMPLES.sample_rate_hz:
        raise WeightsDamaged(f"the checkpoint {directory.name} was trained at {extractor.sampling_rate} Hz")
    return network.eval(), extractor, tuple(EMOTIONS[label] for label in labels)
