"""YOLO-pose by ultralytics: pictures in, bodies with their 17 keypoints out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from services.common.batcher import Batcher
from services.common.device import Device
from services.common.weights import InstalledWeights
from services.vision.percepts.ultralytics_models import load_yolo, runs_in_half, yolo_use

STRIDE_PX = 32
"""Sides of the network's input are multiples of this."""

BATCH_PICTURES = 8
"""Of one forward pass on a CPU, where more save nothing."""

GPU_BATCH_PICTURES = 64
"""The same on a GPU; halved where its memory does not hold them."""

LEAST_SCORE = 0.25
"""ultralytics' own: below it the network itself does not believe in the body."""

FULL_SCALE = 255.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Poses:
    """The bodies in one picture, best first."""

    boxes: npt.NDArray[np.float64]
    """(m, 4) left, top, right, bottom, pixels of the picture."""
    scores: npt.NDArray[np.float64]
    """(m,) in [0, 1]."""
    keypoints: npt.NDArray[np.float64]
    """(m, 17, 3) x and y in pixels of the picture, and the network's confidence in [0, 1]."""

    def __len__(self) -> int:
        return len(self.scores)


class PoseNetwork:
    """One YOLO-pose network. Threads take turns; what they ask meanwhile goes together where sizes agree."""

    def __init__(self, weights: InstalledWeights, device: Device) -> None:
        """Raises LibraryNotInstalled or WeightsDamaged."""
        self._device = device
        self._half = runs_in_half(device)
        self._batcher: Batcher[npt.NDArray[np.uint8], Poses] = Batcher(
            self._predict,
            limit=GPU_BATCH_PICTURES if runs_in_half(device) else BATCH_PICTURES,
            key=lambda picture: picture.shape,
        )
        self._yolo = load_yolo(weights, "pose")
        self.model = yolo_use(weights, device)
        # The first pass sets up the predictor: not at a request's expense.
        self.poses([np.zeros((STRIDE_PX, STRIDE_PX, 3), np.uint8)])

    def poses(self, pictures: Sequence[npt.NDArray[np.uint8]]) -> list[Poses]:
        """Of each (height, width, 3) RGB picture. Raises ValueError unless its sides are multiples of 32."""
        for picture in pictures:
            if picture.shape[0] % STRIDE_PX or picture.shape[1] % STRIDE_PX:
                raise ValueError(f"a picture of {picture.shape}: its sides must be multiples of {STRIDE_PX}")
        return self._batcher(list(pictures))

    def _predict(self, pictures: Sequence[npt.NDArray[np.uint8]]) -> list[Poses]:
        """Of pictures of one size."""
        import torch

        with self._device.call():
            torch.set_num_threads(self._device.threads_per_call)
            # Channels stay side by side in memory, as the network's weights lie.
            planes = torch.from_numpy(np.stack(pictures)).permute(0, 3, 1, 2).float().div_(FULL_SCALE)
            results = self._yolo.predict(
                planes, conf=LEAST_SCORE, device=self._device.kind, half=self._half, verbose=False
            )
            return [_poses(result) for result in results]


def _poses(result: Any) -> Poses:
    scores = result.boxes.conf.cpu().numpy().astype(np.float64)
    order = np.argsort(-scores, kind="stable")
    return Poses(
        boxes=result.boxes.xyxy.cpu().numpy().astype(np.float64)[order],
        scores=scores[order],
        keypoints=result.keypoints.data.cpu().numpy().astype(np.float64).reshape(-1, 17, 3)[order],
    )
