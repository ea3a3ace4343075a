"""What a person wants to see of a report first: pure functions that go by the shape of findings, not by who found."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from reelscribe.report import concluded, heard, seen, spoken, voice
from reelscribe.report.clock import clock
from reelscribe.report.found import Found, found, of, written
from reelscribe.v1.analysis_pb2 import Report
from reelscribe.v1.finding_pb2 import ColorProfile, Finding, TransitionKind
from reelscribe.v1.media_pb2 import StreamKind
from services.common.time import seconds, span_s

SWATCH_COUNT = 4
"""Colours named; the rest are shades nobody would miss."""


LISTED_COUNT = 8
"""Times of cuts and labels of things listed in one line; the rest are counted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One thing found. `start_s` is None where the line is about the whole video."""

    text: str
    start_s: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """Things of one kind. `left_out_count` more are in the report."""

    title: str
    lines: tuple[Line, ...]
    left_out_count: int = 0


def glance(report: Report, *, line_count: int = 5) -> tuple[Section, ...]:
    """At most `line_count` lines of each kind of evidence, in order of time, kinds without any left out."""
    items = found(report)
    makers: tuple[Callable[[], tuple[str, list[Line]]], ...] = (
        lambda: ("asks for", _lines(items, concluded.asked)),
        lambda: ("story", _lines(items, concluded.story)),
        lambda: ("on screen", _written(items)),
        lambda: _said(items),
        lambda: ("speakers", _lines(items, spoken.speakers)),
        lambda: ("voice", _lines(items, voice.manner)),
        lambda: ("described", _described(items)),
        lambda: ("cuts", _cuts(items)),
        lambda: ("scenes", _lines(items, seen.scenes)),
        lambda: ("camera", _lines(items, seen.camera)),
        lambda: ("things", _things(items)),
        lambda: ("people", _lines(items, seen.people)),
        lambda: ("products", _lines(items, seen.products)),
        lambda: ("effects", _listed_in_one(_lines(items, seen.effects))),
        lambda: ("sound", _lines(items, heard.sound)),
        lambda: ("heard", _listed_in_one(_lines(items, heard.events))),
        lambda: ("sounds", _scores(items, of_sound=True)),
        lambda: ("scores", _scores(items, of_sound=False)),
        lambda: ("colours", _colours(items)),
        lambda: ("quality", _lines(items, seen.quality)),
        lambda: ("checks", _lines(items, concluded.checks)),
        lambda: ("also", _shapeless(items)),
    )
    sections = []
    for make in makers:
        title, lines = make()
        if lines:
            left_out = max(0, len(lines) - line_count)
            sections.append(Section(title=title, lines=tuple(lines[:line_count]), left_out_count=left_out))
    return tuple(sections)


def _lines(items: Sequence[Found], tell: Callable[[Sequence[Finding]], list[str]]) -> list[Line]:
    return [Line(text=text) for text in tell([one.finding for one in items])]


def _listed_in_one(lines: Sequence[Line]) -> list[Line]:
    return [Line(text=_listed([line.text for line in lines]))] if lines else []


def _written(items: Sequence[Found]) -> list[Line]:
    return [Line(text=" / ".join(one.finding.text.content.splitlines()), start_s=one.start_s) for one in written(items)]


def _said(items: Sequence[Found]) -> tuple[str, list[Line]]:
    """Titled with the languages spoken: "speech (de)"; who speaks is told where there are several."""
    said = [one for one in of(items, "text") if spoken.is_speech(one.finding)]
    languages = spoken.languages(one.finding for one in said)
    title = f"speech ({', '.join(languages)})" if languages else "speech"
    speaker_count = len({one.finding.subject.speaker_id for one in items if spoken.is_turn(one.finding)})
    return title, [Line(text=spoken.utterance(one.finding, speaker_count), start_s=one.start_s) for one in said]


def _described(items: Sequence[Found]) -> list[Line]:
    return [Line(text=one.finding.description.content, start_s=one.start_s) for one in of(items, "description")]


def _cuts(items: Sequence[Found]) -> list[Line]:
    """One line a kind: "5 hard cuts at 0:05.97, 0:07.93 ..."."""
    by_kind: dict[int, list[float]] = {}
    for one in of(items, "transition"):
        by_kind.setdefault(one.finding.transition.kind, []).append(one.start_s)
    return [
        Line(text=f"{len(times)} {_transition(kind, len(times))} at {_listed([clock(time, 2) for time in times])}")
        for kind, times in sorted(by_kind.items())
    ]


def _listed(items: Sequence[str]) -> str:
    rest = len(items) - LISTED_COUNT
    return ", ".join(items[:LISTED_COUNT]) + (f" and {rest} more" if rest > 0 else "")


def _transition(kind: int, count: int) -> str:
    name = TransitionKind.Name(kind).removeprefix("TRANSITION_KIND_").lower().replace("_", " ")
    name = "gradual transition" if kind == TransitionKind.TRANSITION_KIND_GRADUAL else name
    return name if count == 1 else f"{name}s"


def _things(items: Sequence[Found]) -> list[Line]:
    """Tracked things are counted each once; a box stands for itself."""
    counts = Counter(one.finding.label for one in of(items, "track", "box"))
    text = _listed(
        [
            label.replace("_", " ") if count == 1 else f"{count} × {label.replace('_', ' ')}"
            for label, count in counts.most_common()
        ]
    )
    return [Line(text=text)] if text else []


def _scores(items: Sequence[Found], *, of_sound: bool) -> list[Line]:
    """Each label once, at its highest, the clearest first: "dog 0.97 (0:23.1), music 0.92 (0:11.9)"."""
    peaks: dict[str, tuple[float, float]] = {}
    for one in of(items, "scores"):
        values = one.finding.scores.values
        if (one.stream == StreamKind.STREAM_KIND_SAMPLES) is not of_sound or not values:
            continue
        best = max(range(len(values)), key=values.__getitem__)
        at_s = one.start_s + best * seconds(one.finding.scores.step_duration)
        if values[best] > peaks.get(one.finding.label, (-1.0, 0.0))[0]:
            peaks[one.finding.label] = (values[best], at_s)
    ordered = sorted(peaks.items(), key=lambda item: -item[1][0])
    told = [f"{label.replace('_', ' ')} {score:.2f} ({clock(at_s)})" for label, (score, at_s) in ordered]
    return [Line(text=_listed(told))] if told else []


def _colours(items: Sequence[Found]) -> list[Line]:
    """The profile of the longest stretch: that of the whole video, where there is one."""
    profiles = of(items, "color")
    if not profiles:
        return []
    longest = max(profiles, key=lambda one: span_s(one.finding.span)[1] - one.start_s)
    return [Line(text=_palette(longest.finding.color))]


def _palette(profile: ColorProfile) -> str:
    shares: dict[str, float] = {}
    for swatch in profile.swatches:
        shares[swatch.name] = shares.get(swatch.name, 0.0) + swatch.share
    largest = sorted(shares.items(), key=lambda item: -item[1])[:SWATCH_COUNT]
    return ", ".join(f"{name.replace('_', ' ')} {share:.0%}" for name, share in largest)


def _shapeless(items: Sequence[Found]) -> list[Line]:
    """What has a label only is counted, under the name of who found it."""
    bare = (
        one
        for one in items
        if not one.shape and not spoken.is_turn(one.finding) and one.label not in seen.UNMEASURED_LABELS
    )
    counts = Counter((one.analyzer, one.finding.label) for one in bare)
    return [
        Line(text=f"{analyzer}: {count} {label.replace('_', ' ')}") for (analyzer, label), count in counts.most_common()
    ]
