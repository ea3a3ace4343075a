from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest

from services.common.device import Device
from services.common.errors import InvalidSetting, WeightsNotInstalled
from services.vision.percepts.face_policy import FacesSettings
from services.vision.percepts.faces import Face, Faces, FacesInFrame, owners_of
from services.vision.percepts.objects import NEED, Objects, SeenObject
from services.vision.percepts.shots import ShotChange
from tests.services.vision.face_clips import Clip, objects_in, windows_of
from tests.services.vision.handed import change, handed, without_frames
from tests.services.vision.perceived import part_for
from tests.services.vision.scenes import photo
from tests.windows import windows_of_frames

RATE_HZ = 5.0
MEN = (640, 360)


@pytest.fixture(scope="module")
def percept(device: Device) -> Faces:
    faces = Faces()
    try:
        faces.load(device)
    except WeightsNotInstalled as error:
        pytest.skip(f"{error}: {error.fix}")
    return faces


def seen(
    percept: Faces, frames: list[np.ndarray], *changes: ShotChange, person: SeenObject | None = None
) -> list[FacesInFrame]:
    clip: Clip = frames, [row / RATE_HZ for row in range(len(frames))]
    return [frame for window in windows_of(clip, [percept], changes, person) for frame in window[Faces]]


def ids(frames: list[FacesInFrame]) -> set[int]:
    return {face.face_id for frame in frames for face in frame.faces}


def person_at(left: float, top: float, right: float, bottom: float, track_id: int = 7) -> SeenObject:
    return SeenObject(track_id=track_id, class_name="person", box=(left, top, right, bottom), score=0.9)


def test_old_bug_one_face_one_number_however_long_it_is_seen(percept: Faces) -> None:
    """The replaced system reported 17 identities for one person."""
    men = photo("zidane", *MEN)
    found = seen(percept, [np.roll(men, (2 * row, -3 * row), (0, 1)) for row in range(24)])
    assert len(found) == 24
    assert ids(found) == {1, 2}
    assert all(len(frame.faces) == 2 for frame in found)


def test_the_largest_face_comes_first_and_frames_keep_their_times(percept: Faces) -> None:
    found = seen(percept, [photo("zidane", *MEN)] * 6)
    assert [round(frame.pts_s, 6) for frame in found] == [0.0, 0.2, 0.4, 0.6, 0.8, 1.0]
    for frame in found:
        heights = [face.box[3] - face.box[1] for face in frame.faces]
        assert heights == sorted(heights, reverse=True)


def test_a_face_that_is_hidden_for_a_second_keeps_its_number(percept: Faces) -> None:
    men, wall = photo("zidane", *MEN), np.full((360, 640, 3), 110, np.uint8)
    assert ids(seen(percept, [men] * 3 + [wall] * 5 + [men] * 3)) == {1, 2}


def test_a_face_that_was_away_for_longer_is_a_new_one_unless_its_person_was_there_all_along(percept: Faces) -> None:
    men, wall = photo("zidane", *MEN), np.full((360, 640, 3), 110, np.uint8)
    frames = [men] * 3 + [wall] * 15 + [men] * 3
    assert len(ids(seen(percept, frames))) == 4
    only_right = person_at(0.5, 0.0, 1.0, 1.0)
    found = seen(percept, frames, person=only_right)
    owned = {face.face_id for frame in found for face in frame.faces if face.track_id == 7}
    assert len(owned) == 1


def test_faces_of_another_scene_are_other_faces(percept: Faces) -> None:
    import skimage.data

    astronaut = np.ascontiguousarray(skimage.data.astronaut()[:288])
    astronaut = np.pad(astronaut, ((36, 36), (64, 64), (0, 0)))
    found = seen(percept, [photo("zidane", *MEN)] * 4 + [astronaut] * 4, change(0.75))
    assert [frame.shot for frame in found] == [0] * 4 + [1] * 4
    assert ids(found[:4]) == {1, 2}
    assert ids(found[4:]) == {3}


