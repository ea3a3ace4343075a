"""Real footage with German captions burned in: what is written, from which frame to which, in which face and style."""

from __future__ import annotations

import importlib.util
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from bench.common.mixed import RATE_HZ, Clip, stretch, write

PORTRAIT, LANDSCAPE = (540, 960), (960, 540)
"""Width and height in pixels."""

FACES = ("DejaVuSans-Bold", "DejaVuSans", "DejaVuSerif-Bold", "DejaVuSansMono-Bold", "STIXGeneralBol")
"""Faces with umlauts that matplotlib brings along: with sans, serif and fixed width the usual ones are covered."""

LINES = (
    "Schöne Grüße aus Köln",
    "Übung macht den Meister",
    "Das hätte ich nie gedacht",
    "GRÖSSER GEHT ES NICHT",
    "Äpfel, Nüsse und Öl",
    "der süße Igel schläft",
    "Wer früh aufsteht, hört die Vögel",
    "Heißer Tee mit Honig",
    "Die Tür klemmt schon wieder",
    "ein Stück vom Glück",
    "NUR HEUTE GÜNSTIGER",
    "Was für ein Gefühl!",
    "Könnt ihr das sehen?",
    "Jetzt aber schnell nach Hause",
    "ganz ohne Müll",
    "Schlüssel verloren?",
    "Ölwechsel in fünf Minuten",
    "Straße gesperrt bis März",
    "ÄRGER IM BÜRO",
    "nächste Woche mehr davon",
    "Zwölf Männer im Boot",
    "Mein Tipp für euch",
    "Bäume wachsen nicht über Nacht",
    "Das Spiel ist aus",
    "Spät ist besser als nie",
    "Fußgänger bitte drüben gehen",
    "FÜNF DINGE ÜBER KÄSE",
    "Wir müssen reden",
    "kühl und trocken lagern",
    "Tschüss und bis morgen",
)

FOOTAGE: tuple[tuple[str, float, float, tuple[int, int]], ...] = (
    ("moviepy_chaplin.mp4", 0.1, 9.2, PORTRAIT),
    ("webrtc_mixed-content.webm", 0.1, 4.8, LANDSCAPE),
    ("intel_one-by-one-person-detection.mp4", 22.7, 30.0, PORTRAIT),
    ("intel_car-detection.mp4", 4.0, 11.0, LANDSCAPE),
    ("webrtc_mixed-content.webm", 10.1, 13.6, PORTRAIT),
    ("moviepy_video_with_failing_audio.mp4", 4.0, 8.0, LANDSCAPE),
    ("mdn_flower.mp4", 0.0, 4.8, PORTRAIT),
    ("mdn_friday.mp4", 0.1, 6.0, LANDSCAPE),
    ("intel_one-by-one-person-detection.mp4", 92.0, 99.0, LANDSCAPE),
)
"""File, from when to when, and the shape it is cut to. There is no text in what they show."""

SIZES = (0.045, 0.072)
"""Smallest and greatest size of a face, of the picture's shorter side: 24 to 39 pixels of 540."""

SHOWN_S = (1.0, 2.2)
"""Shortest and longest time a caption is on screen."""

PAUSE_S = 0.3
"""Longest time between two captions; often there is none."""

HEIGHTS = (0.12, 0.5, 0.78)
"""Where in the picture a clip has its captions, share of its height: one place for each clip."""

Style = Literal["outline", "yellow", "thin outline", "dark box", "light box"]
STYLES: tuple[Style, ...] = ("outline", "yellow", "thin outline", "dark box", "light box")


@dataclass(frozen=True, slots=True, kw_only=True)
class Caption:
    """A text on frames [first, after)."""

    content: str
    first: int
    after: int
    face: str
    size_px: int
    style: Style
    middle: float
    """Of its first line, share of the height."""

    @property
    def start_s(self) -> float:
        """When it is first displayed."""
        return self.first / RATE_HZ

    @property
    def end_s(self) -> float:
        """When it is gone."""
        return self.after / RATE_HZ


@dataclass(frozen=True, slots=True, kw_only=True)
class CaptionedClip:
    """A file and what is written in it."""

    path: Path
    captions: Sequence[Caption]


