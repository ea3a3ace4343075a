from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence

import numpy as np
import pytest

from services.common.device import Device
from services.common.errors import InvalidSetting
from services.common.weights import InstalledWeights
from services.common.window import Part, Window
from services.vision.percepts.objects import NEED, Objects, ObjectsInWindow, ObjectsSettings
from services.vision.percepts.shot_changes import ChangeKind
from services.vision.percepts.shots import ShotChange, Shots, border_s
from services.vision.percepts.tracks import ObjectTrack, Tracks
from tests.services.vision.perceived import part_for
from tests.services.vision.scenes import photo, zoomed
from tests.windows import windows_of_frames

SIZE = (360, 640)


@pytest.fixture(scope="module")
def objects(yolo11n: InstalledWeights, device: Device) -> Objects:
    percept = Objects()
    percept.load(device)
    return percept


def cut(at_s: float) -> ShotChange:
    return ShotChange(
        kind=ChangeKind.HARD_CUT,
        frame_index=0,
        end_frame_index=1,
        start_s=at_s,
        end_s=at_s + 0.04,
        probability=0.9,
        frame_difference=50.0,
    )


def with_shots(windows: Iterator[Window], changes: Sequence[ShotChange]) -> Iterator[Window]:
    for window in windows:
        mine = tuple(change for change in changes if window.start_s <= change.start_s < window.end_s)
        contents = {NEED: window[NEED], Shots: mine}
        yield Window(index=window.index, start_s=window.start_s, end_s=window.end_s, contents=contents)


def followed(
    objects: Objects, frames: Sequence[np.ndarray], *changes: ShotChange, part: Part | None = None, start_s: float = 0.0
) -> list[tuple[ObjectTrack, ...]]:
    times = [start_s + index * 0.2 for index in range(len(frames))]
    windows = windows_of_frames(frames, times, start_s + len(frames) * 0.2, (NEED,))
    return tracked(objects, with_shots(windows, changes), part)


def tracked(objects: Objects, windows: Iterator[Window], part: Part | None = None) -> list[tuple[ObjectTrack, ...]]:
    seen = objects.perceive(part or part_for(objects), windows)
    tracks = Tracks()
    return list(tracks.perceive(part_for(tracks), (holding(number, value) for number, value in enumerate(seen))))


def holding(number: int, value: ObjectsInWindow) -> Window:
    return Window(index=number, start_s=number, end_s=number + 1.0, contents={Objects: value})


def flat(by_window: list[tuple[ObjectTrack, ...]]) -> list[ObjectTrack]:
    return [track for window in by_window for track in window]


def test_each_thing_of_a_pan_is_one_track(objects: Objects) -> None:
    """One of the four persons leaves the picture on the left, one comes in on the right."""
    street = photo("bus", 480, 640)
    found = flat(followed(objects, [street[:, 6 * step : 6 * step + 420] for step in range(10)]))
    assert sorted(track.class_name for track in found) == ["bus", "person", "person", "person", "person"]
    assert sorted(track.track_id for track in found) == [1, 2, 3, 4, 5]
    assert sum(len(track.sightings) == 10 for track in found) == 3


def test_a_track_says_where_and_how_surely_in_each_frame(objects: Objects) -> None:
    found = flat(followed(objects, [photo("bus", *SIZE)] * 5))
    bus = next(track for track in found if track.class_name == "bus")
    assert [round(sighting.pts_s, 6) for sighting in bus.sightings] == [0.0, 0.2, 0.4, 0.6, 0.8]
    assert bus.sightings[-1].end_s == pytest.approx(1.0)
    assert bus.score == pytest.approx(np.mean([sighting.score for sighting in bus.sightings]))
    left, top, right, bottom = bus.sightings[0].box
    assert 0 <= left < right <= 1
    assert 0 <= top < bottom <= 1


