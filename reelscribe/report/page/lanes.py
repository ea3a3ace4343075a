"""The timeline's lanes: which findings go into which, and how bars that overlap share one."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from reelscribe.report.found import Found
from reelscribe.report.keyframes import longest
from reelscribe.report.page.known import Known
from reelscribe.report.page.measured import details
from reelscribe.report.page.telling import title, verdict
from reelscribe.report.page.words import Words
from reelscribe.v1.finding_pb2 import ColorProfile, TextKind

MAX_ROWS = 5
"""Bars on top of each other in one lane; a lane that needs more tells how many are not drawn."""

MAX_BARS = 1000
"""Bars of one lane: a browser draws some thousands in a second. Of more, the longest are drawn."""

BAR_GAP = 0.002
"""Of the video's length: bars closer than this go on different rows, so that both can be seen."""

WHOLE = "overall"
"""Label of a finding about all of the video: it stands in a section, and would fill a lane with one bar."""

CURVES = frozenset({"loudness", "pitch", "pacing_curve"})
"""Drawn as curves."""

MEASURED_WHOLE = frozenset({"pacing", "rhythm", "clipping", "stereo", "signal_to_noise", "pose"}) | CURVES
"""Told in a section, or drawn over the picture."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One finding in a lane. Places in percent of the video's length."""

    left: float
    width: float
    row: int
    start_s: float
    end_s: float
    title: str
    tip: tuple[str, ...]
    mark: bool = False
    """A moment rather than a stretch."""
    tone: str = ""
    """A word for its colour where the lane's own would not do: "agrees", "contradicts"."""
    stripes: tuple[tuple[str, float], ...] = ()
    """Colours (CSS) and their shares: a palette."""
    curve: str = ""
    """Points of an SVG polygon in a box of 100 x 100: how sure the method was."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lane:
    """Bars of one kind."""

    key: str
    group: str
    title: str
    bars: tuple[Bar, ...]
    row_count: int
    left_out_count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LaneKind:
    """What a lane shows. The first kind that takes a finding has it."""

    key: str
    group: str
    takes: Callable[[Found], bool]


def _of(key: str, group: str, *shapes: str) -> LaneKind:
    return LaneKind(key=key, group=group, takes=lambda found: found.shape in shapes)


def _text(key: str, *kinds: int) -> LaneKind:
    return LaneKind(
        key=key, group="text", takes=lambda found: found.shape == "text" and found.finding.text.kind in kinds
    )


KINDS = (
    _of("phases", "story", "phase"),
    _of("moments", "story", "key_moment"),
    _of("calls", "story", "call_to_action", "comment_reply"),
    _of("checks", "story", "cross_check"),
    _of("described", "story", "description"),
    _of("scenes", "picture", "scene"),
    _of("camera", "picture", "camera"),
    _of("scales", "picture", "shot_scale"),
    _of("effects", "picture", "effect"),
    _of("palette", "picture", "color"),
    _of("settings", "picture", "regions"),
    _of("composition", "picture", "composition"),
    _of("quality", "picture", "quality"),
    LaneKind(key="persons", group="people", takes=lambda found: found.shape == "track" and found.label == "person"),
    _of("gestures", "people", "gesture"),
    _of("posture", "people", "body"),
    _of("activity", "people", "activity"),
    LaneKind(
        key="gaze",
        group="people",
        takes=lambda found: found.shape in ("gaze_direction", "gaze") or found.analyzer == "eye_tracking",
    ),
    LaneKind(
        key="emotions",
        group="people",
        takes=lambda found: found.shape == "distribution" and not found.finding.subject.HasField("speaker_id"),
    ),
    _of("ages", "people", "age"),
    _of("things", "things", "track", "box"),
    _of("products", "things", "product"),
    _text("captions", TextKind.TEXT_KIND_CAPTION),
    _text("titles", TextKind.TEXT_KIND_TITLE, TextKind.TEXT_KIND_SCENE),
    LaneKind(
        key="speech",
        group="sound",
        takes=lambda found: found.shape == "text" and found.finding.text.kind == TextKind.TEXT_KIND_SPEECH,
    ),
    LaneKind(key="turns", group="sound", takes=lambda found: found.label == "speaker_turn"),
    _of("rates", "sound", "speech_rate"),
    _of("pauses", "sound", "pause"),
    _of("emphasis", "sound", "emphasis"),
    _of("fillers", "sound", "filler"),
    _of("voices", "sound", "vocal_effort", "distribution"),
    _of("spans", "sound", "sound_span"),
    _of("sounds", "sound", "scores"),
    _of("events", "sound", "sound_event"),
    _of("music", "sound", "tempo", "key"),
)
"""In the order of the page. What none of them takes gets a lane by its analyzer, so that nothing is hidden."""

GROUPS = ("story", "picture", "people", "things", "text", "sound", "other")


def lanes(known: Known, words: Words) -> tuple[Lane, ...]:
    """All lanes that have something in them."""
    taken: dict[tuple[str, str], list[Found]] = {(kind.group, kind.key): [] for kind in KINDS}
    for found in known.all:
        if found.label == WHOLE or found.shape in MEASURED_WHOLE or found.shape in ("shot", "transition"):
            continue
        kind = next((kind for kind in KINDS if kind.takes(found)), None)
        place = (kind.group, kind.key) if kind else ("other", found.analyzer)
        taken.setdefault(place, []).append(found)
    return tuple(_lane(group, key, found, known, words) for (group, key), found in taken.items() if found)


def _lane(group: str, key: str, found: Sequence[Found], known: Known, words: Words) -> Lane:
    kept = longest([(each.start_s, each.end_s) for each in found], MAX_BARS)
    bars = tuple(_bars([found[index] for index in kept], known.duration_s, words))
    return Lane(
        key=key,
        group=group,
        title=words.phrases.get(f"lane.{key}") or words.label(key),
        bars=bars,
        row_count=1 + max((bar.row for bar in bars), default=0),
        left_out_count=len(found) - len(bars),
    )


def _bars(found: Sequence[Found], duration_s: float, words: Words) -> Iterator[Bar]:
    """Each on the first row that is free; those that find none are left out."""
    whole_s = duration_s or 1.0
    free_s: list[float] = []
    for each in found:
        row = next((row for row, end_s in enumerate(free_s) if end_s <= each.start_s), len(free_s))
        if row == MAX_ROWS:
            continue
        end_s = max(each.end_s, each.start_s + BAR_GAP * whole_s)
        free_s[row : row + 1] = [end_s]
        yield _bar(each, row, whole_s, words)


def _bar(found: Found, row: int, whole_s: float, words: Words) -> Bar:
    left = 100 * max(0.0, min(1.0, found.start_s / whole_s))
    return Bar(
        left=round(left, 3),
        width=round(min(100 - left, 100 * max(0.0, found.length_s) / whole_s), 3),
        row=row,
        start_s=round(found.start_s, 3),
        end_s=round(found.end_s, 3),
        title=title(found, words),
        tip=details(found, words),
        mark=found.length_s < BAR_GAP * whole_s,
        tone=_tone(found),
        stripes=_stripes(found.finding.color) if found.shape == "color" else (),
        curve=score_polygon(found.finding.scores.values) if found.shape == "scores" else "",
    )


def _tone(found: Found) -> str:
    if found.shape == "cross_check":
        return verdict(found.finding.cross_check.verdict)
    return found.label if found.shape == "phase" else ""


def _stripes(profile: ColorProfile) -> tuple[tuple[str, float], ...]:
    total = sum(swatch.share for swatch in profile.swatches) or 1.0
    return tuple(
        (f"rgb({swatch.red} {swatch.green} {swatch.blue})", round(100 * swatch.share / total, 2))
        for swatch in profile.swatches
    )


def score_polygon(values: Sequence[float]) -> str:
    """The area under steps of equal width, each as high as its value in [0, 1].

    >>> score_polygon([1.0, 0.5])
    '0,100 0,0 50,0 50,50 100,50 100,100'
    """
    width = 100 / max(1, len(values))
    points = ["0,100"]
    for number, value in enumerate(values):
        height = round(100 * (1 - min(1.0, max(0.0, value))), 1)
        points += [f"{number * width:.4g},{height:g}", f"{(number + 1) * width:.4g},{height:g}"]
    return " ".join([*points, "100,100"])


def cuts(known: Known, words: Words) -> tuple[Bar, ...]:
    """Changes of shot, drawn through all lanes."""
    return tuple(_bar(found, 0, known.duration_s or 1.0, words) for found in known.of("transition"))