def face_file(face: str) -> Path | None:
    """Where matplotlib keeps it; None without matplotlib."""
    spec = importlib.util.find_spec("matplotlib")
    if spec is None or spec.origin is None:
        return None
    file = Path(spec.origin).parent / "mpl-data" / "fonts" / "ttf" / f"{face}.ttf"
    return file if file.is_file() else None


def captioned_clips(folder: Path, target: Path, *, seed: int) -> list[CaptionedClip]:
    """Make them all, drawn by lot: every line once, every face, style and size about equally often."""
    rng = np.random.default_rng(seed)
    lines = [LINES[row] for row in rng.permutation(len(LINES))]
    clips = []
    for number, (name, start_s, end_s, shape) in enumerate(FOOTAGE):
        frames = footage(folder / name, start_s, int((end_s - start_s) * RATE_HZ), shape)
        captions = _captions(rng, lines, len(frames), min(shape), HEIGHTS[number % len(HEIGHTS)])
        path = target / f"made: captions {number + 1}.mp4"
        write(burned(frames, captions), path)
        clips.append(CaptionedClip(path=path, captions=captions))
    return clips


def footage(path: Path, start_s: float, count: int, shape: tuple[int, int]) -> Clip:
    """(count, height, width, 3): the middle of the picture, at the shape's own proportions."""
    width, height = shape
    wide = max(width, round(height * 16 / 9 / 2) * 2)
    frames = stretch(path, start_s, count, size_px=(wide, height))
    left = (wide - width) // 2
    return frames[:, :, left : left + width]


def burned(frames: Clip, captions: Sequence[Caption]) -> Clip:
    """A copy with the captions in it."""
    lettered = frames.copy()
    for caption in captions:
        for row in range(caption.first, min(caption.after, len(frames))):
            lettered[row] = _drawn(frames[row], caption)
    return lettered


def _captions(
    rng: np.random.Generator, lines: list[str], frame_count: int, short_px: int, middle: float
) -> list[Caption]:
    captions = []
    first = int(rng.integers(0, 10))
    while lines:
        after = first + round(float(rng.uniform(*SHOWN_S)) * RATE_HZ)
        if after > frame_count:
            break
        captions.append(
            Caption(
                content=lines.pop(),
                first=first,
                after=after,
                face=FACES[int(rng.integers(len(FACES)))],
                size_px=round(float(rng.uniform(*SIZES)) * short_px),
                style=STYLES[int(rng.integers(len(STYLES)))],
                middle=middle,
            )
        )
        first = after + max(0, round(float(rng.uniform(-PAUSE_S, PAUSE_S)) * RATE_HZ))
    return captions


def _drawn(frame: Clip, caption: Caption) -> Clip:
    picture = Image.fromarray(frame)
    draw = ImageDraw.Draw(picture, "RGBA")
    face = ImageFont.truetype(str(face_file(caption.face)), caption.size_px)
    content = _wrapped(draw, face, caption.content, 0.88 * picture.width)
    at = (picture.width / 2, caption.middle * picture.height)
    if caption.style in ("dark box", "light box"):
        left, top, right, bottom = draw.multiline_textbbox(at, content, font=face, anchor="ma", align="center")
        pad = caption.size_px / 3
        ground = (0, 0, 0, 170) if caption.style == "dark box" else (255, 255, 255, 255)
        draw.rectangle((left - pad, top - pad, right + pad, bottom + pad), fill=ground)
    stroke = {"outline": 10, "yellow": 10, "thin outline": 20}.get(caption.style, 0)
    draw.multiline_text(
        at,
        content,
        font=face,
        fill={"yellow": (255, 230, 0), "light box": (20, 20, 20)}.get(caption.style, (255, 255, 255)),
        anchor="ma",
        align="center",
        stroke_width=max(1, round(caption.size_px / stroke)) if stroke else 0,
        stroke_fill=(0, 0, 0),
    )
    return np.asarray(picture)


def _wrapped(draw: ImageDraw.ImageDraw, face: ImageFont.FreeTypeFont, content: str, width_px: float) -> str:
    """As few lines as fit, filled from the first."""
    lines = [""]
    for word in content.split():
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and draw.textlength(longer, font=face) > width_px:
            lines.append(word)
        else:
            lines[-1] = longer
    return "\n".join(lines)
