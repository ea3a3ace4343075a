from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from services.common.analyzer import Percept
from services.common.device import Device
from services.common.errors import InvalidSetting
from services.common.weights import InstalledWeights
from services.common.window import Window
from services.vision.percepts.objects import NEED, Edges, Objects, ObjectsInFrame, ObjectsInWindow, SeenObject
from services.vision.percepts.person_crops import Crop, crop_around
from services.vision.percepts.persons import Persons, PersonsInFrame, PersonsSettings, matched, overlap
from services.vision.percepts.pose_network import Poses
from tests.services.vision.perceived import all_needs, loaded, part_for, perceived
from tests.services.vision.pose_weights import alone, pose_weights
from tests.services.vision.scenes import photo
from tests.windows import windows_of_file, windows_of_frames


@pytest.fixture(scope="module")
def persons(device: Device) -> Persons:
    pose_weights()
    percept = Persons()
    percept.load(device)
    return percept


def seen(track_id: int, box: Edges, name: str = "person") -> SeenObject:
    return SeenObject(track_id=track_id, class_name=name, box=box, score=0.9)


def filled(windows: Iterator[Window], objects: list[tuple[SeenObject, ...]]) -> Iterator[Window]:
    """Windows in whose k-th frame the objects of objects[k] are seen."""
    at = 0
    for window in windows:
        batch = window[NEED]
        frames = []
        for pts_s in batch.pts_s:
            frames.append(ObjectsInFrame(pts_s=pts_s, end_s=pts_s + 0.2, shot=0, objects=objects[at]))
            at += 1
        contents = {NEED: batch, Objects: ObjectsInWindow(frames=tuple(frames), over=())}
        yield Window(index=window.index, start_s=window.start_s, end_s=window.end_s, contents=contents)


def bodies(persons: Persons, frames: list[np.ndarray], objects: list[tuple[SeenObject, ...]]) -> list[PersonsInFrame]:
    times_s = [10.0 + k / 5 for k in range(len(frames))]
    windows = windows_of_frames(frames, times_s, times_s[-1] + 0.2, (NEED,))
    values = list(persons.perceive(part_for(persons), filled(windows, objects)))
    return [frame for value in values for frame in value]


def whole_crop(width_px: int, height_px: int) -> Crop:
    return crop_around(np.zeros((height_px, width_px, 3), np.uint8), [(0.0, 0.0, 1.0, 1.0)])


def poses_in(crop: Crop, *boxes: Edges) -> Poses:
    pixels = np.array(boxes).reshape(-1, 2, 2) * crop.frame_px + crop.origin
    keypoints = np.repeat(pixels.mean(axis=1)[:, None], 17, axis=1)
    return Poses(
        boxes=pixels.reshape(-1, 4),
        scores=np.linspace(0.9, 0.5, len(boxes)),
        keypoints=np.concatenate([keypoints, np.ones((len(boxes), 17, 1))], axis=2),
    )


LEFT, RIGHT, MIDDLE = (0.1, 0.2, 0.4, 0.9), (0.6, 0.2, 0.8, 0.7), (0.35, 0.2, 0.65, 0.9)


def test_each_person_gets_his_own_pose() -> None:
    """Old bug: 33 "people" for one woman."""
    crop = whole_crop(320, 320)
    found = matched([seen(4, RIGHT), seen(9, LEFT)], crop, poses_in(crop, LEFT, MIDDLE, RIGHT))
    assert [(person.track_id, person.box) for person in found] == [(9, LEFT), (4, RIGHT)]
    assert found[0].score == pytest.approx(0.9)
    np.testing.assert_allclose(found[0].keypoints[:, :2], [[0.25, 0.55]] * 17, atol=1e-5)


def test_no_pose_is_given_twice() -> None:
    crop = whole_crop(320, 320)
    nearly = (0.12, 0.2, 0.4, 0.9)
    found = matched([seen(1, nearly), seen(2, LEFT)], crop, poses_in(crop, LEFT))
    assert [person.track_id for person in found] == [2]


