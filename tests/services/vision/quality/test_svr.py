from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest

from services.common.errors import WeightsDamaged
from services.vision.quality.svr import read_regression

MODEL = """svm_type epsilon_svr
kernel_type rbf
gamma 0.5
nr_class 2
total_sv 2
rho -1.5
SV
2 1:1 3:-1
-0.5 2:2
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "model.txt"
    path.write_text(text)
    return path


def test_a_value_is_the_sum_of_its_radial_functions(tmp_path: Path):
    regression = read_regression(written(tmp_path, MODEL), 3)
    at = np.array([1.0, 0.0, -1.0])  # on the first vector, 1 + 4 + 1 from the second
    assert regression.predict(at) == pytest.approx(2.0 - 0.5 * math.exp(-0.5 * 6) + 1.5)


@pytest.mark.parametrize(
    "text",
    [
        MODEL.replace("epsilon_svr", "c_svc"),
        MODEL.replace("rbf", "linear"),
        MODEL.replace("total_sv 2", "total_sv 3"),
        MODEL.replace("3:-1", "4:-1"),
        MODEL.replace("gamma 0.5\n", ""),
        MODEL.replace("2:2", "2:two"),
        "",
    ],
)
def test_another_model_is_refused(tmp_path: Path, text: str):
    with pytest.raises(WeightsDamaged, match=r"model\.txt"):
        read_regression(written(tmp_path, text), 3)
