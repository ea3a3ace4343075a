"""How the camera moves in each shot, and how close it films people."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from reelscribe.v1.analyzer_pb2 import Method
from reelscribe.v1.finding_pb2 import CameraMove, Finding
from services.common.analyzer import Analyzer
from services.common.time import span
from services.common.window import PTS_TOLERANCE_S, Part, Window
from services.vision.motion.moves import Stretch, moves
from services.vision.motion.path import EDGE, PAN, ROLL, TILT, ZOOM, Path, course, paths_of, root_mean_square, shaking
from services.vision.percepts.faces import Faces, FacesInFrame
from services.vision.percepts.motion import NEED, FrameMotion, Motion
from services.vision.percepts.objects import Objects, ObjectsInFrame
from services.vision.percepts.shots import Shots
from services.vision.shot_clock import ShotClock
from services.vision.shot_scale import scale_of_shot


class CameraAnalysis(Analyzer):
    """Moves of the camera and scale of the shot, told when the shot is over.

    Labels: of moves, measured by registering frames (no learned weights): `static`, `pan_left`, `pan_right`,
    `tilt_up`, `tilt_down`, `zoom_in`, `zoom_out`, `roll_clockwise`, `roll_counterclockwise`, `handheld`. Moves of
    several kinds may overlap; each lasts at least 0.4 s. They are the camera's: pictures that move to the left are a
    pan to the right. A moving lens looks as a turning one, a scrolled page as a tilt. Nothing is told of a stretch
    without texture, or where too many things move for a majority. Text laid over the picture is not taken for the
    scene.

    Of scale, one per shot in which people are seen, from learned detectors of faces and persons:
    `extreme_close_up`, `close_up`, `medium_close_up`, `medium_shot`, `medium_long_shot`, `long_shot`,
    `extreme_long_shot`. Learned too is where shots begin and end. Without `confidence`: neither has one.
    """

    name = "camera_analysis"
    method = Method.METHOD_MODEL
    needs = NEED
    uses = (Shots, Motion, Objects, Faces)

    def analyze(self, part: Part, windows: Iterator[Window]) -> Iterator[Finding]:
        clock = ShotClock(part.start_s)
        seen = _Seen()
        end_s = part.start_s
        for window in windows:
            clock.learn(window[Shots])
            seen.take(window)
            end_s = window.end_s
            for shot in clock.ended_by(end_s):
                yield from _findings(shot, seen.until(shot))
        shot = (clock.start_s, end_s)
        if end_s > clock.start_s:
            yield from _findings(shot, seen.until(shot))


@dataclass(slots=True, kw_only=True)
class _Seen:
    """What was seen and is not told yet."""

    steps: list[FrameMotion] = field(default_factory=list)
    faces: list[FacesInFrame] = field(default_factory=list)
    objects: list[ObjectsInFrame] = field(default_factory=list)
    aspect: float = 1.0
    """Height of the frames over their width."""

    def take(self, window: Window) -> None:
        self.steps += window[Motion]
        self.faces += window[Faces]
        self.objects += window[Objects].frames
        if len(window[NEED]):
            height, width = window[NEED].rgb.shape[1:3]
            self.aspect = height / width

    def until(self, shot: tuple[float, float]) -> _Seen:
        """What belongs to a shot; it and all before is forgotten here."""
        start_s, end_s = shot[0] - PTS_TOLERANCE_S, shot[1] - PTS_TOLERANCE_S
        inside = _Seen(
            steps=[step for step in self.steps if step.from_s >= start_s and step.pts_s < end_s],
            faces=[frame for frame in self.faces if start_s <= frame.pts_s < end_s],
            objects=[frame for frame in self.objects if start_s <= frame.pts_s < end_s],
            aspect=self.aspect,
        )
        self.steps = [step for step in self.steps if step.pts_s >= end_s]
        self.faces = [frame for frame in self.faces if frame.pts_s >= end_s]
        self.objects = [frame for frame in self.objects if frame.pts_s >= end_s]
        return inside


def _findings(shot: tuple[float, float], seen: _Seen) -> Iterator[Finding]:
    for path in paths_of(seen.steps, seen.aspect):
        for stretch in moves(path):
            start_s, end_s = _span_s(path, stretch, seen.steps, shot)
            yield Finding(span=span(start_s, end_s), label=stretch.label, camera=_move(path, stretch))
    scale = scale_of_shot(seen.faces, seen.objects, seen.aspect)
    if scale is not None:
        label, shape = scale
        yield Finding(span=span(*shot), label=label, shot_scale=shape)


def _span_s(
    path: Path, stretch: Stretch, steps: Sequence[FrameMotion], shot: tuple[float, float]
) -> tuple[float, float]:
    """What begins with the shot's first sampled frame begins with the shot; likewise its end."""
    start_s, end_s = path.time_s[stretch.first], path.time_s[min(stretch.after, len(path) - 1)]
    return (
        shot[0] if start_s <= steps[0].from_s else float(start_s),
        shot[1] if end_s >= steps[-1].pts_s else float(end_s),
    )


def _move(path: Path, stretch: Stretch) -> CameraMove:
    _, velocity = course(path)
    speed = np.median(velocity[stretch.first : stretch.after], axis=0)
    inside = path.between(stretch.first, stretch.after)
    return CameraMove(
        pan_per_s=speed[PAN],
        tilt_per_s=speed[TILT],
        zoom_per_s=np.exp(speed[ZOOM] / EDGE),
        roll_deg_per_s=np.degrees(speed[ROLL] / EDGE),
        shake=root_mean_square(shaking(inside)),
        inlier_share=inside.inlier_share.mean(),
    )
