"""The nine fields of a picture."""

from __future__ import annotations

import pytest

from reelscribe.report.retelling.places import field_of
from tests.reelscribe.report.made import box


@pytest.mark.parametrize(
    ("place", "field"),
    [
        (box(0.0, 0.0, 0.2, 0.2), "upper_left"),
        (box(0.4, 0.4, 0.6, 0.6), "middle"),
        (box(0.0, 0.0, 1.0, 1.0), "middle"),
        (box(0.9, 0.9, 1.0, 1.0), "lower_right"),
        (box(1.0, 0.5, 1.0, 0.5), "right"),
    ],
)
def test_the_centre_decides(place, field: str):
    assert field_of(place) == field
