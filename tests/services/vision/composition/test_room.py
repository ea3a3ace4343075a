from __future__ import annotations

import cv2
import numpy as np
import pytest

from services.vision.composition.room import TURNED, headroom, lead_room, turn
from tests.services.vision.composition.seen import face, mirrored_face, thing

BOX = (0.2, 0.1, 0.4, 0.5)


def test_headroom_is_that_of_the_topmost_person():
    assert headroom([thing((0.1, 0.3, 0.3, 1.0)), thing((0.5, 0.125, 0.7, 0.9))]) == 0.125
    assert headroom([thing((0.1, -0.01, 0.3, 1.0))]) == 0.0
    assert headroom([]) is None


def test_a_face_that_looks_straight_ahead_has_no_room_before_it():
    assert lead_room(face(BOX), 1.0) is None
    assert lead_room(face(BOX, nose=0.9 * TURNED), 1.0) is None


def test_room_is_counted_from_the_faces_box_to_the_edges():
    into_the_frame, out_of_it = face(BOX, nose=0.4), face(BOX, nose=-0.4)
    assert lead_room(into_the_frame, 1.0) == pytest.approx(0.6 - 0.2)
    assert lead_room(out_of_it, 1.0) == pytest.approx(0.2 - 0.6)


@pytest.mark.parametrize("nose", [-0.5, -0.3, 0.3, 0.5])
def test_a_mirrored_face_has_the_same_room_and_the_opposite_turn(nose: float):
    seen = face(BOX, nose=nose)
    assert lead_room(mirrored_face(seen), 1.5) == pytest.approx(lead_room(seen, 1.5))
    one, other = turn(seen.landmarks, 0.2, 1.5), turn(mirrored_face(seen).landmarks, 0.2, 1.5)
    assert one == pytest.approx(-other, abs=1e-5)


@pytest.mark.parametrize("leant_deg", [-40, 25, 60])
def test_a_head_that_is_leant_is_not_taken_for_a_turned_one(leant_deg: float):
    landmarks = face((0.4, 0.3, 0.6, 0.7)).landmarks
    around = tuple(landmarks[:2].mean(axis=0).tolist())
    matrix = cv2.getRotationMatrix2D(around, leant_deg, 1.0)
    leant = cv2.transform(landmarks[None].astype(np.float64), matrix)[0]
    assert turn(leant.astype(np.float32), 0.2, 1.0) == pytest.approx(0.0, abs=1e-4)


def test_a_profile_in_which_both_eyes_fall_together_is_turned():
    profile = face(BOX).landmarks.copy()
    profile[0] = profile[1] = (0.3, 0.26)
    profile[2] = (0.38, 0.34)
    assert turn(profile, 0.2, 1.0) > TURNED