def test_a_pose_elsewhere_is_nobodys() -> None:
    crop = whole_crop(320, 320)
    assert matched([seen(1, LEFT)], crop, poses_in(crop, RIGHT)) == ()
    assert matched([seen(1, LEFT)], crop, poses_in(crop)) == ()


def test_overlap_is_intersection_over_union() -> None:
    box = np.array([[0.0, 0.0, 2.0, 1.0]])
    others = np.array([[0.0, 0.0, 2.0, 1.0], [1.0, 0.0, 3.0, 1.0], [5.0, 5.0, 6.0, 6.0]])
    np.testing.assert_allclose(overlap(box, others), [[1.0, 1 / 3, 0.0]])
    assert overlap(box, np.empty((0, 4))).shape == (1, 0)
    np.testing.assert_array_equal(overlap(np.zeros((1, 4)), np.zeros((1, 4))), [[0.0]])


def test_frames_without_persons_cost_nothing_and_have_a_value(persons: Persons) -> None:
    frame = photo("zidane", 640, 360)
    a_tie = seen(7, (0.3, 0.5, 0.4, 0.9), "tie")
    empty, full = bodies(persons, [frame, frame], [(a_tie,), (seen(5, (0.58, 0.06, 0.9, 1.0)), a_tie)])
    assert (empty.pts_s, empty.end_s, empty.persons) == (10.0, 10.2, ())
    assert [person.track_id for person in full.persons] == [5]


def test_windows_without_frames_have_an_empty_value(persons: Persons) -> None:
    batch = next(windows_of_frames([np.zeros((36, 64, 3), np.uint8)], [0.0], 1.0, (NEED,)))
    for window in filled(iter([batch]), [()]):
        (value,) = persons.perceive(part_for(persons), iter([window]))
        assert value[0].persons == ()
    assert list(persons.perceive(part_for(persons), iter([]))) == []


@pytest.mark.parametrize(("name", "size", "count"), [("zidane", (640, 360), 2), ("bus", (480, 640), 3)])
def test_joints_lie_where_the_whole_frame_has_them(
    persons: Persons, name: str, size: tuple[int, int], count: int
) -> None:
    frame = photo(name, *size)
    keypoints, boxes = alone(frame)
    objects = tuple(seen(k, tuple(box)) for k, box in enumerate(boxes[:count] / [*size, *size]))
    (found,) = bodies(persons, [frame], [objects])
    assert len(found.persons) == count
    for person in found.persons:
        theirs, box = keypoints[person.track_id], boxes[person.track_id]
        sure = (theirs[:, 2] > 0.5) & (person.keypoints[:, 2] > 0.5)
        assert sure.sum() >= 5
        off_px = np.hypot(*(person.keypoints[sure, :2] * size - theirs[sure, :2]).T)
        assert np.median(off_px) < 0.02 * max(box[2:] - box[:2])


def test_numbers_are_those_of_the_objects(
    yolo11n: InstalledWeights, persons: Persons, device: Device, media_dir: Path
) -> None:
    class Needs:
        needs = all_needs(Persons)

    below: list[Percept] = loaded([Objects], device)
    clip = media_dir / "video" / "intel_asl_thanks.mkv"
    windows = perceived(windows_of_file(clip, Needs), [*below, persons], part_for(persons))  # type: ignore[arg-type]
    pairs = [(window[Objects].frames, window[Persons]) for window in windows]
    assert all(len(frames) == len(value) for frames, value in pairs)
    for frames, value in pairs:
        for objects, found in zip(frames, value, strict=True):
            assert (found.pts_s, found.end_s, found.shot) == (objects.pts_s, objects.end_s, objects.shot)
            assert {person.track_id for person in found.persons} == {each.track_id for each in objects.persons}
            for person in found.persons:
                assert person.keypoints.shape == (17, 3)
                assert person.keypoints.dtype == np.float32


def test_a_request_cannot_change_the_network(persons: Persons) -> None:
    with pytest.raises(InvalidSetting, match="yolo11n-pose"):
        persons.accept(PersonsSettings(model="yolo11x-pose"))
    persons.accept(PersonsSettings())
