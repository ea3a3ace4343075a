"""Where each face looks, and when it blinks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pydantic import BaseModel

from reelscribe.v1.analyzer_pb2 import Method, Reason
from reelscribe.v1.finding_pb2 import Box, Finding, GazeDirection, GazeSample, GazeTrack, Subject
from services.common.analyzer import Analyzer, Percept
from services.common.device import Device
from services.common.time import duration, span
from services.common.weights import locate
from services.common.window import Part, Window
from services.vision.gaze.canonical import CanonicalFace, read_canonical_face
from services.vision.gaze.closures import Closure, Judged
from services.vision.gaze.directions import Looking
from services.vision.gaze.moments import moment_of
from services.vision.gaze.watch import FaceWatch
from services.vision.percepts import face_policy
from services.vision.percepts.face_meshes import NEED, FaceMeshes, MeshesInFrame

GONE_S = 2.0
"""A face whose mesh is missing for longer is over; if it comes back, a new track begins."""


class EyeTracking(Analyzer):
    """Head pose, gaze and blinks of each face that is large enough, 15 times a second.

    Labels: `gaze_track`, head and eyes sample by sample, one for each stretch in which a face is followed without a
    cut; `looking_at_camera`, `looking_left`, `looking_right`, `looking_up`, `looking_down` (the picture's directions),
    where head and eyes look together, from the line between face and camera: within 10 degrees to the side and 15
    up or down is at the camera; `blink` (up to 0.5 s, closed eyes and the way there and back) and `eyes_closed`
    (longer), where the lids are open less than half as far as is usual for that face; `eyes_too_small`, where a face
    was seen and its eyes were not measured: it is less than 48 px high in the 640 px rendition.

    The eyes' direction is that of a face with both eyes in view; beyond 50 degrees of head yaw the head's counts alone.
    Sideways it is good to about 5 degrees, up and down to about 10: a glance at a screen just below the lens is at the
    camera. Strongly lowered lids look like closed ones. No `confidence`: the mesh's own score is near 1 on any face,
    whatever its eyes are worth. Nobody is recognised. Switched off with `faces.use = off`.
    """

    name = "eye_tracking"
    method = Method.METHOD_MODEL
    needs = NEED
    uses = (FaceMeshes,)
    weights = ("face-landmarker",)

    def load(self, device: Device) -> None:
        self._face = read_canonical_face(locate("face-landmarker").path)

    def declined(self, settings: Mapping[type[Percept], BaseModel]) -> Reason | None:
        return face_policy.declined(settings, "geometry")

    def analyze(self, part: Part, windows: Iterator[Window]) -> Iterator[Finding]:
        watcher = _Watcher(self._face)
        for window in windows:
            height_px, width_px = window[NEED].rgb.shape[1:3]
            for frame in window[FaceMeshes]:
                yield from watcher.see(frame, height_px / width_px)
            yield from watcher.let_go(window.end_s - GONE_S)
        yield from watcher.let_go(float("inf"))


class _Watcher:
    """Meshes in, findings out."""

    def __init__(self, canonical: CanonicalFace) -> None:
        self._canonical = canonical
        self._watches: dict[int, FaceWatch] = {}
        self._small: dict[int, tuple[float, float]] = {}
        """Start and end of the time since when a face is too small."""
        self._shot = 0

    def see(self, frame: MeshesInFrame, aspect: float) -> Iterator[Finding]:
        if frame.shot != self._shot:
            self._shot = frame.shot
            yield from self.let_go(float("inf"))
        for mesh in frame.meshes:
            moment = moment_of(mesh, frame.pts_s, frame.end_s, aspect, self._canonical)
            watch = self._watches.setdefault(mesh.face_id, FaceWatch(face_id=mesh.face_id))
            for told in watch.add(moment, mesh.track_id):
                yield _told(watch, told)
        for face_id in frame.too_small:
            start_s, _ = self._small.get(face_id, (frame.pts_s, 0.0))
            self._small[face_id] = (start_s, frame.end_s)

    def let_go(self, before_s: float) -> Iterator[Finding]:
        """End with the faces that were last seen before this moment."""
        for watch in [each for each in self._watches.values() if each.last_s < before_s]:
            del self._watches[watch.face_id]
            for told in watch.finish():
                yield _told(watch, told)
            yield _track(watch)
        for face_id, (start_s, end_s) in list(self._small.items()):
            if end_s < before_s:
                del self._small[face_id]
                yield Finding(span=span(start_s, end_s), label="eyes_too_small", subject=Subject(face_id=face_id))


def _subject(watch: FaceWatch) -> Subject:
    return Subject(face_id=watch.face_id, track_id=watch.track_id)


def _told(watch: FaceWatch, told: Closure | Looking) -> Finding:
    if isinstance(told, Closure):
        label = "blink" if told.is_blink else "eyes_closed"
        return Finding(span=span(told.start_s, told.end_s), label=label, subject=_subject(watch))
    return Finding(
        span=span(told.start_s, told.end_s),
        label=told.label,
        subject=_subject(watch),
        gaze_direction=GazeDirection(yaw_deg=told.yaw_deg, pitch_deg=told.pitch_deg, frame_count=told.frame_count),
    )


def _track(watch: FaceWatch) -> Finding:
    samples = [_sample(judged) for judged in watch.judged]
    return Finding(
        span=span(watch.judged[0].moment.pts_s, watch.judged[-1].moment.end_s),
        label="gaze_track",
        subject=_subject(watch),
        gaze=GazeTrack(samples=samples),
    )


def _sample(judged: Judged) -> GazeSample:
    moment = judged.moment
    left, top, right, bottom = moment.box
    eyes = None if judged.closed else moment.eyes
    return GazeSample(
        offset=duration(moment.pts_s),
        face=Box(left=left, top=top, right=right, bottom=bottom),
        head_yaw_deg=moment.head.yaw_deg,
        head_pitch_deg=moment.head.pitch_deg,
        head_roll_deg=moment.head.roll_deg,
        eye_yaw_deg=eyes.yaw_deg if eyes else None,
        eye_pitch_deg=eyes.pitch_deg if eyes else None,
        left_eye_openness=moment.left_openness,
        right_eye_openness=moment.right_openness,
    )
