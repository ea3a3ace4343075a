"""The detector's weights, or the reason why a test must do without."""

from __future__ import annotations

from importlib.util import find_spec

import pytest

from services.common.errors import WeightsNotInstalled
from services.common.weights import InstalledWeights, locate


@pytest.fixture(scope="session")
def yolo11n() -> InstalledWeights:
    """The weights of YOLO11n; the test is skipped where they or ultralytics are not installed."""
    # Not imported here: the detector must be the first to import it, quietly.
    if find_spec("ultralytics") is None:
        pytest.skip("ultralytics is not installed: pip install 'reelscribe[ultralytics]'")
    try:
        return locate("yolo11n")
    except WeightsNotInstalled as error:
        pytest.skip(f"{error}: {error.fix}")
