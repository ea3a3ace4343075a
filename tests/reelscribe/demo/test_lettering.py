from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageFont

from reelscribe.demo.lettering import broken, caption, title
from reelscribe.demo.scenario import HEIGHT_PX, TITLE, WIDTH_PX, phrases

TEXTS = [phrase.text for phrase in phrases()]
GREY = (120, 120, 120)


def written(text: str) -> np.ndarray:
    """The caption on grey: int16 (1280, 720)."""
    frame = Image.new("RGB", (WIDTH_PX, HEIGHT_PX), GREY)
    caption(text).draw(frame)
    return np.asarray(frame.convert("L")).astype(np.int16)


@pytest.mark.parametrize("text", TEXTS)
def test_a_caption_is_white_with_a_dark_outline(text: str):
    frame = written(text)
    assert (frame > 250).sum() > 100 * len(text)
    assert (frame < 30).sum() > 50 * len(text)


@pytest.mark.parametrize("text", TEXTS)
def test_a_caption_lies_in_the_lower_third_clear_of_the_edges(text: str):
    left, top, right, bottom = caption(text).box
    assert left >= 20
    assert right <= WIDTH_PX - 20
    assert top >= HEIGHT_PX * 0.66
    assert bottom <= HEIGHT_PX * 0.84


def test_nothing_outside_its_box_changes():
    left, top, right, bottom = caption(TEXTS[0]).box
    frame = written(TEXTS[0])
    frame[top:bottom, left:right] = GREY[0]
    assert (frame == GREY[0]).all()


def test_the_title_is_dark_on_white_in_the_upper_third():
    frame = Image.new("RGB", (WIDTH_PX, HEIGHT_PX), GREY)
    label = title(TITLE.text)
    label.draw(frame)
    left, top, right, bottom = label.box
    box = np.asarray(frame.convert("L"))[top:bottom, left:right]
    assert 0 < left < right < WIDTH_PX
    assert 0 < top < bottom < HEIGHT_PX / 3
    assert 0.5 < (box > 250).mean() < 0.9
    assert (box < 40).mean() > 0.1


def test_umlauts_are_drawn():
    assert not np.array_equal(written("schön"), written("schon"))


def test_short_words_stay_on_one_line_and_long_ones_break_evenly():
    font = ImageFont.load_default(size=40)
    assert broken("one two", font, 600) == ["one two"]
    assert broken("one two three four", font, 250) == ["one two", "three four"]


def test_a_word_wider_than_the_frame_stays_whole():
    font = ImageFont.load_default(size=40)
    assert broken("a Donaudampfschiff", font, 100) == ["a", "Donaudampfschiff"]
