from __future__ import annotations

from gateway.identity import Local, identities, renumbered
from reelscribe.v1.finding_pb2 import Box, Finding, Track, TrackedBox
from reelscribe.v1.people_pb2 import GazeSample, GazeTrack, Pose, PoseTrack, Subject
from services.common.time import duration, span

LEFT = Box(left=0.1, top=0.1, right=0.3, bottom=0.5)
RIGHT = Box(left=0.6, top=0.1, right=0.8, bottom=0.5)


def track(start: int, end: int, box: Box, number: int) -> Finding:
    boxes = [TrackedBox(offset=duration(at), box=box) for at in range(start, end)]
    return Finding(span=span(start, end), label="person", track=Track(track_id=number, boxes=boxes))


def pose(start: int, end: int, box: Box, number: int) -> Finding:
    poses = [Pose(offset=duration(at), box=box) for at in range(start, end)]
    subject = Subject(track_id=number)
    return Finding(span=span(start, end), label="pose_track", pose=PoseTrack(poses=poses), subject=subject)


def gaze(start: int, end: int, box: Box, face: int, thing: int) -> Finding:
    samples = [GazeSample(offset=duration(at), face=box) for at in range(start, end)]
    subject = Subject(track_id=thing, face_id=face)
    return Finding(span=span(start, end), label="gaze_track", gaze=GazeTrack(samples=samples), subject=subject)


def things(parts: list[tuple[float, list[Finding]]]) -> dict[tuple[float, int], int]:
    found = identities(parts)
    return {(local.own_start_s, local.number): number for local, number in found.items() if local.kind == "thing"}


def test_the_first_thing_seen_is_number_one() -> None:
    assert things([(0.0, [track(5, 9, LEFT, 1), track(2, 9, RIGHT, 7)])]) == {(0.0, 7): 1, (0.0, 1): 2}


def test_the_same_thing_keeps_its_number_in_the_next_part() -> None:
    parts = [(0.0, [track(0, 60, LEFT, 1), track(0, 60, RIGHT, 2)]), (60.0, [track(58, 90, RIGHT, 1)])]
    assert things(parts)[60.0, 1] == things(parts)[0.0, 2]


def test_another_thing_of_the_next_part_gets_a_number_of_its_own() -> None:
    parts = [(0.0, [track(0, 60, LEFT, 1)]), (60.0, [track(58, 90, RIGHT, 1), track(70, 80, LEFT, 2)])]
    assert sorted(things(parts).values()) == [1, 2, 3]


def test_an_analyzer_speaks_of_the_things_of_another() -> None:
    parts = [(0.0, [track(5, 9, LEFT, 4)]), (0.0, [pose(5, 9, LEFT, 4)])]
    numbers = identities(parts)
    assert renumbered(parts[0][1][0], 0.0, numbers).track.track_id == 1
    assert renumbered(parts[1][1][0], 0.0, numbers).subject.track_id == 1


def test_bodies_tell_a_thing_across_the_seam_without_the_detector() -> None:
    parts = [(0.0, [pose(0, 60, LEFT, 3)]), (60.0, [pose(58, 70, LEFT, 1)])]
    assert things(parts) == {(0.0, 3): 1, (60.0, 1): 1}


def test_faces_are_numbered_apart() -> None:
    parts = [(0.0, [gaze(0, 60, LEFT, 2, 9)]), (60.0, [gaze(58, 70, LEFT, 1, 5)])]
    numbers = identities(parts)
    assert numbers[Local(own_start_s=60.0, kind="face", number=1)] == 1
    copy = renumbered(parts[1][1][0], 60.0, numbers)
    assert copy.subject.face_id == 1
    assert parts[1][1][0].subject.track_id == 5


def test_two_things_in_one_place_are_not_taken_for_one() -> None:
    parts = [(0.0, [track(0, 60, LEFT, 1)]), (60.0, [track(58, 90, LEFT, 1), track(58, 90, LEFT, 2)])]
    assert sorted(things(parts).values()) == [1, 1, 2]
