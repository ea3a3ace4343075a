"""The face that MediaPipe's mesh was made after: its points in space, and how much each tells of the head's pose."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from services.common.errors import WeightsDamaged

MEMBER = "geometry_pipeline_metadata_landmarks.binarypb"
"""Its name inside face_landmarker.task: a protobuf message whose definition MediaPipe publishes."""

CANONICAL_MESH, LANDMARK_BASIS = 1, 2
"""Fields of GeometryPipelineMetadata."""

VERTEX_BUFFER = 3
"""Field of Mesh3d."""

LANDMARK_ID, WEIGHT = 1, 2
"""Fields of WeightedLandmarkRef."""

VALUES_PER_VERTEX = 5
"""x, y, z and a place in a texture."""

SKIN_POINT_COUNT = 468


@dataclass(frozen=True, slots=True, kw_only=True)
class CanonicalFace:
    """A face in centimetres that looks along +z: x to the picture's right as it looks at the viewer, y up."""

    points: npt.NDArray[np.float64]
    """(468, 3)."""
    weights: npt.NDArray[np.float64]
    """(468,) of each point in a fit of the head's pose: 0 for what moves with an expression."""


def read_canonical_face(path: Path) -> CanonicalFace:
    """From face_landmarker.task. Raises WeightsDamaged."""
    try:
        message = zipfile.ZipFile(path).read(MEMBER)
    except (zipfile.BadZipFile, KeyError) as problem:
        raise WeightsDamaged(f"{path} holds no {MEMBER}") from problem
    weights = np.zeros(SKIN_POINT_COUNT)
    vertices = b""
    for number, content in _fields(message):
        if number == CANONICAL_MESH:
            vertices = b"".join(each for field, each in _fields(content) if field == VERTEX_BUFFER)
        if number == LANDMARK_BASIS:
            reference = dict(_fields(content))
            row = _varint(reference.get(LANDMARK_ID, b"\0"), 0)[0]
            weights[row] = np.frombuffer(reference[WEIGHT], "<f4").item()
    values = np.frombuffer(vertices, "<f4").astype(np.float64)
    if values.size != SKIN_POINT_COUNT * VALUES_PER_VERTEX or np.count_nonzero(weights) < 3:
        raise WeightsDamaged(f"{path}: {MEMBER} is not a face of {SKIN_POINT_COUNT} points")
    return CanonicalFace(points=values.reshape(SKIN_POINT_COUNT, VALUES_PER_VERTEX)[:, :3], weights=weights)


def _fields(message: bytes) -> Iterator[tuple[int, bytes]]:
    """Number and content of each field of a protobuf message, in order; a varint as its own bytes."""
    at = 0
    while at < len(message):
        key, at = _varint(message, at)
        start = at
        match key & 7:
            case 0:
                _, at = _varint(message, at)
            case 1:
                at += 8
            case 2:
                length, start = _varint(message, at)
                at = start + length
            case 5:
                at += 4
            case kind:
                raise WeightsDamaged(f"{MEMBER} has a field of the unknown wire type {kind}")
        yield key >> 3, message[start:at]


def _varint(message: bytes, at: int) -> tuple[int, int]:
    """The number at a place, and the place after it."""
    value = shift = 0
    while True:
        if at >= len(message):
            raise WeightsDamaged(f"{MEMBER} ends in the middle of a number")
        byte = message[at]
        value |= (byte & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if byte < 0x80:
            return value, at
