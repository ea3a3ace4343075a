from __future__ import annotations

import numpy as np
import pytest

from reelscribe.v1.finding_pb2 import TextKind
from services.common.window import FrameBatch, Frames
from services.vision.texts.readers import Line, Rect
from services.vision.texts.watch import KnownText, TextWatch, in_order, legible
from tests.services.vision.text_clips import Lettering, lettered, pan, windows_of

SMALL, LARGE = Frames(rate_hz=None, long_side_px=256), Frames(rate_hz=2.0, long_side_px=1280)
YELLOW = 200


def batch(*indexes: int) -> FrameBatch:
    return FrameBatch(
        rgb=np.zeros((len(indexes), 4, 4, 3), dtype=np.uint8),
        pts_s=np.array([index / 10 for index in indexes]),
        index=np.array(indexes, dtype=np.int64),
    )


def caption_reader(picture: np.ndarray) -> list[Line]:
    """Says "gelb" wherever the caption's yellow letters are: a reader whose truth the test draws itself."""
    red, green, blue = (picture[:, :, channel].astype(int) for channel in range(3))
    rows, columns = np.nonzero((red > YELLOW) & (green > YELLOW) & (blue < 60))
    if len(rows) < 50:
        return []
    height, width = picture.shape[:2]
    box = Rect(columns.min() / width, rows.min() / height, (columns.max() + 1) / width, (rows.max() + 1) / height)
    return [Line(content="gelb", box=box, confidence=0.97)]


def watched(frames: list[np.ndarray]) -> tuple[list[tuple[int, KnownText]], TextWatch]:
    """What became known, and after which window."""
    watch, known = TextWatch(caption_reader), []
    windows = windows_of(frames, (SMALL, LARGE))
    for window in windows:
        known += [(window.index, text) for text in watch.take(window[SMALL], window[LARGE])]
    known += [(len(windows), text) for text in watch.finish(windows[-1].end_s)]
    return known, watch


def test_every_frame_comes_once_in_order_with_its_picture() -> None:
    rows = list(in_order(batch(0, 1, 2, 4), batch(0, 3, 4)))
    assert [pts_s for pts_s, _, _ in rows] == pytest.approx([0.0, 0.1, 0.2, 0.3, 0.4])
    assert [picture is not None for _, _, picture in rows] == [True, False, False, True, True]


def test_a_text_is_known_soon_after_it_is_gone() -> None:
    known, _ = watched(lettered(pan(180), [Lettering(content="gelbe Schrift", start_s=0.5, end_s=1.5)]))
    ((window, text),) = known
    assert text.kind == TextKind.TEXT_KIND_TITLE
    assert (text.text.start_s, text.text.end_s) == (pytest.approx(0.5, abs=0.04), pytest.approx(1.5, abs=0.04))
    assert window <= 4


def test_what_is_still_on_screen_ends_with_the_part() -> None:
    known, watch = watched(lettered(pan(60), [Lettering(content="gelbe Schrift", start_s=0.5, end_s=9.0)]))
    assert [text.text.end_s for _, text in known] == [pytest.approx(2.0)]
    assert watch.read_count <= 3


@pytest.mark.parametrize(
    ("content", "confidence", "height", "expected"),
    [
        ("_", 0.99, 0.1, False),
        ("T", 0.8, 0.1, False),
        ("T", 0.95, 0.8, False),
        ("7", 0.95, 0.1, True),
        ("ja", 0.6, 0.1, True),
    ],
)
def test_a_line_without_letters_or_with_a_doubtful_one_is_no_text(
    content: str, confidence: float, height: float, expected: bool
) -> None:
    assert legible(Line(content=content, box=Rect(0.1, 0.1, 0.2, 0.1 + height), confidence=confidence)) is expected