def test_a_jump_cut_keeps_the_faces(percept: Faces) -> None:
    men = photo("zidane", *MEN)
    assert ids(seen(percept, [men] * 4 + [np.roll(men, 4, 1)] * 4, change(0.75))) == {1, 2}


def test_nobody_means_no_face(percept: Faces) -> None:
    found = seen(percept, [np.random.default_rng(0).integers(0, 255, (270, 480, 3), np.uint8)] * 3)
    assert [frame.faces for frame in found] == [(), (), ()]


def test_a_galaxy_is_no_face_where_nobody_is(percept: Faces) -> None:
    sky = pytest.importorskip("skimage.data").hubble_deep_field()
    galaxies = np.ascontiguousarray(cv2.resize(sky, (900, 785), interpolation=cv2.INTER_AREA)[40:680, 120:480])
    assert percept._detector.detect(galaxies, 0.7).scores.max() > 0.7
    assert ids(seen(percept, [galaxies] * 3)) == set()
    assert ids(seen(percept, [galaxies] * 3, person=person_at(0.6, 0.45, 0.9, 1.0))) == {1}


def test_a_window_without_frames_is_empty(percept: Faces) -> None:
    window = without_frames(NEED)
    values = percept.perceive(part_for(percept), handed(iter([window]), {Objects: objects_in}))
    assert list(values) == [()]


def test_switched_off_it_does_not_look(percept: Faces) -> None:
    part = replace(part_for(percept), settings=FacesSettings(use="off"))
    windows = windows_of_frames([photo("zidane", *MEN)] * 2, [0.0, 0.2], 0.4, (NEED,))
    (value,) = percept.perceive(part, handed(windows, {Objects: objects_in}))
    assert [frame.faces for frame in value] == [(), ()]


def test_a_request_cannot_ask_for_more_than_the_service_allows() -> None:
    with pytest.raises(InvalidSetting):
        Faces(FacesSettings(use="off")).accept(FacesSettings(use="geometry"))


FACE = np.array([[0.4, 0.2, 0.5, 0.35]])


def test_a_face_belongs_to_the_person_whose_box_holds_it() -> None:
    assert owners_of(FACE, [person_at(0.3, 0.15, 0.6, 0.9)], [None], {}) == [7]
    assert owners_of(FACE, [person_at(0.6, 0.15, 0.9, 0.9)], [None], {}) == [None]
    assert owners_of(FACE, [], [None], {}) == [None]


def test_someone_in_front_whose_box_begins_lower_does_not_own_the_face_behind() -> None:
    behind, in_front = person_at(0.3, 0.15, 0.6, 0.9, 1), person_at(0.3, -0.4, 0.6, 0.9, 2)
    assert owners_of(FACE, [in_front, behind], [None], {}) == [1]


def test_one_person_has_one_face() -> None:
    two = np.array([[0.4, 0.2, 0.5, 0.35], [0.48, 0.2, 0.58, 0.35]])
    owners = owners_of(two, [person_at(0.3, 0.15, 0.7, 0.9, 1)], [None, None], {})
    assert sorted(owner is None for owner in owners) == [False, True]


def test_of_two_that_fit_the_owner_until_now_stays() -> None:
    one, other = person_at(0.3, 0.18, 0.6, 0.9, 1), person_at(0.32, 0.16, 0.6, 0.9, 2)
    assert owners_of(FACE, [one, other], [5], {2: 5}) == [2]
    assert owners_of(FACE, [one, other], [5], {}) == [1]


def test_a_face_says_where_it_is(percept: Faces) -> None:
    face: Face = seen(percept, [photo("zidane", *MEN)])[0].faces[0]
    assert face.landmarks.shape == (5, 2)
    assert face.landmarks.dtype == np.float32
    assert 0.6 <= face.score <= 1
    assert face.track_id is None
