from __future__ import annotations

import numpy as np
import pytest

from services.vision.colors.names import NAMED_COLORS, VOCABULARY, lab_of, name_of


@pytest.mark.parametrize(("name", "rgb"), NAMED_COLORS)
def test_each_named_colour_has_its_own_name(name: str, rgb: tuple[int, int, int]) -> None:
    assert name_of(lab_of(np.array(rgb, np.uint8))) == name


@pytest.mark.parametrize(
    ("rgb", "names"),
    [
        ((70, 130, 180), {"blue", "light_blue"}),
        ((34, 139, 34), {"green"}),
        ((139, 69, 19), {"brown"}),
        ((255, 192, 203), {"pink"}),
        ((224, 172, 135), {"beige"}),
        ((30, 30, 30), {"black"}),
        ((128, 0, 128), {"purple"}),
        ((64, 224, 208), {"turquoise"}),
    ],
)
def test_everyday_colours_have_their_everyday_name(rgb: tuple[int, int, int], names: set[str]) -> None:
    assert name_of(lab_of(np.array(rgb, np.uint8))) in names


def test_white_is_the_white_of_d65() -> None:
    np.testing.assert_allclose(lab_of(np.array([255, 255, 255], np.uint8)), [100, 0, 0], atol=0.1)


def test_the_vocabulary_has_each_word_once() -> None:
    assert len(set(VOCABULARY)) == len(VOCABULARY)
    assert all(word == word.lower() and " " not in word for word in VOCABULARY)
