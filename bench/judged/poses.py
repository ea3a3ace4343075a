"""body_pose on bodies labelled by eye, beside the pose network alone with the order of shoulders; and their joints."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import numpy.typing as npt

from bench.common.mixed import RATE_HZ, stretch, write
from bench.common.standalone import OBJECTS_EVERY, why_not
from bench.common.standalone_vision import PosesByUltralytics
from bench.judged.case import Judgement, Material, unmeasured
from reelscribe.v1.finding_pb2 import Finding, Pose
from services.common.time import seconds, span_s

NAME = "body_pose"
LABELS = Path(__file__).parents[2] / "tests" / "services" / "vision" / "truth" / "poses.json"
MEASURE = "which way bodies are turned, at every 8th frame"
PHOTOS = ("bus.jpg", "zidane.jpg")

ORIENTATIONS = ("facing_camera", "facing_away", "facing_left", "facing_right")
SEEN = 0.5
LEFT_EAR, RIGHT_EAR, LEFT_SHOULDER, RIGHT_SHOULDER = 3, 4, 5, 6
"""Of COCO's joints."""

CUT_OUT = {"intel_one-by-one-person-detection.mp4": (5.0, 14.0)}
"""Of this clip, start and length in seconds are analyzed: the rest has no label."""

SIZE_PX = (768, 432)
"""Of what is cut out, as it was filmed."""

SHOULDERS = "by the order of the shoulders"
EARS = "one ear seen: sideways, else by the order of the shoulders"
RULES = (SHOULDERS, EARS)
"""Of thumb, for keypoints alone; the better one is told."""

SAMPLING_S = 0.25
"""A pose is of this moment if it is no older."""

Points = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Turned:
    """A body that is turned one way for a while."""

    clip: str
    start_s: float
    end_s: float
    at: tuple[float, float]
    facing: str


async def judge(material: Material) -> list[Judgement]:
    """Orientation against labels; joints against the network on the whole frame."""
    if why := why_not(PosesByUltralytics):
        return [unmeasured(NAME, MEASURE, why)]
    tool = PosesByUltralytics(1)
    found = [_joints(tool, PHOTOS[: 1 if material.tiny else None])]
    if material.media is None or material.tiny:
        return [unmeasured(NAME, MEASURE, "no test data" if material.media is None else "not at tiny size"), *found]
    return [await _orientation(material, material.media / "video", tool), *found]


async def _orientation(material: Material, folder: Path, tool: PosesByUltralytics) -> Judgement:
    by_clip: dict[str, list[Turned]] = defaultdict(list)
    for label in json.loads(LABELS.read_text())["spans"]:
        turned = Turned(**label)
        by_clip[turned.clip].append(turned)
    ours: list[tuple[str, str]] = []
    by_rule: dict[str, list[tuple[str, str]]] = {rule: [] for rule in RULES}
    for clip, labels in by_clip.items():
        path, from_s = _clip(folder / clip, material.folder)
        findings = await material.findings(path, NAME)
        rate_hz, size_px = _format(path)
        for number, bodies in enumerate(tool.run(path)):
            time_s = number * OBJECTS_EVERY / rate_hz + from_s
            for turned in labels:
                if turned.start_s <= time_s < turned.end_s:
                    ours.append((turned.facing, _told(findings, time_s - from_s, turned.at)))
                    body = _body_at(bodies.astype(np.float64), size_px, turned.at)
                    for rule, pairs in by_rule.items():
                        pairs.append((turned.facing, "" if body is None else _by_rule(body, rule)))
    best = max(RULES, key=lambda rule: _share(by_rule[rule]))
    return Judgement(
        analyzer=NAME,
        measure=MEASURE,
        ours=_counts(ours),
        ours_value=_share(ours),
        standalone=_counts(by_rule[best]),
        standalone_value=_share(by_rule[best]),
        tool=f"{tool.name.partition(',')[0]}; {best}",
        clips=", ".join(by_clip) + "; by eye",
    )


def _clip(path: Path, folder: Path) -> tuple[Path, float]:
    """The file to look at, and where in the clip it starts."""
    if path.name not in CUT_OUT:
        return path, 0.0
    start_s, length_s = CUT_OUT[path.name]
    target = folder / f"cut out of {path.name}"
    write(stretch(path, start_s, round(length_s * RATE_HZ), size_px=SIZE_PX), target)
    return target, start_s


def _format(path: Path) -> tuple[float, tuple[int, int]]:
    """Frames per second, and width and height."""
    import av

    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        return float(stream.average_rate), (stream.width, stream.height)


