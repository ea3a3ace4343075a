from __future__ import annotations

import cv2
import numpy as np
import pytest

from reelscribe.v1.picture_pb2 import SubjectBasis
from services.vision.composition.subject import subject_of
from tests.services.vision.composition.seen import face, thing

PLAIN = np.full((120, 200, 3), 90, np.uint8)
PERSON, DOG = thing((0.1, 0.1, 0.5, 0.9)), thing((0.2, 0.5, 0.9, 1.0), "dog", 9)


def test_a_face_comes_before_a_person_and_that_one_before_any_thing():
    small = face((0.4, 0.2, 0.5, 0.3))
    assert subject_of(PLAIN, (small,), (PERSON, DOG)).basis == SubjectBasis.SUBJECT_BASIS_FACE
    assert subject_of(PLAIN, (), (DOG, PERSON)).basis == SubjectBasis.SUBJECT_BASIS_PERSON
    assert subject_of(PLAIN, (), (DOG,)).basis == SubjectBasis.SUBJECT_BASIS_OBJECT
    assert subject_of(PLAIN, (), ()) is None


def test_the_largest_of_a_kind_is_the_subject():
    large, small = face((0.1, 0.1, 0.3, 0.4), face_id=4), face((0.6, 0.1, 0.7, 0.2), face_id=5)
    assert subject_of(PLAIN, (small, large), ()).face_id == 4
    people = (thing((0.0, 0.0, 0.1, 0.5), track_id=1), thing((0.3, 0.0, 0.7, 1.0), track_id=2))
    assert subject_of(PLAIN, (), people).track_id == 2


def test_of_a_face_the_middle_of_the_eyes_is_compared():
    subject = subject_of(PLAIN, (face((0.2, 0.1, 0.4, 0.6)),), ())
    assert subject.anchor == pytest.approx((0.3, 0.3))
    assert subject.box == (0.2, 0.1, 0.4, 0.6)


def test_of_a_person_the_upper_part_is_compared():
    assert subject_of(PLAIN, (), (thing((0.2, 0.1, 0.4, 0.7)),)).anchor == pytest.approx((0.3, 0.2))


def test_of_a_thing_its_centre_is_compared():
    assert subject_of(PLAIN, (), (thing((0.2, 0.1, 0.4, 0.7), "cup"),)).anchor == pytest.approx((0.3, 0.4))


def test_a_face_brings_its_own_body_and_track():
    own, other = thing((0.1, 0.0, 0.5, 1.0), track_id=3), thing((0.0, 0.0, 1.0, 1.0), track_id=4)
    subject = subject_of(PLAIN, (face((0.2, 0.1, 0.4, 0.4), track_id=3),), (other, own))
    assert (subject.track_id, subject.body) == (3, own.box)
    lonely = subject_of(PLAIN, (face((0.2, 0.1, 0.4, 0.4)),), (other,))
    assert (lonely.track_id, lonely.body) == (None, lonely.box)


def test_what_stands_out_is_the_subject_where_nothing_is_recognised():
    frame = np.full((360, 640, 3), 90, np.uint8)
    cv2.circle(frame, (160, 90), 30, (230, 30, 30), -1)
    subject = subject_of(frame, (), ())
    assert subject.basis == SubjectBasis.SUBJECT_BASIS_SALIENCY
    assert subject.anchor == pytest.approx((0.25, 0.25), abs=0.02)
    assert (subject.face_id, subject.track_id) == (None, None)
