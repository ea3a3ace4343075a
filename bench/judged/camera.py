"""camera_analysis on moves that are known exactly and on shots labelled by eye, beside the mean of optical flow."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bench.common.camera_moves import (
    LANDSCAPE,
    PORTRAIT,
    RATE_HZ,
    CameraPath,
    Picture,
    Told,
    filmed,
    with_subject,
    write,
)
from bench.common.mean_flow import flow_says, small_frames
from bench.judged.case import UNMEASURED, Judgement, Material, unmeasured
from reelscribe.v1.finding_pb2 import Finding
from services.common.time import span_s

NAME = "camera_analysis"
TOOL = "OpenCV: mean of Farneback's flow per shot, given the shots"

LABELS = Path(__file__).parents[2] / "tests" / "services" / "vision" / "truth" / "camera.json"

PATHS = (
    *(CameraPath(pan_per_s=speed) for speed in (0.02, -0.05, 0.2, -0.5, 1.0)),
    *(CameraPath(tilt_per_s=speed) for speed in (0.02, -0.1, 0.5)),
    *(CameraPath(zoom_per_s=speed) for speed in (1.05, 0.9, 1.5, 0.6)),
    *(CameraPath(roll_deg_per_s=speed) for speed in (-3, 10, -30)),
    CameraPath(pan_per_s=0.1, zoom_per_s=1.2),
)
STILL = (CameraPath(), CameraPath(shake=0.003), CameraPath(shake=0.01))
"""What goes nowhere; the first is shown again with somebody walking by."""

SHOT_S = 2.0
NOISE = 3.0
SPEED_SLACK = 0.1
COVERED = 0.8
"""Of a shot, for how long its label must be told; a label told for less than the rest is wrong too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """One shot of a clip."""

    file: Path
    start_s: float
    end_s: float
    labels: frozenset[str]
    path: CameraPath | None = None
    """Its exact speeds, if it was made here."""


async def judge(material: Material) -> list[Judgement]:
    """Directions, speeds, what stands or shakes, and real shots."""
    made = list(_made(material.folder, _photos(), tiny=material.tiny))
    if not made:
        return [unmeasured(NAME, "moves over photos", "its photos come with ultralytics and scikit-image")]
    real = _labelled(material.media) if material.media and not material.tiny else []
    ours, flow = await _ours(material, made + real), _by_flow(made + real)
    moving = [scene for scene in made if scene.labels & {name for path in PATHS for name in path.labels}]
    still = [scene for scene in made if scene not in moving]
    photos = f"{len(made)} shots of 2 s made from photos: landscape and portrait, noise, H.264"
    found = [
        _count("moves: direction", moving, ours, flow, _is_right, photos),
        _count("moves: speed within 10 %", moving, ours, flow, _is_as_fast, photos),
        _count("static, with a passer-by, handheld", still, ours, flow, _is_right, photos),
    ]
    if real:
        clips = ", ".join(dict.fromkeys(scene.file.name for scene in real)) + "; by eye"
        found.append(_count("real shots", real, ours, flow, _is_right, clips))
    return found


def _photos() -> list[Picture]:
    try:
        import cv2
        import ultralytics
        from skimage import data
    except ImportError:
        return []
    assets = Path(ultralytics.__file__).parent / "assets"
    files = [cv2.imread(str(assets / f"{name}.jpg")) for name in ("bus", "zidane")]
    pictures = [np.ascontiguousarray(np.asarray(picture, np.uint8)[..., ::-1]) for picture in files]
    return [*pictures, data.astronaut(), data.coffee(), data.chelsea()]


def _made(folder: Path, photos: Sequence[Picture], *, tiny: bool) -> Iterator[Scene]:
    """Files of one shape each; two neighbouring shots show different photos, so that there is a cut."""
    if not photos:
        return
    for turn, (shape, size_px) in enumerate((("landscape", LANDSCAPE), ("portrait", PORTRAIT))):
        file = folder / f"made: camera moves, {shape}.mp4"
        frames: list[Picture] = []
        for number, path in enumerate((PATHS + STILL)[:: 6 if tiny else 1]):
            for offset in (0, 2)[: 1 if tiny else 2]:
                photo = photos[(number + offset + turn) % len(photos)]
                shot = filmed(photo, path, size_px=size_px, length_s=SHOT_S, noise=NOISE, seed=number)
                yield _placed(file, frames, shot, path)
                if path == CameraPath():
                    walker = photos[(number + 1) % len(photos)][:400:2, :300:2]
                    yield _placed(file, frames, with_subject(shot, walker, speed_per_s=0.4), path)
        write(frames, file)


