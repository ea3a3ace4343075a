from __future__ import annotations

import numpy as np
import pytest

from services.common.device import Device
from services.common.errors import WeightsNotInstalled
from services.common.weights import locate
from services.vision.texts.readers.easyocr import EasyOcrReader
from tests.services.vision.text_clips import Lettering, draw, scenery


@pytest.fixture(scope="module")
def reader(device: Device) -> EasyOcrReader:
    pytest.importorskip("easyocr")
    try:
        locate("easyocr-english")
    except WeightsNotInstalled as missing:
        pytest.skip(f"{missing}: {missing.fix}")
    return EasyOcrReader(device)


def test_it_reads_plain_words(reader: EasyOcrReader) -> None:
    (line,) = reader.read(
        draw(scenery(360, 640), Lettering(content="plain words", start_s=0.0, end_s=1.0, height=0.05))
    )
    assert line.content == "plain words"
    assert line.box.top == pytest.approx(0.78, abs=0.03)


def test_a_picture_without_text_gives_nothing(reader: EasyOcrReader) -> None:
    assert reader.read(np.full((320, 240, 3), 127, dtype=np.uint8)) == []


def test_it_names_its_weights(reader: EasyOcrReader) -> None:
    (model,) = reader.models
    assert model.name.startswith("easyocr-")
    assert len(model.sha256) == 64
