"""A support vector regression with a radial kernel, read from LIBSVM's text format."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from services.common.errors import WeightsDamaged

EXPECTED = {"svm_type": "epsilon_svr", "kernel_type": "rbf"}
"""The only kind of model there is arithmetic for here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Regression:
    """Sum of radial functions around support vectors."""

    gamma: float
    rho: float
    coefficients: npt.NDArray[np.float64]
    """(n,)."""
    vectors: npt.NDArray[np.float64]
    """(n, feature_count)."""

    def predict(self, features: npt.NDArray[np.float64]) -> float:
        """The value for (feature_count,) features, scaled as they were for training."""
        squares = ((self.vectors - features) ** 2).sum(axis=1)
        return float(self.coefficients @ np.exp(-self.gamma * squares) - self.rho)


def read_regression(path: Path, feature_count: int) -> Regression:
    """Raises WeightsDamaged if the file is not such a model with that many features."""
    try:
        head, _, body = path.read_text(encoding="ascii").partition("\nSV\n")
        facts = dict(line.split(maxsplit=1) for line in head.splitlines())
        rows = [line.split() for line in body.splitlines() if line.strip()]
        vectors = np.zeros((len(rows), feature_count))
        for row, (_, *cells) in enumerate(rows):
            for index, value in (cell.split(":") for cell in cells):
                vectors[row, int(index) - 1] = float(value)
        if {name: facts[name] for name in EXPECTED} != EXPECTED or len(rows) != int(facts["total_sv"]):
            raise ValueError(f"{facts['svm_type']} with {len(rows)} support vectors")
        return Regression(
            gamma=float(facts["gamma"]),
            rho=float(facts["rho"]),
            coefficients=np.array([float(first) for first, *_ in rows]),
            vectors=vectors,
        )
    except (ValueError, KeyError, IndexError) as error:
        raise WeightsDamaged(f"{path.name} is no regression on {feature_count} features: {error}") from error
