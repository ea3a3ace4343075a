"""EfficientNet-Lite0, the picture classifier whose features say how alike two frames are: what it is and runs on."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from services.common.batcher import Batcher
from services.common.device import Device
from services.common.errors import LibraryNotInstalled, WeightsDamaged
from services.common.weights import InstalledWeights

Frame = npt.NDArray[np.uint8]

Features = npt.NDArray[np.float32]

INPUT_PX = 224
"""Side of the square the network was trained on."""

CPU_BATCH_FRAMES = 2
"""Frames of one forward pass; eight take half as long again per frame, in fresh memory pages."""

GPU_BATCH_FRAMES = 64
"""The same on a GPU; halved where its memory does not hold them."""

FEATURE_COUNT = 1280
"""Length of a frame's features: the means of the last layer's channels."""

CLASS_COUNT = 1000
"""ImageNet's, which the weights were trained to tell."""

NORM_EPSILON = 1e-3
"""Added to the variance by every batch norm, as trained."""

PIXEL_MEAN, PIXEL_SCALE = 127.0, 128.0
"""How pixels were scaled in training."""

STEM_CHANNELS = 32

STAGES = (
    # expand, kernel, stride, channels, repeats
    (1, 3, 1, 16, 1),
    (6, 3, 2, 24, 2),
    (6, 5, 2, 40, 2),
    (6, 3, 2, 80, 3),
    (6, 5, 1, 112, 3),
    (6, 5, 2, 192, 4),
    (6, 3, 1, 320, 1),
)
"""EfficientNet-B0's rows; the lite variants have no squeeze-and-excitation, and cap activations at 6."""

CLASSIFIER = "_fc"

NORM_TENSORS = ("weight", "bias", "running_mean", "running_var")


@dataclass(frozen=True, slots=True, kw_only=True)
class Convolution:
    """One convolution with its batch norm, by the names they have in the checkpoint."""

    name: str
    norm: str
    shape: tuple[int, int, int, int]
    """Output channels, input channels per group, kernel height and width."""
    stride: int = 1
    groups: int = 1
    capped: bool = True
    """Whether its output is clipped to [0, 6]."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """Convolutions in a row."""

    convolutions: tuple[Convolution, ...]
    adds: bool = False
    """Whether the input is added to the output."""


class SceneNetwork:
    """The trained network. Threads take turns; what they ask meanwhile goes together."""

    def __init__(self, weights: InstalledWeights, device: Device) -> None:
        """Raises LibraryNotInstalled, or WeightsDamaged if a tensor is missing, left over or of another shape."""
        self._device = device
        limit = CPU_BATCH_FRAMES if device.kind == "cpu" else GPU_BATCH_FRAMES
        self._batcher: Batcher[Frame, Features] = Batcher(
            lambda batch: list(self._run(batch, self._features)), limit=limit
        )
        tensors = _tensors(weights.path)
        self._blocks = [
            (block.adds, [_folded(c, tensors, device.kind) for c in block.convolutions]) for block in BLOCKS
        ]
        self._classifier = [tensors[f"{CLASSIFIER}.{part}"].to(device.kind) for part in ("weight", "bias")]
        self.model = weights.used_by(f"torch {version('torch')}", device=device.kind, precision="float32")

    def features(self, frames: npt.NDArray[np.uint8]) -> Features:
        """(n, 224, 224, 3) RGB -> (n, 1280), each in [0, 6]."""
        _check(frames)
        return np.array(self._batcher(list(frames)), np.float32).reshape(len(frames), FEATURE_COUNT)

    def class_scores(self, frames: npt.NDArray[np.uint8]) -> Features:
        """(n, 224, 224, 3) RGB -> (n, 1000) logits of ImageNet's classes: shows that the weights are what they say."""
        from torch.nn.functional import linear

        _check(frames)
        return self._run(list(frames), lambda pixels: linear(self._features(pixels), *self._classifier))

    def _run(self, frames: Sequence[Frame], call: Callable[[Any], Any]) -> Features:
        import torch

        batch = torch.from_numpy(np.stack(frames))
        with self._device.call(), torch.inference_mode():
            torch.set_num_threads(self._device.threads_per_call)
            pixels = (batch.to(self._device.kind).permute(0, 3, 1, 2).float() - PIXEL_MEAN) / PIXEL_SCALE
            found: Features = call(pixels).cpu().numpy()
        return found

    def _features(self, pixels: Any) -> Any:
        for adds, convolutions in self._blocks:
            before = pixels
            for convolution in convolutions:
                pixels = convolution(pixels)
            if adds:
                pixels += before
        return pixels.mean(dim=(2, 3))


def _check(frames: npt.NDArray[np.uint8]) -> None:
    if frames.ndim != 4 or frames.shape[1:] != (INPUT_PX, INPUT_PX, 3):
        raise ValueError(f"expected (n, {INPUT_PX}, {INPUT_PX}, 3), got {frames.shape}")


