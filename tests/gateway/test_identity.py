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


def turn(start_s: float, end_s: float, speaker: int) -> Finding:
    return Finding(span=span(start_s, end_s), label="speaker_turn", subject=Subject(speaker_id=speaker))


def voices(parts: list[tuple[float, list[Finding]]]) -> dict[tuple[float, int], int]:
    return {(local.own_start_s, local.number): number for local, number in identities(parts).items()}


def test_who_speaks_over_the_seam_keeps_the_number() -> None:
    """The second speaker goes on, as the first voice of the part after; the first comes back without a proof."""
    first = [turn(0.0, 30.0, 1), turn(40.0, 60.0, 2)]
    second = [turn(58.2, 70.0, 1), turn(75.0, 80.0, 2)]
    assert voices([(0.0, first), (60.0, second)]) == {(0.0, 1): 1, (0.0, 2): 2, (60.0, 1): 2, (60.0, 2): 3}
    assert renumbered(second[0], 60.0, identities([(0.0, first), (60.0, second)])).subject.speaker_id == 2


def test_two_voices_of_the_lead_in_are_told_by_when_they_speak() -> None:
    first = [turn(50.0, 59.0, 1), turn(59.1, 60.0, 2)]
    second = [turn(58.0, 58.9, 1), turn(59.2, 62.0, 2), turn(63.0, 64.0, 1)]
    assert voices([(0.0, first), (60.0, second)]) == {(0.0, 1): 1, (0.0, 2): 2, (60.0, 1): 1, (60.0, 2): 2}


def test_voices_are_numbered_apart_from_faces() -> None:
    found = identities([(0.0, [gaze(0, 9, LEFT, 1, 1), turn(3.0, 4.0, 1)])])
    assert found[Local(own_start_s=0.0, kind="voice", number=1)] == 1
    assert found[Local(own_start_s=0.0, kind="face", number=1)] == 1
