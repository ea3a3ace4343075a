"""Motion, as a percept: how the whole picture moved from each frame to the next, never across a change of shot."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from services.common.analyzer import Percept
from services.common.device import Device
from services.common.window import Frames, Part, Window
from services.vision.motion.corners import Grey
from services.vision.motion.registration import Registrar, Step
from services.vision.motion.similarity import clockwise_deg_of, moved, scale_of
from services.vision.percepts.shot_changes import ChangeKind
from services.vision.percepts.shot_numbers import ShotNumbers
from services.vision.percepts.shots import ShotChange, Shots

NEED = Frames(rate_hz=15.0, long_side_px=256)
"""15 Hz: a hand shakes at up to 6 Hz or so, and a point is followed over a third of a small frame's width."""

LONG_SIDE_PX = 256
"""Larger frames are made smaller first: what is followed does not depend on who else asked for which frames."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FrameMotion:
    """How the picture changed from one sampled frame to the next: a similarity around the frame's centre.

    This is the motion of the pixels. The camera's is the opposite: a camera that pans to the right moves them left.
    """

    from_s: float
    pts_s: float
    """Presentation times of the two frames."""
    shot: int
    """As in ObjectsInFrame."""
    right: float
    """How far the pixels at the centre moved to the right, frame widths."""
    down: float
    """And down, frame heights."""
    scale: float
    """Size after over size before, 1 = unchanged."""
    clockwise_deg: float
    """How far the picture turned, as the viewer counts it."""
    inlier_share: float
    """Share of the followed points that agree with this motion, [0, 1]."""
    point_count: int
    """Points that were followed; 0 where the picture has no texture: then the motion is unknown and says 'none'."""
    own_motion: float
    """Median distance that points which do not follow the whole moved against it, frame widths; 0 without any."""


class Motion(Percept):
    """`window[Motion]`: tuple[FrameMotion, ...], those whose second frame is in the window.

    None across a cut, and none with a frame of a gradual change. What stands still on the screen while the rest
    moves (a caption, a logo) is not counted; a large subject that moves before a still background says 'none'.
    """

    needs = NEED
    uses = (Shots,)

    def load(self, device: Device) -> None:
        import cv2

        cv2.setNumThreads(1)
        self._device = device

    def perceive(self, part: Part, windows: Iterator[Window]) -> Iterator[tuple[FrameMotion, ...]]:
        follower = _Follower()
        for window in windows:
            follower.learn(window[Shots])
            batch = window[NEED]
            with self._device.call():
                frames = zip(batch.pts_s.tolist(), batch.rgb, strict=True)
                motions = [follower.follow(pts_s, frame) for pts_s, frame in frames]
            yield tuple(motion for motion in motions if motion is not None)


class _Follower:
    """Frames in, motions out."""

    def __init__(self) -> None:
        self._numbers = ShotNumbers()
        self._changes: list[ShotChange] = []
        self._registrar = Registrar()
        self._last_s: float | None = None

    def learn(self, changes: tuple[ShotChange, ...]) -> None:
        self._numbers.learn(changes)
        self._changes.extend(changes)

    def follow(self, pts_s: float, frame: npt.NDArray[np.uint8]) -> FrameMotion | None:
        """From the frame before to this one; None for the first frame of a shot."""
        self._numbers.enter(pts_s)
        from_s, self._last_s = self._last_s, pts_s
        if from_s is not None and self._is_broken(from_s, pts_s):
            self._registrar, from_s = Registrar(), None
        grey = _small_grey(frame)
        step = self._registrar.step(grey)
        if from_s is None:
            return None
        return _motion(step, grey.shape, from_s, pts_s, self._numbers.shot)

    def _is_broken(self, from_s: float, pts_s: float) -> bool:
        """A shot changes between the two, or while one of them is shown."""
        self._changes = [change for change in self._changes if change.end_s > from_s]
        return any(change.start_s <= pts_s and not _is_cut_at(change, from_s) for change in self._changes)


def _is_cut_at(change: ShotChange, pts_s: float) -> bool:
    """A hard cut's one frame is the first of the new shot: nothing is mixed in it."""
    return change.kind is ChangeKind.HARD_CUT and change.start_s <= pts_s


def _small_grey(frame: npt.NDArray[np.uint8]) -> Grey:
    import cv2

    grey = cv2.cvtColor(np.ascontiguousarray(frame), cv2.COLOR_RGB2GRAY)
    height, width = grey.shape
    share = LONG_SIDE_PX / max(height, width)
    if share < 1:
        size = (max(round(width * share), 1), max(round(height * share), 1))
        grey = cv2.resize(grey, size, interpolation=cv2.INTER_AREA)
    small: Grey = np.asarray(grey, np.uint8)
    return small


def _motion(step: Step | None, shape: tuple[int, ...], from_s: float, pts_s: float, shot: int) -> FrameMotion:
    height, width = shape
    matrix = np.eye(3) if step is None else step.matrix
    centre = np.array([[(width - 1) / 2, (height - 1) / 2]], np.float32)
    right_px, down_px = (moved(matrix, centre) - centre)[0].tolist()
    return FrameMotion(
        from_s=from_s,
        pts_s=pts_s,
        shot=shot,
        right=right_px / width,
        down=down_px / height,
        scale=scale_of(matrix),
        clockwise_deg=clockwise_deg_of(matrix),
        inlier_share=step.inlier_share if step else 0.0,
        point_count=step.point_count if step else 0,
        own_motion=step.own_motion_px / width if step else 0.0,
    )
