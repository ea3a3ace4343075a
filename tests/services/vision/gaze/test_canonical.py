from __future__ import annotations

import zipfile
from pathlib import Path

import numpy as np
import pytest

from services.common.errors import WeightsDamaged
from services.vision.gaze.canonical import MEMBER, read_canonical_face
from tests.services.vision.gaze.faces import canonical


def test_the_face_is_as_wide_as_a_face_and_the_same_on_both_sides() -> None:
    face = canonical()
    assert face.points.shape == (468, 3)
    assert 13 < np.ptp(face.points[:, 0]) < 17
    np.testing.assert_allclose(face.points[33] * [-1, 1, 1], face.points[263], atol=0.01)
    assert face.points[4, 2] == pytest.approx(face.points[:, 2].max(), abs=0.2)


def test_some_points_count_for_the_pose_and_most_do_not() -> None:
    face = canonical()
    assert np.count_nonzero(face.weights) == 33
    assert face.weights.min() == 0


@pytest.mark.parametrize("content", [b"", b"\x0a\xff\xff", b"\x0b"])
def test_a_file_with_something_else_in_it_is_damaged(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "face.task"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(MEMBER, content)
    with pytest.raises(WeightsDamaged):
        read_canonical_face(path)


def test_a_file_that_is_no_archive_is_damaged(tmp_path: Path) -> None:
    path = tmp_path / "face.task"
    path.write_bytes(b"nothing")
    with pytest.raises(WeightsDamaged):
        read_canonical_face(path)
