from __future__ import annotations

import logging

import numpy as np
import pytest

from services.common.device import Device
from services.vision.texts.readers.rapidocr import RapidOcrReader
from tests.services.vision.text_clips import Lettering, draw, scenery


@pytest.fixture(scope="module")
def reader(device: Device) -> RapidOcrReader:
    return RapidOcrReader(device)


@pytest.mark.parametrize("content", ["die Größe zählt", "schöne Äpfel", "Über süße Öfen"])
def test_umlauts_come_out_right(reader: RapidOcrReader, content: str) -> None:
    picture = draw(scenery(720, 1280), Lettering(content=content, start_s=0.0, end_s=1.0))
    (line,) = reader.read(picture)
    assert line.content == content
    assert line.confidence > 0.9
    assert line.box.top == pytest.approx(0.78, abs=0.02)


def test_a_small_picture_is_read_whole(reader: RapidOcrReader) -> None:
    (line,) = reader.read(draw(scenery(360, 640), Lettering(content="rechts rum", start_s=0.0, end_s=1.0)))
    assert line.content == "rechts rum"
    assert (line.box.left + line.box.right) / 2 == pytest.approx(0.5, abs=0.03)


def test_a_picture_without_text_gives_nothing(reader: RapidOcrReader) -> None:
    assert reader.read(np.full((320, 240, 3), 127, dtype=np.uint8)) == []


def test_another_shape_is_refused_by_name(reader: RapidOcrReader) -> None:
    with pytest.raises(ValueError, match=r"\(4, 4\)"):
        reader.read(np.zeros((4, 4), dtype=np.uint8))


def test_it_logs_nothing(reader: RapidOcrReader, capfd: pytest.CaptureFixture[str]) -> None:
    reader.read(np.zeros((64, 64, 3), dtype=np.uint8))
    assert capfd.readouterr() == ("", "")
    assert logging.getLogger("RapidOCR").level == logging.CRITICAL
