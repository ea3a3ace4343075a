"""The age and gender networks of dlib's model collection: which chips they take, and what they say of them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from services.common.device import Device
from services.common.errors import WeightsDamaged
from services.common.onnx import OnnxNetwork
from services.common.weights import InstalledWeights
from services.vision.face_attributes.chips import Framing, Pixels, chip, zoomed
from services.vision.face_attributes.samples import FaceSample

AGE_FRAMING = Framing(size_px=64, span=1.4, left=0.2, top=0.2)
"""dlib's own for this network: padding 0.2 on each side."""

AGE_ZOOMS = (0.95, 1.0, 1.05)
"""Spans in which a face is cut out for its age, each also mirrored; the six estimates are averaged.

The network is sensitive to how a chip is cut, more so than landmarks are exact. On two unlabelled clips of people who
hardly move, the spread from frame to frame fell from 1.5 and 1.3 years to 0.6 and 0.7.
"""

GENDER_FRAMING = Framing(size_px=32, span=1.4, left=0.2, top=0.2)
"""The same in half the pixels."""

GENDERS = ("female", "male")
"""In the order of the network's output."""

CHANNEL_MEANS = np.array([122.781998, 117.000999, 104.297997], np.float32)
"""Red, green and blue of dlib's input layer, taken off before dividing by 256."""

AGE_CLASS_YEARS = np.array([0.25, *range(1, 81)])
"""(81,) Age that each class stands for; the first are babies under one, 80 is the last, so nobody is told older."""


class AgeNetwork:
    """Both networks by onnxruntime. Stateless: any number of threads may call them."""

    def __init__(self, age: InstalledWeights, gender: InstalledWeights, device: Device) -> None:
        """Raises LibraryNotInstalled, or WeightsDamaged if a file is another network."""
        self._age = _opened(age, AGE_FRAMING, len(AGE_CLASS_YEARS), device)
        self._gender = _opened(gender, GENDER_FRAMING, len(GENDERS), device)
        self.models = (self._age.model, self._gender.model)

    def years(self, chips: Sequence[Pixels]) -> npt.NDArray[np.float64]:
        """(64, 64, 3) RGB chips -> (n,) years in [0.25, 80]: the mean over the classes, as their author has it."""
        return np.asarray(self._shares(self._age, chips) @ AGE_CLASS_YEARS)

    def steady_years(self, samples: Sequence[FaceSample]) -> npt.NDArray[np.float64]:
        """(n,) years of n faces, each averaged over AGE_ZOOMS, mirrored and not."""
        framings = [zoomed(AGE_FRAMING, zoom) for zoom in AGE_ZOOMS]
        chips = [chip(each.frame, each.landmarks_px, framing) for each in samples for framing in framings]
        mirrored = [each[:, ::-1] for each in chips]
        years = self.years([*chips, *mirrored]).reshape(2, len(samples), len(framings))
        return np.asarray(years.mean(axis=(0, 2)))

    def genders(self, chips: Sequence[Pixels]) -> npt.NDArray[np.float64]:
        """(32, 32, 3) RGB chips -> (n, 2) shares in the order of GENDERS, each row sums to 1."""
        return self._shares(self._gender, chips)

    def _shares(self, network: OnnxNetwork, chips: Sequence[Pixels]) -> npt.NDArray[np.float64]:
        (name,) = network.inputs
        (shares,) = network({name: network_input(chips)})
        shares = np.asarray(shares, np.float64)
        return np.asarray(shares / shares.sum(axis=1, keepdims=True))


def network_input(chips: Sequence[Pixels]) -> npt.NDArray[np.float32]:
    """(size, size, 3) RGB chips -> (n, 3, size, size) in about [-0.5, 0.5]."""
    values = (np.stack(chips).astype(np.float32) - CHANNEL_MEANS) / np.float32(256.0)
    return np.ascontiguousarray(values.transpose(0, 3, 1, 2))


def _opened(weights: InstalledWeights, framing: Framing, class_count: int, device: Device) -> OnnxNetwork:
    network = OnnxNetwork(weights, device, extra="vision")
    takes, gives = next(iter(network.inputs.values()))[1:], next(iter(network.outputs.values()))[1:]
    if takes != (3, framing.size_px, framing.size_px) or gives != (class_count,):
        raise WeightsDamaged(f"{weights.path} is not {weights.name}: it takes {takes} and gives {gives}")
    return network
