"""MediaPipe's face networks through LiteRT: the mesh of 478 points in a crop, and what muscles do to it."""

from __future__ import annotations

import math
import zipfile
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from services.common.device import Device
from services.common.errors import WeightsDamaged
from services.common.litert import LiteRtNetwork
from services.common.weights import InstalledWeights
from services.vision.percepts.face_blendshapes import BLENDSHAPE_NAMES, BLENDSHAPE_POINTS

MESH_MEMBER, BLENDSHAPES_MEMBER = "face_landmarks_detector.tflite", "face_blendshapes.tflite"
"""The networks' names inside the weights file, which is a zip of several."""

SIDE_PX = 256
"""Of the square that the network looks at."""

POINT_COUNT = 478
"""468 of the skin, then 5 of the right iris and 5 of the left one."""

Points = npt.NDArray[np.float64]
"""(478, 3): x and y in pixels of the frame; z likewise, smaller nearer to the camera, 0 about the head's middle."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Crop:
    """A turned square of a frame, in pixels."""

    centre: tuple[float, float]
    side: float
    roll: float
    """Radians, clockwise in the picture, by which the face in it is turned."""

    @property
    def to_frame(self) -> npt.NDArray[np.float64]:
        """(2, 3): takes a pixel of the network's square to one of the frame; both have whole numbers at centres."""
        scale = self.side / SIDE_PX
        turn = scale * np.array([[np.cos(self.roll), -np.sin(self.roll)], [np.sin(self.roll), np.cos(self.roll)]])
        offset = np.array(self.centre) - 0.5 - turn @ np.full(2, SIDE_PX / 2 - 0.5)
        return np.column_stack([turn, offset])


class FaceNetwork:
    """Two networks of one file: where the points are, and what they say of the muscles."""

    def __init__(self, weights: InstalledWeights, device: Device) -> None:
        """Raises LibraryNotInstalled or WeightsDamaged."""
        self._mesh, self._blendshapes = (
            LiteRtNetwork(weights, device, extra="vision", precision="float32", content=_member(weights, member))
            for member in (MESH_MEMBER, BLENDSHAPES_MEMBER)
        )
        sizes = []
        for network in (self._mesh, self._blendshapes):
            sizes += [math.prod(network.input_shape), math.prod(network.output_shapes[0])]
        if sizes != [SIDE_PX * SIDE_PX * 3, POINT_COUNT * 3, len(BLENDSHAPE_POINTS) * 2, len(BLENDSHAPE_NAMES)]:
            raise WeightsDamaged(f"{weights.path} holds other networks than the mesh of {POINT_COUNT} points")
        self.model = self._mesh.model

    def mesh(self, frame: npt.NDArray[np.uint8], crop: Crop) -> tuple[Points, float]:
        """Points and presence [0, 1] of the one face in a crop of an RGB frame (height, width, 3)."""
        import cv2

        patch = cv2.warpAffine(
            frame,
            crop.to_frame,
            (SIDE_PX, SIDE_PX),
            flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
            borderMode=cv2.BORDER_REPLICATE,
        )
        points, logit = self._mesh(patch[None].astype(np.float32) / np.float32(255))[:2]
        raw = points.reshape(POINT_COUNT, 3).astype(np.float64)
        return _in_frame(raw, crop), float(1 / (1 + np.exp(-logit.astype(np.float64).item())))

    def blendshapes(self, points: Points) -> npt.NDArray[np.float32]:
        """(52,) scores in [0, 1] in the order of BLENDSHAPE_NAMES; where and how large the face is makes no odds."""
        return self._blendshapes(points[None, BLENDSHAPE_POINTS, :2].astype(np.float32))[0]


def _in_frame(raw: Points, crop: Crop) -> Points:
    matrix = crop.to_frame
    flat = (raw[:, :2] - 0.5) @ matrix[:, :2].T + matrix[:, 2] + 0.5
    return np.column_stack([flat, raw[:, 2] * crop.side / SIDE_PX])


def _member(weights: InstalledWeights, member: str) -> bytes:
    try:
        return zipfile.ZipFile(weights.path).read(member)
    except (zipfile.BadZipFile, KeyError) as problem:
        raise WeightsDamaged(f"{weights.path} holds no {member}") from problem
