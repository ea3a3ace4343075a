from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from bench.common import captioned
from bench.common.captioned import FACES, LINES, SHOWN_S, Caption, burned, face_file
from bench.common.mixed import RATE_HZ


@pytest.fixture(autouse=True)
def faces_are_here() -> None:
    if not all(map(face_file, FACES)):
        pytest.skip("no matplotlib, whose faces the captions are set in")


def caption(**chosen: object) -> Caption:
    values = {
        "content": "Übung", "first": 2, "after": 4, "face": FACES[0], "size_px": 24, "style": "outline", "middle": 0.5,
    }  # fmt: skip
    return Caption(**(values | chosen))


def test_a_caption_is_in_its_frames_and_in_no_other():
    plain = np.full((6, 120, 200, 3), 90, np.uint8)
    lettered = burned(plain, [caption()])
    assert [bool((frame != 90).any()) for frame in lettered] == [False, False, True, True, False, False]
    assert (plain == 90).all()


@pytest.mark.parametrize("style", captioned.STYLES)
def test_every_style_leaves_letters_that_differ_from_their_ground(style: captioned.Style):
    (frame,) = burned(np.full((1, 120, 300, 3), 128, np.uint8), [caption(first=0, after=1, style=style)])
    assert int(frame.max()) - int(frame.min()) > 150


@pytest.mark.parametrize("face", FACES)
def test_every_face_has_umlauts(face: str):
    from PIL import ImageFont

    letters = ImageFont.truetype(str(face_file(face)), 30)
    missing = letters.getmask("\U0010ffff").getbbox(), bytes(letters.getmask("\U0010ffff"))
    for letter in "äöüßÄÖÜ":
        assert (letters.getmask(letter).getbbox(), bytes(letters.getmask(letter))) != missing


def test_captions_follow_one_another_and_stay_long_enough():
    captions = captioned._captions(np.random.default_rng(1), list(LINES), 400, 540, 0.5)
    assert len(captions) >= 4
    for one, other in pairwise(captions):
        assert one.after <= other.first
        assert SHOWN_S[0] - 1 / RATE_HZ <= one.end_s - one.start_s <= SHOWN_S[1] + 1 / RATE_HZ


def test_a_long_line_is_broken_where_a_blank_was(tmp_path: Path):
    from PIL import Image, ImageDraw, ImageFont

    draw = ImageDraw.Draw(Image.new("RGB", (300, 300)))
    face = ImageFont.truetype(str(face_file(FACES[0])), 30)
    wrapped = captioned._wrapped(draw, face, "Fußgänger bitte drüben gehen", 250)
    assert "\n" in wrapped
    assert wrapped.split() == ["Fußgänger", "bitte", "drüben", "gehen"]
