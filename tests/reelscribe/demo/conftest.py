"""The demo clip, made once for all the tests that look into it."""

from __future__ import annotations

import json
from typing import Any

import av
import numpy as np
import pytest

from reelscribe.demo.clip import DemoClip, make_demo
from reelscribe.demo.sources import PhotosMissing, SpeechModel, SpeechUnavailable, speech_model


@pytest.fixture(scope="session")
def voice() -> SpeechModel:
    try:
        return speech_model()
    except SpeechUnavailable as error:
        pytest.skip(str(error))


@pytest.fixture(scope="session")
def progress() -> list[float]:
    return []


@pytest.fixture(scope="session")
def demo(voice: SpeechModel, progress: list[float], tmp_path_factory: pytest.TempPathFactory) -> DemoClip:
    try:
        return make_demo(tmp_path_factory.mktemp("demo") / "made", progress.append)
    except PhotosMissing as error:
        pytest.skip(str(error))


@pytest.fixture(scope="session")
def truth(demo: DemoClip) -> dict[str, Any]:
    return json.loads(demo.truth.read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def small_frames(demo: DemoClip) -> np.ndarray:
    """Every frame of the file: uint8 (n, 320, 180, 3)."""
    with av.open(str(demo.video)) as container:
        small = {"format": "rgb24", "width": 180, "height": 320, "interpolation": "AREA"}
        return np.stack([frame.to_ndarray(**small) for frame in container.decode(video=0)])
