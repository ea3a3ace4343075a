"""What is truly in the demo clip, in the form of the JSON written beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from PIL import Image

from reelscribe.demo import scenario
from reelscribe.demo.camera import travel
from reelscribe.demo.scenario import SHOTS, TITLE, Photo, Phrase, Shot, Title
from reelscribe.demo.sources import PhotoFile


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    """One phrase as it sounds in the clip: [start_s, end_s) of the voice itself, silence left out."""

    text: str
    start_s: float
    end_s: float


def truth_of(photos: Sequence[PhotoFile], spoken: Sequence[Spoken], file_name: str) -> dict[str, Any]:
    """What is in the clip: `photos` one per shot, `spoken` one per phrase."""
    shots = list(zip(SHOTS, photos, strict=True))
    return {
        "file": file_name,
        "width": scenario.WIDTH_PX,
        "height": scenario.HEIGHT_PX,
        "fps": scenario.FRAME_RATE_HZ,
        "duration_s": _seconds(scenario.FRAME_COUNT),
        "hard_cuts_s": [_seconds(after.start_frame) for _, after in pairwise(SHOTS)],
        "segments": [_segment(shot, file.photo) for shot, file in shots],
        "speech": _sentences(spoken),
        "title_text": {"text": TITLE.text, **_span(TITLE)},
        "burned_captions": [{"text": phrase.text, **_span(phrase)} for phrase in scenario.phrases()],
        "camera_moves": [_camera_move(shot, file) for shot, file in shots],
        "objects": [{"label": label, **_span(shot)} for shot, file in shots for label in file.photo.objects],
    }


def _seconds(frame: int) -> float:
    return round(scenario.frame_time_s(frame), 3)


def _span(part: Shot | Phrase | Title) -> dict[str, float]:
    return {"start_s": _seconds(part.start_frame), "end_s": _seconds(part.end_frame)}


def _segment(shot: Shot, photo: Photo) -> dict[str, Any]:
    return {"source": f"{photo.package}/{photo.path}", "credit": photo.credit, **_span(shot)}


def _sentences(spoken: Sequence[Spoken]) -> list[dict[str, Any]]:
    remaining = iter(spoken)
    sentences = [[next(remaining) for _ in shot.phrases] for shot in SHOTS]
    return [
        {
            "start_s": round(parts[0].start_s, 3),
            "end_s": round(parts[-1].end_s, 3),
            "text": " ".join(part.text for part in parts).lower(),
        }
        for parts in sentences
    ]


def _camera_move(shot: Shot, file: PhotoFile) -> dict[str, Any]:
    """`zoom_ratio`: above 1 the camera came closer. `travel_right`, `travel_down`: of the frame's width and height."""
    first, last = file.photo.first, file.photo.last
    with Image.open(file.path) as image:
        right, down = travel(first, last, image.width, image.height)
    moved = {"zoom_ratio": first.height / last.height, "travel_right": right, "travel_down": down}
    return {**_span(shot), "kind": shot.move, **{name: round(value, 3) for name, value in moved.items()}}