def test_no_track_crosses_a_cut_to_another_scene(objects: Objects) -> None:
    frames = [photo("bus", *SIZE)] * 7 + [photo("zidane", *SIZE)] * 7
    found = flat(followed(objects, frames, cut(1.3)))
    assert len(found) >= 5
    for track in found:
        first_s, end_s = track.sightings[0].pts_s, track.sightings[-1].end_s
        assert end_s <= 1.3 + 1e-9 or first_s >= 1.4 - 1e-9


def test_a_jump_cut_keeps_the_persons(objects: Objects) -> None:
    man = photo("zidane", 640, 360)
    found = flat(followed(objects, [man] * 5 + [zoomed(man, 0.93)] * 5, cut(0.9)))
    persons = [track for track in found if track.class_name == "person"]
    assert len(persons) == 2
    assert all(len(track.sightings) == 10 for track in persons)


def test_a_track_that_has_ended_is_told_before_the_end(objects: Objects) -> None:
    empty = np.full((640, 360, 3), 90, np.uint8)
    by_window = followed(objects, [photo("bus", *SIZE)] * 5 + [empty] * 30)
    assert len(by_window) == 7
    assert by_window[-1] == ()
    assert len(flat(by_window)) >= 4


def test_what_flickers_up_once_is_left_out_unless_the_detector_was_rather_sure(objects: Objects) -> None:
    empty = np.full((640, 360, 3), 90, np.uint8)
    found = flat(followed(objects, [empty] * 4 + [photo("bus", *SIZE)] + [empty] * 4))
    assert found
    assert all(track.score >= 0.5 for track in found)


def test_what_had_one_chance_to_be_seen_is_kept(objects: Objects) -> None:
    (seen,) = objects._detector.detect(photo("bus", *SIZE)[None], 0.25)
    assert len(flat(followed(objects, [photo("bus", *SIZE)]))) == len(seen)


def test_a_higher_threshold_reports_less(objects: Objects) -> None:
    part = dataclasses.replace(part_for(objects), settings=ObjectsSettings(confidence_threshold=0.85))
    found = flat(followed(objects, [photo("bus", *SIZE)] * 3, part=part))
    assert all(sighting.score >= 0.85 for track in found for sighting in track.sightings)
    assert len(found) < len(flat(followed(objects, [photo("bus", *SIZE)] * 3)))


def test_a_request_cannot_change_the_model(objects: Objects) -> None:
    objects.accept(ObjectsSettings(confidence_threshold=0.5))
    with pytest.raises(InvalidSetting, match="yolo11x"):
        objects.accept(ObjectsSettings(model="yolo11x"))


def test_a_part_that_starts_late_is_timed_from_there(objects: Objects) -> None:
    found = flat(followed(objects, [photo("bus", *SIZE)] * 2, start_s=60.0))
    assert {track.sightings[0].pts_s for track in found} == {60.0}


def test_two_parts_at_a_time_do_not_share_tracks(objects: Objects) -> None:
    frames = [photo("bus", *SIZE)] * 7
    times = [index * 0.2 for index in range(7)]
    runs = [
        objects.perceive(part_for(objects), with_shots(windows_of_frames(frames, times, 1.4, (NEED,)), ()))
        for _ in range(2)
    ]
    one, other = zip(*zip(*runs, strict=True), strict=True)
    assert one == other
    assert {seen.track_id for window in one for frame in window.frames for seen in frame.objects} >= {1, 2, 3}


def test_windows_without_frames_have_a_value_too(objects: Objects) -> None:
    from services.common.window import FrameBatch

    nothing = FrameBatch(rgb=np.empty((0, 1, 1, 3), np.uint8), pts_s=np.empty(0), index=np.empty(0, np.int64))
    windows = [
        Window(index=index, start_s=index, end_s=index + 1.0, contents={NEED: nothing, Shots: ()}) for index in range(3)
    ]
    assert tracked(objects, iter(windows)) == [(), (), ()]
    assert tracked(objects, iter([])) == []


def test_a_gradual_change_parts_the_shots_in_its_middle() -> None:
    dissolve = dataclasses.replace(cut(2.0), kind=ChangeKind.DISSOLVE, end_s=3.0)
    assert border_s(dissolve) == 2.5
    assert border_s(cut(2.0)) == 2.0
