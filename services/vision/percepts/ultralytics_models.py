"""How a network of ultralytics is loaded: quietly, offline, with nothing left on disk."""

from __future__ import annotations

import logging
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from typing import Any, Literal

from reelscribe.v1.analyzer_pb2 import ModelUse
from services.common.device import Device
from services.common.errors import LibraryNotInstalled, WeightsDamaged
from services.common.torch_compiler import compiler_deferred
from services.common.weights import InstalledWeights

QUIET_ENVIRONMENT = {
    "YOLO_OFFLINE": "true",
    "YOLO_AUTOINSTALL": "false",
    "YOLO_VERBOSE": "false",
}
"""Read by ultralytics while it is imported: no look at the network, no telemetry, no pip, no printing."""


def load_yolo(weights: InstalledWeights, task: Literal["detect", "pose"]) -> Any:
    """An `ultralytics.YOLO`, ready for inference. Raises LibraryNotInstalled or WeightsDamaged."""
    yolo = _ultralytics().YOLO
    import torch

    try:
        network = yolo(str(weights.path), task=task)
        network.model.fuse(verbose=False)
        # Pixels side by side instead of planes: the same numbers in 15 % less time on a CPU.
        network.model.to(memory_format=torch.channels_last)
        _hasten_pointwise(network.model)
    except Exception as error:  # the file is unpickled: whatever is wrong with it surfaces as any exception
        raise WeightsDamaged(f"{weights.path} cannot be loaded as a YOLO network to {task}: {error}") from error
    if network.task != task:
        raise WeightsDamaged(f"{weights.path} is a YOLO network to {network.task}, not to {task}")
    return network


def runs_in_half(device: Device) -> bool:
    """Half the bits for each number, which only GPUs are faster with."""
    return device.kind != "cpu"


def yolo_use(weights: InstalledWeights, device: Device) -> ModelUse:
    """What a report says about such a network."""
    return weights.used_by(
        f"ultralytics {version('ultralytics')}",
        device=device.kind,
        precision="float16" if runs_in_half(device) else "float32",
    )


def _hasten_pointwise(network: Any) -> None:
    """Have oneDNN run convolutions of one pixel on a CPU too: a quarter less time for the whole network.

    With one thread PyTorch sends them to a kernel of its own that copies the picture first.
    """
    import torch

    class Pointwise(torch.nn.Conv2d):  # type: ignore[misc]
        def forward(self, pixels: torch.Tensor) -> torch.Tensor:
            if pixels.device.type != "cpu":
                return super().forward(pixels)
            pixels = pixels.contiguous(memory_format=torch.channels_last)
            return torch.mkldnn_convolution(
                pixels, self.weight, self.bias, self.padding, self.stride, self.dilation, self.groups
            )

    if not torch.backends.mkldnn.is_available():
        return
    for module in network.modules():
        if type(module) is torch.nn.Conv2d and module.kernel_size == (1, 1) and module.padding == (0, 0):
            module.__class__ = Pointwise


def _ultralytics() -> Any:
    """The library, imported so that it neither reads nor leaves a settings file and asks nobody anything."""
    os.environ.update(QUIET_ENVIRONMENT)
    try:
        with _settings_elsewhere(), compiler_deferred():
            import torchvision  # noqa: F401  (ultralytics imports it only once it is used)
            import ultralytics
    except ImportError as error:
        raise LibraryNotInstalled("ultralytics", "ultralytics") from error
    logging.getLogger("ultralytics").setLevel(logging.ERROR)  # somebody else may have imported it before
    return ultralytics


@contextmanager
def _settings_elsewhere() -> Iterator[None]:
    """Let ultralytics write its settings where they vanish."""
    before = os.environ.get("YOLO_CONFIG_DIR")
    with tempfile.TemporaryDirectory() as directory:
        os.environ["YOLO_CONFIG_DIR"] = directory
        try:
            yield
        finally:
            if before is None:
                del os.environ["YOLO_CONFIG_DIR"]
            else:
                os.environ["YOLO_CONFIG_DIR"] = before