def _told(findings: Sequence[Finding], time_s: float, at: tuple[float, float]) -> str:
    """What the analyzer says of the body at a point; empty if nothing."""
    poses = [
        (finding.subject.track_id, pose)
        for finding in findings
        for pose in finding.pose.poses
        if 0 <= time_s - seconds(pose.offset) + 1e-3 <= SAMPLING_S and _holds(pose, at)
    ]
    if not poses:
        return ""
    track_id, _ = min(poses, key=lambda each: abs((each[1].box.left + each[1].box.right) / 2 - at[0]))
    for finding in findings:
        start_s, end_s = span_s(finding.span)
        if finding.subject.track_id == track_id and finding.label in ORIENTATIONS and start_s <= time_s < end_s:
            return finding.label
    return ""


def _holds(pose: Pose, at: tuple[float, float]) -> bool:
    return pose.box.left <= at[0] <= pose.box.right and pose.box.top <= at[1] <= pose.box.bottom


def _body_at(bodies: Points, size_px: tuple[int, int], at: tuple[float, float]) -> Points | None:
    """The one whose joints are around a point; None if there is none."""
    near = [body for body in bodies if _around(body, size_px, at)]
    return min(near, key=lambda each: abs(_middle(each)[0] / size_px[0] - at[0]), default=None)


def _by_rule(body: Points, rule: str) -> str:
    left_ear, right_ear = (body[joint, 2] >= SEEN for joint in (LEFT_EAR, RIGHT_EAR))
    if rule == EARS and left_ear != right_ear:
        return "facing_left" if left_ear else "facing_right"
    return "facing_camera" if body[LEFT_SHOULDER, 0] > body[RIGHT_SHOULDER, 0] else "facing_away"


def _around(body: Points, size_px: tuple[int, int], at: tuple[float, float]) -> bool:
    points = body[body[:, 2] > 0, :2] / size_px
    return len(points) > 0 and bool((points.min(axis=0) <= at).all() and (points.max(axis=0) >= at).all())


def _middle(body: Points) -> Points:
    middle: Points = body[body[:, 2] > 0, :2].mean(axis=0)
    return middle


def _share(pairs: Sequence[tuple[str, str]]) -> float:
    return sum(facing == told for facing, told in pairs) / len(pairs)


def _counts(pairs: Sequence[tuple[str, str]]) -> str:
    parts = []
    for name in ORIENTATIONS:
        told = [other for facing, other in pairs if facing == name]
        parts.append(f"{name.removeprefix('facing_')} {told.count(name)}/{len(told)}")
    silent = sum(not told for _, told in pairs)
    return f"{_share(pairs):.3f} of {len(pairs)} ({', '.join(parts)}; {silent} not told)"


def _joints(tool: PosesByUltralytics, names: Sequence[str]) -> Judgement:
    """How far joints lie from where the network puts them in the whole frame."""
    spec = find_spec("ultralytics")
    assert spec is not None
    assert spec.origin is not None
    off: list[float] = []
    seen = missed = 0
    for name in names:
        file = Path(spec.origin).parent / "assets" / name
        ours = _ours(file)
        for body in tool.run(file)[0].astype(np.float64):
            if not (body[:, 2] >= SEEN).any():
                continue
            mate = min(ours, key=lambda each: float(np.hypot(*(_middle(each) - _middle(body)))), default=None)
            distances = _distances(mate, body) if mate is not None else []
            off += distances
            seen += bool(distances)
            missed += not distances
    return Judgement(
        analyzer=NAME,
        measure="joints of the photos, against the network on the whole frame",
        ours=f"{seen} of {seen + missed} bodies; joints off by {np.median(off):.4f} of the body's height in the "
        f"picture (median), 90 % by less than {np.percentile(off, 90):.4f}",
        ours_value=seen / (seen + missed),
        standalone=f"{seen + missed} bodies",
        standalone_value=1.0,
        tool=tool.name.partition(",")[0],
        clips=", ".join(names),
    )


def _ours(file: Path) -> list[Points]:
    """(17, 3) of each body, in pixels."""
    from PIL import Image

    from bench.common.direct import findings_in
    from services.vision.analyzers.body_pose import BodyPose

    rgb = np.asarray(Image.open(file).convert("RGB"))
    height_px, width_px = rgb.shape[:2]
    tracks = [finding.pose for finding in findings_in(BodyPose, [rgb]) if finding.label == "pose_track"]
    return [
        np.array([(each.point.x * width_px, each.point.y * height_px, each.confidence) for each in pose.keypoints])
        for track in tracks
        for pose in track.poses
    ]


def _distances(one: Points, other: Points) -> list[float]:
    """Of the joints both are sure of, in heights of the body's joints; empty if they are two bodies."""
    sure = (one[:, 2] >= SEEN) & (other[:, 2] >= SEEN)
    if not sure.any():
        return []
    size = float(np.ptp(other[sure, :2], axis=0).max()) or 1.0
    distances = np.hypot(*(one[sure, :2] - other[sure, :2]).T) / size
    return [float(each) for each in distances] if np.median(distances) < SEEN else []
