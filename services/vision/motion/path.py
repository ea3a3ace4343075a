"""The camera's path through a shot, put together from its steps; its smooth course, and how it shakes around it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from services.vision.percepts.motion import FrameMotion

Series = npt.NDArray[np.float64]

PAN, TILT, ZOOM, ROLL = range(4)
"""Columns of a path. All count, in frame widths or heights, how far the move carries the middle of an edge, so that one
threshold serves all: a zoom or turn carries an edge by half its logarithm or angle."""

EDGE = 0.5
"""Frame sizes from the centre to an edge."""

SMOOTH_S = 0.25
"""Standard deviation of the weights that make the course: of a shake of 2 Hz, 1 % is left in it."""

BRIDGED_S = 0.25
"""Over a longer stretch whose motion is unknown (no texture, a flash) the path is not continued."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Path:
    """A stretch of one shot, all of whose steps are known."""

    time_s: Series
    """(n,) of the frames."""
    position: Series
    """(n, 4) of the camera, against the first frame: right, up, closer, clockwise."""
    inlier_share: Series
    """(n,) of the step that led to each frame; the first frame's is that of the second."""
    aspect: float
    """Height of the frame over its width."""

    def __len__(self) -> int:
        return len(self.time_s)

    def between(self, first: int, after: int) -> Path:
        """The rows [first, after)."""
        return Path(
            time_s=self.time_s[first:after],
            position=self.position[first:after],
            inlier_share=self.inlier_share[first:after],
            aspect=self.aspect,
        )


def paths_of(steps: Sequence[FrameMotion], aspect: float) -> list[Path]:
    """The paths of one shot, from its steps in order; more than one where the motion was unknown in between."""
    groups: list[list[FrameMotion]] = []
    for step in steps:
        if step.point_count == 0:
            continue
        if not groups or step.from_s - groups[-1][-1].pts_s > BRIDGED_S:
            groups.append([])
        groups[-1].append(step)
    return [_path(group, aspect) for group in groups]


def course(path: Path) -> tuple[Series, Series]:
    """(n, 4) positions and (n, 4) velocities per second of the path without its shaking.

    A line is fitted around each frame, near ones weighing more: a steady move stays as it is up to both ends.
    """
    apart_s = path.time_s[None, :] - path.time_s[:, None]
    weight = np.exp(-0.5 * (apart_s / SMOOTH_S) ** 2)
    weight /= weight.sum(axis=1, keepdims=True)
    mean_s = (weight * apart_s).sum(axis=1)
    spread = (weight * apart_s**2).sum(axis=1) - mean_s**2
    mean = weight @ path.position
    together = (weight * apart_s) @ path.position - mean_s[:, None] * mean
    velocity = together / np.maximum(spread, 1e-12)[:, None]
    return mean - velocity * mean_s[:, None], velocity


def shaking(path: Path) -> Series:
    """(n, 2) how far the camera is from its course, to the right and up, frame widths."""
    smooth, _ = course(path)
    off: Series = (path.position - smooth)[:, [PAN, TILT]] * (1.0, path.aspect)
    return off


def root_mean_square(off: Series) -> float:
    """Of (n, 2) distances."""
    return float(np.sqrt((off**2).sum(axis=1).mean())) if len(off) else 0.0


def _path(steps: Sequence[FrameMotion], aspect: float) -> Path:
    """Missing steps between two known ones go at the speed around them."""
    time_s = [steps[0].from_s]
    position = [np.zeros(4)]
    for before, step in zip([None, *steps], steps, strict=False):
        camera = _camera_of(step)
        if before is not None and step.from_s > before.pts_s:
            speeds = [_camera_of(near) / (near.pts_s - near.from_s) for near in (before, step)]
            position.append(position[-1] + (step.from_s - before.pts_s) * np.mean(speeds, axis=0))
            time_s.append(step.from_s)
        position.append(position[-1] + camera)
        time_s.append(step.pts_s)
    shares = np.interp(time_s, [step.pts_s for step in steps], [step.inlier_share for step in steps])
    return Path(time_s=np.array(time_s), position=np.array(position), inlier_share=shares, aspect=aspect)


def _camera_of(step: FrameMotion) -> Series:
    """The camera moves against the pixels, and grows what it comes closer to."""
    turn = np.radians(step.clockwise_deg)
    return np.array([-step.right, step.down, EDGE * np.log(step.scale), -EDGE * turn])
