"""What one mesh tells of where a face looks."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from services.vision.gaze.canonical import CanonicalFace
from services.vision.gaze.eyes import Eye, EyeTurn, eye_turn, look, openness, seen_eyes
from services.vision.gaze.head import HeadPose, direction_deg, head_pose
from services.vision.percepts.face_blendshapes import BLENDSHAPE_NAMES
from services.vision.percepts.face_meshes import FaceMesh
from services.vision.percepts.objects import Edges


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """A face in one frame."""

    pts_s: float
    end_s: float
    box: Edges
    head: HeadPose
    eyes: EyeTurn | None
    """None where the head hides both; of closed eyes it means nothing."""
    yaw_deg: float
    """Where head and eyes look together, from the line to the camera: positive to the picture's right."""
    pitch_deg: float
    """Likewise, positive up."""
    left_openness: float
    """Of the person's own left eye, as eyes.openness has it."""
    right_openness: float
    seen_openness: float | None
    """Mean of the eyes that the head does not hide; None if there is none."""


def moment_of(mesh: FaceMesh, pts_s: float, end_s: float, aspect: float, face: CanonicalFace) -> Moment:
    """`aspect`: height of the frame over its width."""
    points = mesh.points.astype(np.float64) * [1.0, aspect, 1.0]
    head = head_pose(points, face)
    seen = seen_eyes(head)
    scores = dict(zip(BLENDSHAPE_NAMES, mesh.blendshapes.tolist(), strict=True))
    eyes = eye_turn(scores, seen)
    yaw_deg, pitch_deg = direction_deg(look(head, eyes))
    open_by_eye = {eye: openness(points, eye) for eye in Eye}
    return Moment(
        pts_s=pts_s,
        end_s=end_s,
        box=mesh.box,
        head=head,
        eyes=eyes,
        yaw_deg=yaw_deg,
        pitch_deg=pitch_deg,
        left_openness=open_by_eye[Eye.LEFT],
        right_openness=open_by_eye[Eye.RIGHT],
        seen_openness=float(np.mean([open_by_eye[eye] for eye in seen])) if seen else None,
    )