def blocks() -> tuple[Block, ...]:
    """Stem, the rows of STAGES, head."""
    found = [_single("_conv_stem", "_bn0", (STEM_CHANNELS, 3, 3, 3), stride=2)]
    inside = STEM_CHANNELS
    for expand, kernel, stride, outside, repeats in STAGES:
        for repeat in range(repeats):
            found.append(_inverted(len(found) - 1, inside, outside, expand, kernel, 1 if repeat else stride))
            inside = outside
    return (*found, _single("_conv_head", "_bn1", (FEATURE_COUNT, inside, 1, 1)))


def _single(name: str, norm: str, shape: tuple[int, int, int, int], stride: int = 1) -> Block:
    return Block(convolutions=(Convolution(name=name, norm=norm, shape=shape, stride=stride),))


def _inverted(index: int, inside: int, outside: int, expand: int, kernel: int, stride: int) -> Block:
    """Widened, convolved channel by channel, narrowed again."""
    within, wide = f"_blocks.{index}", inside * expand
    widen = Convolution(name=f"{within}._expand_conv", norm=f"{within}._bn0", shape=(wide, inside, 1, 1))
    depthwise = Convolution(
        name=f"{within}._depthwise_conv",
        norm=f"{within}._bn1",
        shape=(wide, 1, kernel, kernel),
        stride=stride,
        groups=wide,
    )
    narrow = Convolution(
        name=f"{within}._project_conv", norm=f"{within}._bn2", shape=(outside, wide, 1, 1), capped=False
    )
    row = (widen, depthwise, narrow) if expand > 1 else (depthwise, narrow)
    return Block(convolutions=row, adds=stride == 1 and inside == outside)


BLOCKS = blocks()


def expected_shapes() -> dict[str, tuple[int, ...]]:
    """Every tensor of the checkpoint by its name."""
    shapes: dict[str, tuple[int, ...]] = {
        f"{CLASSIFIER}.weight": (CLASS_COUNT, FEATURE_COUNT),
        f"{CLASSIFIER}.bias": (CLASS_COUNT,),
    }
    for block in BLOCKS:
        for convolution in block.convolutions:
            shapes[f"{convolution.name}.weight"] = convolution.shape
            shapes |= {f"{convolution.norm}.{part}": convolution.shape[:1] for part in NORM_TENSORS}
            shapes[f"{convolution.norm}.num_batches_tracked"] = ()
    return shapes


def check_tensors(tensors: Mapping[str, Any], path: Path) -> None:
    """Raise WeightsDamaged unless each tensor is there, of its shape, and no other: none may be left untrained."""
    expected = expected_shapes()
    if missing := sorted(expected.keys() - tensors.keys()):
        raise WeightsDamaged(f"{path} does not fit EfficientNet-Lite0: {len(missing)} missing, first {missing[0]}")
    if surplus := sorted(tensors.keys() - expected.keys()):
        raise WeightsDamaged(f"{path} does not fit EfficientNet-Lite0: {len(surplus)} left over, first {surplus[0]}")
    for name, shape in expected.items():
        if tuple(tensors[name].shape) != shape:
            raise WeightsDamaged(f"{path} does not fit EfficientNet-Lite0: {name} is {tuple(tensors[name].shape)}")


def _tensors(path: Path) -> dict[str, Any]:
    try:
        import torch
    except ImportError as error:
        raise LibraryNotInstalled("torch", "vision") from error
    try:
        tensors: dict[str, Any] = torch.load(path, map_location="cpu", weights_only=True)
    except Exception as error:  # whatever is wrong with the bytes surfaces as any exception of the unpickler
        raise WeightsDamaged(f"{path} is not a checkpoint: {error}") from error
    check_tensors(tensors, path)
    return tensors


def _folded(convolution: Convolution, tensors: Mapping[str, Any], device_kind: str) -> Callable[[Any], Any]:
    """The convolution with its norm multiplied into the weights: the same numbers in a quarter less time."""
    from torch.nn import functional

    gain, shift, mean, variance = (tensors[f"{convolution.norm}.{part}"] for part in NORM_TENSORS)
    scale = gain / (variance + NORM_EPSILON).sqrt()
    weight = (tensors[f"{convolution.name}.weight"] * scale[:, None, None, None]).to(device_kind)
    bias = (shift - mean * scale).to(device_kind)
    kernel, stride, groups = convolution.shape[-1], convolution.stride, convolution.groups

    def run(pixels: Any) -> Any:
        width_pads, height_pads = (_pads(side, kernel, stride) for side in (pixels.shape[3], pixels.shape[2]))
        if width_pads[0] == width_pads[1] and height_pads[0] == height_pads[1]:
            padding = (height_pads[0], width_pads[0])
        else:
            pixels, padding = functional.pad(pixels, (*width_pads, *height_pads)), (0, 0)
        pixels = functional.conv2d(pixels, weight, bias, stride=stride, padding=padding, groups=groups)
        return pixels.clamp_(0.0, 6.0) if convolution.capped else pixels

    return run


def _pads(side_px: int, kernel: int, stride: int) -> tuple[int, int]:
    """Before and after, so that ceil(side / stride) outputs come out; the odd one after, as trained."""
    lacking = max((-(-side_px // stride) - 1) * stride + kernel - side_px, 0)
    return lacking // 2, lacking - lacking // 2
