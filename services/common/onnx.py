"""Networks that onnxruntime executes on the CPU, within the thread budget."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.metadata import version
from typing import Any

import numpy as np
import numpy.typing as npt

from services.common.device import Device
from services.common.errors import LibraryNotInstalled, WeightsDamaged
from services.common.weights import InstalledWeights

LIBRARY = "onnxruntime"


class OnnxNetwork:
    """One network. Stateless: any number of threads may call it."""

    def __init__(self, weights: InstalledWeights, device: Device, *, extra: str, precision: str = "float32") -> None:
        """`precision`: of its larger kernels.

        Raises LibraryNotInstalled with the extra that brings the library, or WeightsDamaged for what is no network.
        """
        try:
            import onnxruntime
        except ImportError:
            raise LibraryNotInstalled(LIBRARY, extra) from None
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = device.threads_per_call
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        try:
            self._session = onnxruntime.InferenceSession(
                str(weights.path), sess_options=options, providers=["CPUExecutionProvider"]
            )
        except Exception as error:  # onnxruntime's own exceptions have no class in common but this
            raise WeightsDamaged(f"{weights.path} cannot be loaded by onnxruntime: {error}") from error
        self._device = device
        self.inputs = {item.name: tuple(item.shape) for item in self._session.get_inputs()}
        """Name -> shape; a free size is a word or None."""
        self.outputs = {item.name: tuple(item.shape) for item in self._session.get_outputs()}
        self.model = weights.used_by(f"{LIBRARY} {version(LIBRARY)}", device="cpu", precision=precision)

    def __repr__(self) -> str:
        return f"OnnxNetwork({self.model.name}: {self.inputs} -> {self.outputs})"

    def __call__(self, tensors: Mapping[str, npt.NDArray[Any]]) -> list[npt.NDArray[Any]]:
        """All inputs by name -> all outputs, in the network's order."""
        with self._device.call():
            return [np.asarray(found) for found in self._session.run(None, dict(tensors))]
