"""SegFormer by transformers: the 150 classes of ADE20K, some of which tell inside from outside."""

from __future__ import annotations

import json
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from services.common.batcher import Batcher
from services.common.device import Device
from services.common.errors import LibraryNotInstalled, WeightsDamaged
from services.common.weights import InstalledWeights
from services.common.whole_checkpoint import require_whole
from services.vision.inner_picture import inner_picture
from services.vision.regions.reader import UNLABELLED, RegionReader, Shares, counted, snake_case

LONG_SIDE_PX = 640
"""Longer side of the network's input; it was trained on crops of 512 and takes any proportions."""

SIDE_STEP_PX = 32
"""Both sides are multiples of this: the network halves its input five times."""

BATCH_FRAMES, GPU_BATCH_FRAMES = 1, 16


class AdeReader(RegionReader):
    """The trained network. Threads take turns; frames of one size that they ask for meanwhile go together."""

    tells_places = True

    def __init__(self, weights: InstalledWeights, device: Device) -> None:
        """Raises LibraryNotInstalled, or WeightsDamaged if a tensor is missing, left over or of another shape."""
        self._device = device
        self._network, class_names = _network(weights.directory)
        self.names = (*class_names, UNLABELLED)
        half = device.kind != "cpu"
        # On a CPU half precision is emulated, where it works at all.
        self._network = (self._network.half() if half else self._network).to(device.kind)
        self._mean, self._deviation = _normalisation(weights.directory)
        limit = GPU_BATCH_FRAMES if half else BATCH_FRAMES
        self._batcher: Batcher[Any, Any] = Batcher(self._run, limit=limit, key=lambda picture: picture.shape)
        self.model = weights.used_by(
            f"transformers {version('transformers')}", device=device.kind, precision="float16" if half else "float32"
        )

    def shares(self, frame: npt.NDArray[np.uint8]) -> Shares:
        """Bars around the picture, black or blurred, are unlabelled."""
        picture = inner_picture(frame)
        picture_share = picture.shape[0] * picture.shape[1] / (frame.shape[0] * frame.shape[1])
        (labels,) = self._batcher([_sized(picture)])
        return counted(labels, len(self.names), len(self.names) - 1, picture_share)

    def _run(self, pictures: Sequence[npt.NDArray[np.uint8]]) -> list[npt.NDArray[np.uint8]]:
        """Pictures of one size -> class indices of a quarter of its sides."""
        import torch

        pixels = (np.stack(pictures).astype(np.float32) / 255 - self._mean) / self._deviation
        with self._device.call(), torch.inference_mode():
            torch.set_num_threads(self._device.threads_per_call)
            batch = torch.from_numpy(pixels.transpose(0, 3, 1, 2)).to(self._device.kind)
            logits = self._network(pixel_values=batch.to(self._network.dtype)).logits
            return list(logits.argmax(dim=1).to(torch.uint8).cpu().numpy())


def _sized(picture: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    import cv2

    scale = LONG_SIDE_PX / max(picture.shape[:2])
    height, width = (max(1, round(side * scale / SIDE_STEP_PX)) * SIDE_STEP_PX for side in picture.shape[:2])
    sized: npt.NDArray[np.uint8] = cv2.resize(picture, (width, height), interpolation=cv2.INTER_AREA)
    return sized


def _network(directory: Path) -> tuple[Any, tuple[str, ...]]:
    """In evaluation mode, and the names of its classes in their order."""
    try:
        from transformers import SegformerForSemanticSegmentation
    except ImportError:
        raise LibraryNotInstalled("transformers", "segformer") from None
    try:
        network, told = SegformerForSemanticSegmentation.from_pretrained(
            str(directory), local_files_only=True, output_loading_info=True, ignore_mismatched_sizes=True
        )
    except Exception as error:  # whatever is wrong with the files surfaces as any exception of the library
        raise WeightsDamaged(f"{directory} cannot be loaded as a SegFormer: {error}") from error
    require_whole(directory, told)
    labels = network.config.id2label
    names = tuple(snake_case(labels[index]) for index in range(len(labels)))
    if "person" not in names or "sky" not in names:
        raise WeightsDamaged(f"{directory} does not name its classes: {', '.join(names[:3])} ...")
    return network.eval(), names


def _normalisation(directory: Path) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
    """Mean and deviation of each channel, of pixels in [0, 1]."""
    said = json.loads((directory / "preprocessor_config.json").read_text())
    return np.array(said["image_mean"], np.float32), np.array(said["image_std"], np.float32)
