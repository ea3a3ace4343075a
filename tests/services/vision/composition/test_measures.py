from __future__ import annotations

from dataclasses import astuple

import numpy as np
import pytest

from services.vision.composition.measures import composed
from tests.services.vision.composition.seen import face, mirrored, mirrored_face, thing
from tests.services.vision.quality.distorted import photo


@pytest.mark.parametrize("name", ["astronaut.png", "coffee.png"])
def test_a_mirrored_copy_mirrors_x_and_leaves_all_else(name: str):
    rgb = photo(name)
    seen = face((0.15, 0.2, 0.35, 0.5), nose=0.4, track_id=7)
    person = thing((0.1, 0.1, 0.5, 0.95))
    there = composed(rgb, (seen,), (person,))
    flipped = thing(mirrored(person.box))
    back = composed(np.ascontiguousarray(rgb[:, ::-1]), (mirrored_face(seen),), (flipped,))
    assert there.subject is not None
    assert back.subject is not None
    assert back.subject.anchor == pytest.approx((1 - there.subject.anchor[0], there.subject.anchor[1]))
    assert back.subject.box == pytest.approx(mirrored(there.subject.box))
    for ours, theirs in zip(astuple(there)[2:], astuple(back)[2:], strict=True):
        assert ours == pytest.approx(theirs, abs=1e-3)
    assert back.symmetry == pytest.approx(there.symmetry, abs=1e-6)


def test_without_a_subject_symmetry_is_measured_all_the_same():
    found = composed(np.full((90, 160, 3), 80, np.uint8), (), ())
    assert found.symmetry == 1.0
    assert found.subject is None
    assert astuple(found)[2:] == (None,) * 5


def test_headroom_needs_a_person_not_a_face():
    rgb = photo("coffee.png")
    assert composed(rgb, (face((0.4, 0.2, 0.6, 0.5)),), ()).headroom is None
    assert composed(rgb, (), (thing((0.4, 0.25, 0.6, 0.9)),)).headroom == 0.25
    assert composed(rgb, (), (thing((0.4, 0.25, 0.6, 0.9), "dog"),)).headroom is None
