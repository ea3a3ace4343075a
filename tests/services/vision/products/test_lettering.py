from __future__ import annotations

from dataclasses import replace

import pytest

from services.vision.percepts.tracks import ObjectTrack, Sighting
from services.vision.products.lettering import lettering, share_inside
from services.vision.texts.readers import Rect
from services.vision.texts.track import ShownText

SIGHTINGS = tuple(
    Sighting(
        pts_s=0.2 * step,
        end_s=0.2 * step + 0.2,
        box=(0.1 + 0.02 * step, 0.4, 0.4 + 0.02 * step, 0.9),
        score=0.8,
        class_name="bottle",
    )
    for step in range(10)
)
BOTTLE = ObjectTrack(track_id=1, class_name="bottle", sightings=SIGHTINGS)
LABEL = ShownText(
    lines=("SODA",),
    box=Rect(0.15, 0.5, 0.3, 0.55),
    line_height=0.05,
    start_s=0.0,
    end_s=2.0,
    confidence=0.9,
    moves_with_picture=True,
    places=((0.0, Rect(0.15, 0.5, 0.3, 0.55)), (1.0, Rect(0.25, 0.5, 0.4, 0.55))),
)


def test_what_moves_with_the_thing_and_lies_on_it_is_written_on_it() -> None:
    assert lettering(BOTTLE, [LABEL]) == [LABEL]


def test_a_caption_over_a_thing_is_not_written_on_it() -> None:
    assert lettering(BOTTLE, [replace(LABEL, moves_with_picture=False)]) == []


def test_a_sign_that_the_thing_only_passes_is_not_written_on_it() -> None:
    passing = replace(LABEL, places=(LABEL.places[0], (1.0, Rect(0.6, 0.5, 0.75, 0.55))))
    assert lettering(BOTTLE, [passing]) == []


def test_a_text_read_while_the_thing_was_gone_is_not_written_on_it() -> None:
    assert lettering(BOTTLE, [replace(LABEL, places=((5.0, Rect(0.25, 0.5, 0.4, 0.55)),))]) == []


@pytest.mark.parametrize(
    ("rect", "share"),
    [
        (Rect(0.2, 0.2, 0.4, 0.4), 1.0),
        (Rect(0.0, 0.2, 0.2, 0.4), 0.5),
        (Rect(0.9, 0.9, 1.0, 1.0), 0.0),
        (Rect(0.2, 0.2, 0.2, 0.4), 0.0),
    ],
)
def test_share_inside_a_box(rect: Rect, share: float) -> None:
    assert share_inside(rect, (0.1, 0.1, 0.6, 0.6)) == pytest.approx(share)
