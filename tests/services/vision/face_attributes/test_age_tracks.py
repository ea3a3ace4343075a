"""Each face's estimates are summed up once, by its number, when it will not come back."""

from __future__ import annotations

import numpy as np
import pytest

from services.vision.face_attributes.age_tracks import AgeSample, AgeTracks
from tests.services.vision.face_attributes.made_faces import face, mean_face_px, searched

LANDMARKS = mean_face_px((100.0, 100.0), 40.0)


def sample(pts_s: float, years: float, female: float = 0.5) -> AgeSample:
    return AgeSample(pts_s=pts_s, end_s=pts_s + 0.2, years=years, genders=np.array([female, 1 - female]))


def test_median_and_percentiles_are_exact() -> None:
    tracks = AgeTracks()
    tracks.see([searched(0.0, face(1, LANDMARKS))])
    for years in (30.0, 50.0, 20.0, 40.0, 60.0, 25.0, 35.0, 45.0, 55.0, 21.0, 59.0):
        tracks.add(1, sample(0.0, years, female=years / 100))
    (track,) = tracks.take_all()
    assert track.years == pytest.approx((21.0, 40.0, 59.0))  # second, middle and last but one of eleven
    assert track.genders == pytest.approx([0.4, 0.6])


def test_faces_keep_their_own_estimates_whatever_their_order() -> None:
    """Old bug: estimates were matched to faces by index."""
    tracks = AgeTracks()
    for k in range(4):
        both = [face(1, LANDMARKS, track_id=7), face(2, LANDMARKS, track_id=8)]
        tracks.see([searched(k * 0.2, *both[:: (-1) ** k])])
        tracks.add(2, sample(k * 0.2, 60.0))
        tracks.add(1, sample(k * 0.2, 20.0))
    found = {track.face_id: (track.years[1], track.track_id) for track in tracks.take_all()}
    assert found == {1: (20.0, 7), 2: (60.0, 8)}


def test_a_face_waits_while_it_may_come_back() -> None:
    """Old bug: 17 identities for one person."""
    tracks = AgeTracks()
    tracks.see([searched(0.0, face(1, LANDMARKS, track_id=3))])
    tracks.add(1, sample(0.0, 30.0))
    assert list(tracks.take_gone(4.0, [3])) == []  # the face itself may be recognised for five seconds
    assert [track.face_id for track in tracks.take_gone(5.5, [])] == [1]
    assert list(tracks.take_all()) == []


def test_a_face_waits_while_its_person_is_followed() -> None:
    tracks = AgeTracks()
    tracks.see([searched(0.0, face(1, LANDMARKS, track_id=3))])
    tracks.add(1, sample(0.0, 30.0))
    assert list(tracks.take_gone(30.0, [])) == []
    tracks.see([searched(30.0, face(1, LANDMARKS, track_id=3))])
    tracks.add(1, sample(30.0, 32.0))
    (track,) = tracks.take_gone(36.0, [3])
    assert [each.years for each in track.samples] == [30.0, 32.0]


def test_a_face_never_sampled_is_not_told() -> None:
    tracks = AgeTracks()
    tracks.see([searched(0.0, face(1, LANDMARKS))])
    assert list(tracks.take_all()) == []


def test_the_person_is_the_one_that_held_the_face_most_often() -> None:
    tracks = AgeTracks()
    owners = (None, 4, 4, 9)
    tracks.see([searched(k * 0.2, face(1, LANDMARKS, track_id=owner)) for k, owner in enumerate(owners)])
    tracks.add(1, sample(0.0, 30.0))
    (track,) = tracks.take_all()
    assert track.track_id == 4
