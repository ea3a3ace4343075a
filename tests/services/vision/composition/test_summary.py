from __future__ import annotations

import pytest

from reelscribe.v1.picture_pb2 import SubjectBasis
from services.vision.composition.measures import FrameComposition
from services.vision.composition.subject import Subject
from services.vision.composition.summary import label_of, summed_up, whom

FACE, PERSON = SubjectBasis.SUBJECT_BASIS_FACE, SubjectBasis.SUBJECT_BASIS_PERSON


def frame(
    x: float = 0.5,
    *,
    basis: SubjectBasis = FACE,
    face_id: int | None = 1,
    track_id: int | None = 2,
    lead_room: float | None = None,
    headroom: float | None = None,
) -> FrameComposition:
    box = (x - 0.1, 0.4, x + 0.1, 0.6)
    subject = Subject(basis=basis, box=box, anchor=(x, 0.5), body=box, face_id=face_id, track_id=track_id)
    return FrameComposition(
        symmetry=x,
        subject=subject,
        thirds_distance=0.2,
        centre_distance=abs(x - 0.5),
        headroom=headroom,
        lead_room=lead_room,
    )


NOTHING = FrameComposition(symmetry=0.3)


def test_a_shot_is_told_by_medians():
    shape = summed_up([frame(0.45), frame(0.5), frame(0.9)])
    assert shape.anchor.x == pytest.approx(0.5)
    assert (shape.subject.left, shape.subject.right) == pytest.approx((0.4, 0.6))
    assert shape.symmetry == pytest.approx(0.5)
    assert (shape.basis, shape.frame_count, label_of(shape)) == (FACE, 3, "centred")


def test_two_people_in_turn_are_not_told_as_one_between_them():
    """The largest face is now the left one's, now the right one's: the one seen more often is the subject."""
    left, right = frame(0.2, face_id=1), frame(0.8, face_id=2)
    shape = summed_up([left, right, left, right, left])
    assert shape.anchor.x == pytest.approx(0.2)
    assert whom([left, right, left, right, left]).face_id == 1


def test_what_most_frames_show_is_the_basis():
    person = frame(0.8, basis=PERSON, face_id=None)
    assert summed_up([frame(0.2), person, person]).basis == PERSON
    assert label_of(summed_up([NOTHING, NOTHING, frame()])) == "no_subject"
    assert whom([NOTHING, NOTHING, frame()]) is None


def test_symmetry_and_count_are_those_of_all_frames():
    shape = summed_up([NOTHING, frame(0.5), frame(0.6)])
    assert shape.symmetry == pytest.approx(0.5)
    assert shape.frame_count == 3


def test_a_face_must_be_turned_most_of_the_time_to_have_a_lead_room():
    turned, straight = frame(lead_room=0.4), frame()
    assert summed_up([turned, turned, straight]).lead_room == pytest.approx(0.4)
    assert not summed_up([turned, straight, straight]).HasField("lead_room")
    assert not summed_up([turned, straight]).HasField("lead_room")


def test_what_was_never_measured_is_unset():
    shape = summed_up([frame()])
    assert not shape.HasField("headroom")
    assert not shape.HasField("subject_focus")
    assert summed_up([frame(headroom=0.0)]).HasField("headroom")


def test_numbers_are_told_where_there_are_any():
    assert whom([frame(face_id=3, track_id=None)]).face_id == 3
    assert not whom([frame(face_id=3, track_id=None)]).HasField("track_id")
    assert whom([frame(basis=PERSON, face_id=None, track_id=5)]).track_id == 5
    assert whom([frame(basis=SubjectBasis.SUBJECT_BASIS_SALIENCY, face_id=None, track_id=None)]) is None
