"""Networks in TensorFlow Lite's format, run by LiteRT on the CPU: tensors in, tensors out, one call at a time."""

from __future__ import annotations

import threading
from importlib.metadata import version
from typing import Any

import numpy as np
import numpy.typing as npt

from services.common.device import Device
from services.common.errors import LibraryNotInstalled, WeightsDamaged
from services.common.weights import InstalledWeights

LIBRARY = "ai-edge-litert"


class LiteRtNetwork:
    """One network of one input. Its interpreter keeps tensors, so calls from several threads take turns."""

    def __init__(
        self, weights: InstalledWeights, device: Device, *, extra: str, precision: str, content: bytes | None = None
    ) -> None:
        """`content`: the network itself, where the weights' file holds several. `precision`: of its larger kernels.

        Raises LibraryNotInstalled with the extra that brings the library, or WeightsDamaged for what is no network.
        """
        try:
            from ai_edge_litert.interpreter import Interpreter
        except ImportError:
            raise LibraryNotInstalled(LIBRARY, extra) from None
        given: dict[str, Any] = {"model_path": str(weights.path)} if content is None else {"model_content": content}
        try:
            self._interpreter = Interpreter(**given, num_threads=device.threads_per_call)
            self._interpreter.allocate_tensors()
        except (RuntimeError, ValueError) as error:
            raise WeightsDamaged(f"{weights.path} cannot be loaded by LiteRT: {error}") from error
        self._device = device
        self._lock = threading.Lock()
        (takes,) = self._interpreter.get_input_details()
        gives = self._interpreter.get_output_details()
        self._input, self._outputs = takes["index"], [item["index"] for item in gives]
        self.input_shape: tuple[int, ...] = tuple(int(size) for size in takes["shape"])
        self.output_shapes: tuple[tuple[int, ...], ...] = tuple(tuple(int(n) for n in item["shape"]) for item in gives)
        self.model = weights.used_by(f"{LIBRARY} {version(LIBRARY)}", device="cpu", precision=precision)

    def __repr__(self) -> str:
        return f"LiteRtNetwork({self.model.name}: {self.input_shape} -> {self.output_shapes})"

    def __call__(self, tensor: npt.NDArray[Any]) -> list[npt.NDArray[Any]]:
        """A tensor of the input's shape and type -> one of each output's shape; the caller's own copies."""
        with self._lock, self._device.call():
            self._interpreter.set_tensor(self._input, np.ascontiguousarray(tensor))
            self._interpreter.invoke()
            return [self._interpreter.get_tensor(index).copy() for index in self._outputs]
