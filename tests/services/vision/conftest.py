"""The detector's weights, or the reason why a test must do without."""

from __future__ import annotations

import pytest

from services.common.errors import WeightsNotInstalled
from services.common.weights import InstalledWeights, locate


@pytest.fixture(scope="session")
def yolo11n() -> InstalledWeights:
    """The weights of YOLO11n; the test is skipped where they or ultralytics are not installed."""
    pytest.importorskip("scipy")
    pytest.importorskip("torch")
    try:
        return locate("yolo11n")
    except WeightsNotInstalled as error:
        pytest.skip(f"{error}: {error.fix}")
