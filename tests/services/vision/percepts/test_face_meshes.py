from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from services.common.analyzer import Percept
from services.common.device import Device
from services.common.errors import WeightsNotInstalled
from services.vision.percepts.face_meshes import LEAST_HEIGHT_PX, NEED, FaceMeshes, MeshesInFrame, eyes_apart
from services.vision.percepts.faces import Face, Faces
from services.vision.percepts.shots import ShotChange
from tests.services.vision.face_clips import Clip, clip_of, shrunk, windows_of
from tests.services.vision.handed import change, handed, without_frames
from tests.services.vision.perceived import part_for


@pytest.fixture(scope="module")
def percepts(device: Device) -> list[Percept]:
    percepts: list[Percept] = [Faces(), FaceMeshes()]
    try:
        for percept in percepts:
            percept.load(device)
    except WeightsNotInstalled as error:
        pytest.skip(f"{error}: {error.fix}")
    return percepts


@pytest.fixture(scope="module")
def speaker(media_dir: Path) -> Clip:
    return clip_of(media_dir / "video" / "grid_brbk7n.mpg", 0.0, 1.2)


def meshed(clip: Clip, percepts: list[Percept], *changes: ShotChange) -> list[MeshesInFrame]:
    return [frame for window in windows_of(clip, percepts, changes) for frame in window[FaceMeshes]]


def test_a_face_has_a_mesh_in_each_of_fifteen_frames_a_second(percepts: list[Percept], speaker: Clip) -> None:
    frames = meshed(speaker, percepts)
    assert len(frames) == 18
    assert [len(frame.meshes) for frame in frames] == [1] * 18
    assert {mesh.face_id for frame in frames for mesh in frame.meshes} == {1}
    for frame, after in pairwise(frames):
        assert frame.end_s == pytest.approx(after.pts_s)


def test_the_points_are_shares_of_the_frame_and_lie_in_their_box(percepts: list[Percept], speaker: Clip) -> None:
    (mesh,) = meshed(speaker, percepts)[0].meshes
    assert mesh.points.shape == (478, 3)
    assert mesh.blendshapes.shape == (52,)
    left, top, right, bottom = mesh.box
    assert 0.3 < left < right < 0.7
    assert 0.2 < top < bottom < 0.9
    np.testing.assert_allclose(mesh.points[:, :2].min(axis=0), (left, top), atol=1e-6)
    assert mesh.points[473, 0] > mesh.points[468, 0]  # the person's left eye is on the picture's right


def test_the_mesh_follows_a_face_that_moves_between_detections(percepts: list[Percept], speaker: Clip) -> None:
    picture, count = speaker[0][0], 10
    panned = [np.roll(picture, 5 * row, 1) for row in range(count)], [row / 15 for row in range(count)]
    frames = meshed(panned, percepts)
    noses = [frame.meshes[0].points[4, 0] * picture.shape[1] for frame in frames]
    np.testing.assert_allclose(np.diff(noses), 5.0, atol=1.5)


def test_no_mesh_crosses_a_cut(percepts: list[Percept], speaker: Clip) -> None:
    wall = np.full_like(speaker[0][0], 110)
    times = [row / 15 for row in range(20)]
    frames = meshed(([speaker[0][0]] * 10 + [wall] * 10, times), percepts, change(times[10]))
    assert [len(frame.meshes) for frame in frames] == [1] * 10 + [0] * 10
    assert [frame.shot for frame in frames] == [0] * 10 + [1] * 10
    assert frames[9].end_s == pytest.approx(times[10])


def test_a_face_that_is_covered_loses_its_mesh_at_once(percepts: list[Percept], speaker: Clip) -> None:
    noise = np.random.default_rng(0).integers(0, 255, speaker[0][0].shape, np.uint8)
    frames = meshed(([speaker[0][0]] * 8 + [noise] * 4, [row / 15 for row in range(12)]), percepts)
    assert [len(frame.meshes) for frame in frames] == [1] * 8 + [0] * 4


def test_a_face_too_small_is_said_to_be_so(percepts: list[Percept], speaker: Clip) -> None:
    small = shrunk((speaker[0][:4], speaker[1][:4]), 0.3)
    frames = meshed(small, percepts)
    assert [frame.meshes for frame in frames] == [()] * len(frames)
    assert {face_id for frame in frames for face_id in frame.too_small} == {1}


def test_a_window_without_frames_is_empty(percepts: list[Percept]) -> None:
    from services.vision.percepts.shots import Shots

    meshes = percepts[1]
    window = handed(iter([without_frames(NEED)]), {Shots: lambda window: (), Faces: lambda window: ()})
    assert list(meshes.perceive(part_for(meshes), window)) == [()]


def test_an_eye_that_hangs_in_the_air_is_told_from_one_in_the_face() -> None:
    """In a profile the mesh puts the far eye beyond the nose; the detector puts it on the nose."""
    points = np.zeros((478, 3))
    points[[33, 133], :2] = [[40, 50], [50, 50]]
    points[[362, 263], :2] = [[70, 50], [80, 50]]
    landmarks = np.array([[0.45, 0.5], [0.75, 0.5], [0.6, 0.6], [0.5, 0.8], [0.7, 0.8]], np.float32)
    face = Face(face_id=1, track_id=None, box=(0.3, 0.2, 0.9, 1.0), score=0.9, landmarks=landmarks)
    assert eyes_apart(points, face, (100, 100)) == pytest.approx(0.0, abs=1e-6)
    points[[362, 263], 0] += 16
    assert eyes_apart(points, face, (100, 100)) == pytest.approx(0.2)


def test_the_least_height_is_what_the_docs_say() -> None:
    from services.vision.analyzers.eye_tracking import EyeTracking

    assert f"{LEAST_HEIGHT_PX} px" in (EyeTracking.__doc__ or "")
