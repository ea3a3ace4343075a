"""What every segmentation network is asked: the share of the picture that each of its classes fills."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from reelscribe.v1.analyzer_pb2 import ModelUse

UNLABELLED = "unlabelled"
"""What the network knows no name for, or is not sure enough of."""

Shares = npt.NDArray[np.float64]
"""(k,): of the frame's pixels, one for each of a reader's names; they sum to 1."""


class RegionReader(ABC):
    """One network. Any number of threads may call it."""

    names: tuple[str, ...]
    """What it tells, English snake_case; one of them is UNLABELLED."""
    tells_places = False
    """Whether its classes can tell inside from outside."""
    model: ModelUse

    @abstractmethod
    def shares(self, frame: npt.NDArray[np.uint8]) -> Shares:
        """(height, width, 3) RGB of any size -> the share of each name."""


def counted(labels: npt.NDArray[np.integer], count: int, unlabelled: int, picture_share: float) -> Shares:
    """Shares of (height, width) labels in [0, count); what lies around the picture they cover is unlabelled."""
    shares = picture_share * np.bincount(labels.ravel(), minlength=count) / labels.size
    shares[unlabelled] += 1.0 - picture_share
    return shares


def snake_case(name: str) -> str:
    """The first of the synonyms that a class name lists.

    >>> snake_case("swimming pool, swimming bath")
    'swimming_pool'
    """
    first = name.replace(";", ",").split(",")[0]
    return "_".join(first.lower().replace("-", " ").replace("'", "").split())


def share_of(names: Sequence[str], shares: Shares, wanted: frozenset[str]) -> float:
    """Of several names together."""
    return float(sum(share for name, share in zip(names, shares, strict=True) if name in wanted))