def _placed(file: Path, frames: list[Picture], shot: Sequence[Picture], path: CameraPath) -> Scene:
    start_s = len(frames) / RATE_HZ
    frames += shot
    return Scene(file=file, start_s=start_s, end_s=len(frames) / RATE_HZ, labels=frozenset(path.labels), path=path)


def _labelled(media: Path) -> list[Scene]:
    return [
        Scene(
            file=media / "video" / clip["file"],
            start_s=shot["start_s"],
            end_s=shot["end_s"],
            labels=frozenset(shot["labels"]),
        )
        for clip in json.loads(LABELS.read_text())["clips"]
        for shot in clip["shots"]
    ]


async def _ours(material: Material, scenes: Sequence[Scene]) -> dict[Scene, Told]:
    findings: dict[Path, list[Finding]] = {}
    for file in dict.fromkeys(scene.file for scene in scenes):
        of_composite = file == material.composite
        found = await (material.composite_findings(NAME) if of_composite else material.findings(file, NAME))
        findings[file] = [finding for finding in found if finding.HasField("camera")]
    return {scene: _told(scene, findings[scene.file]) for scene in scenes}


def _told(scene: Scene, findings: Sequence[Finding]) -> Told:
    """All labels told within the shot; where the right one is told for too short, none."""
    length_s: dict[str, float] = {}
    moves = []
    for finding in findings:
        start_s, end_s = span_s(finding.span)
        inside_s = min(end_s, scene.end_s) - max(start_s, scene.start_s)
        if inside_s > 1 / RATE_HZ:
            length_s[finding.label] = length_s.get(finding.label, 0.0) + inside_s
            moves.append((inside_s, finding.camera))
    lasting = {label for label, told_s in length_s.items() if told_s >= COVERED * (scene.end_s - scene.start_s)}
    if not lasting >= scene.labels or not moves:
        return Told(labels=frozenset(lasting), speeds=(0.0, 0.0, 0.0, 0.0))
    _, move = max(moves, key=lambda each: each[0])
    speeds = (move.pan_per_s, move.tilt_per_s, move.zoom_per_s - 1, move.roll_deg_per_s)
    return Told(labels=frozenset(length_s), speeds=speeds)


def _is_right(scene: Scene, told: Told) -> bool:
    return told.labels == scene.labels


def _is_as_fast(scene: Scene, told: Told) -> bool:
    assert scene.path is not None
    path = scene.path
    wanted = (path.pan_per_s, path.tilt_per_s, path.zoom_per_s - 1, path.roll_deg_per_s)
    return all(
        abs(speed - right) <= SPEED_SLACK * abs(right)
        for speed, right in zip(told.speeds, wanted, strict=True)
        if right
    )


def _count(
    measure: str,
    scenes: Sequence[Scene],
    ours: dict[Scene, Told],
    flow: dict[Scene, Told],
    is_right: Callable[[Scene, Told], bool],
    clips: str,
) -> Judgement:
    right = [sum(is_right(scene, told[scene]) for scene in scenes) for told in (ours, flow)]
    if not scenes:
        return unmeasured(NAME, measure, UNMEASURED)
    return Judgement(
        analyzer=NAME,
        measure=measure,
        ours=f"{right[0]} of {len(scenes)}",
        ours_value=right[0] / len(scenes),
        standalone=f"{right[1]} of {len(scenes)}",
        standalone_value=right[1] / len(scenes),
        tool=TOOL,
        clips=clips,
    )


def _by_flow(scenes: Sequence[Scene]) -> dict[Scene, Told]:
    told = {}
    for file in dict.fromkeys(scene.file for scene in scenes):
        here = [scene for scene in scenes if scene.file == file]
        frames = list(small_frames(file, max(scene.end_s for scene in here)))
        for scene in here:
            inside = [(time_s, grey) for time_s, grey in frames if scene.start_s <= time_s < scene.end_s - 1e-3]
            told[scene] = flow_says(inside)
    return told
