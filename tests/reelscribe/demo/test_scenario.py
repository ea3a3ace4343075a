from __future__ import annotations

from itertools import pairwise

import pytest

from reelscribe.demo.scenario import DURATION_S, SHOTS, TITLE, Photo, Shot, phrases

CHOICES = [(shot, photo) for shot in SHOTS for photo in shot.photos]


def test_is_a_short_clip():
    assert 20 <= DURATION_S <= 30


def test_shots_follow_each_other_from_the_first_frame():
    assert SHOTS[0].start_frame == 0
    assert all(before.end_frame == after.start_frame for before, after in pairwise(SHOTS))


def test_captions_never_overlap():
    assert all(before.end_frame <= after.start_frame for before, after in pairwise(phrases()))


def test_captions_and_title_lie_within_one_shot():
    for shot in SHOTS:
        for phrase in shot.phrases:
            assert shot.start_frame <= phrase.start_frame < phrase.end_frame <= shot.end_frame
    assert SHOTS[0].start_frame <= TITLE.start_frame < TITLE.end_frame <= SHOTS[0].end_frame


def test_every_shot_has_a_photo_under_a_permissive_licence():
    assert all(any(photo.package == "skimage" for photo in shot.photos) for shot in SHOTS)


@pytest.mark.parametrize(("shot", "photo"), CHOICES, ids=[photo.path for _, photo in CHOICES])
def test_the_moves_name_is_what_the_camera_does(shot: Shot, photo: Photo):
    changes = {
        "zoom_in": photo.first.height - photo.last.height,
        "zoom_out": photo.last.height - photo.first.height,
        "pan_left": photo.first.centre_x - photo.last.centre_x,
        "pan_right": photo.last.centre_x - photo.first.centre_x,
        "tilt_up": photo.first.centre_y - photo.last.centre_y,
        "tilt_down": photo.last.centre_y - photo.first.centre_y,
    }
    assert [name for name, change in changes.items() if change > 0] == [shot.move]
