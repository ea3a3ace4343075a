"""What a person wants to see of a report first: pure functions that go by the shape of findings, not by who found."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from reelscribe.report import concluded, seen
from reelscribe.report.clock import clock
from reelscribe.v1.analysis_pb2 import Report
from reelscribe.v1.finding_pb2 import ColorProfile, Finding, TextKind, TransitionKind
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
    found = list(_all(report))
    makers: tuple[Callable[[], tuple[str, list[Line]]], ...] = (
        lambda: ("asks for", _lines(found, concluded.asked)),
        lambda: ("story", _lines(found, concluded.story)),
        lambda: ("on screen", _written(found)),
        lambda: _said(found),
        lambda: ("described", _described(found)),
        lambda: ("cuts", _cuts(found)),
        lambda: ("scenes", _lines(found, seen.scenes)),
        lambda: ("camera", _lines(found, seen.camera)),
        lambda: ("things", _things(found)),
        lambda: ("people", _lines(found, seen.people)),
        lambda: ("products", _lines(found, seen.products)),
        lambda: ("effects", _listed_in_one(_lines(found, seen.effects))),
        lambda: ("sounds", _scores(found, of_sound=True)),
        lambda: ("scores", _scores(found, of_sound=False)),
        lambda: ("colours", _colours(found)),
        lambda: ("quality", _lines(found, seen.quality)),
        lambda: ("checks", _lines(found, concluded.checks)),
        lambda: ("also", _shapeless(found)),
    )
    sections = []
    for make in makers:
        title, lines = make()
        if lines:
            left_out = max(0, len(lines) - line_count)
            sections.append(Section(title=title, lines=tuple(lines[:line_count]), left_out_count=left_out))
    return tuple(sections)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    analyzer: str
    stream: int
    finding: Finding

    @property
    def start_s(self) -> float:
        return span_s(self.finding.span)[0]

    @property
    def shape(self) -> str | None:
        shape: str | None = self.finding.WhichOneof("shape")
        return shape


def _all(report: Report) -> Iterator[_Found]:
    for result in report.results:
        for finding in result.findings:
            yield _Found(analyzer=result.analyzer, stream=result.coverage.stream, finding=finding)


def _of(found: Iterable[_Found], *shapes: str) -> list[_Found]:
    return sorted((one for one in found if one.shape in shapes), key=lambda one: one.start_s)


def _lines(found: Sequence[_Found], tell: Callable[[Sequence[Finding]], list[str]]) -> list[Line]:
    return [Line(text=text) for text in tell([one.finding for one in sorted(found, key=lambda one: one.start_s)])]


def _listed_in_one(lines: Sequence[Line]) -> list[Line]:
    return [Line(text=_listed([line.text for line in lines]))] if lines else []


def _written(found: Sequence[_Found]) -> list[Line]:
    return [
        Line(text=" / ".join(one.finding.text.content.splitlines()), start_s=one.start_s)
        for one in _of(found, "text")
        if one.finding.text.kind != TextKind.TEXT_KIND_SPEECH
    ]


def _said(found: Sequence[_Found]) -> tuple[str, list[Line]]:
    """Titled with the languages spoken: "speech (de)"."""
    spoken = [one for one in _of(found, "text") if one.finding.text.kind == TextKind.TEXT_KIND_SPEECH]
    languages = dict.fromkeys(one.finding.text.language_code for one in spoken if one.finding.text.language_code)
    title = f"speech ({', '.join(languages)})" if languages else "speech"
    return title, [Line(text=one.finding.text.content.strip(), start_s=one.start_s) for one in spoken]


def _described(found: Sequence[_Found]) -> list[Line]:
    return [Line(text=one.finding.description.content, start_s=one.start_s) for one in _of(found, "description")]


def _cuts(found: Sequence[_Found]) -> list[Line]:
    """One line a kind: "5 hard cuts at 0:05.97, 0:07.93 ..."."""
    by_kind: dict[int, list[float]] = {}
    for one in _of(found, "transition"):
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


def _things(found: Sequence[_Found]) -> list[Line]:
    """Tracked things are counted each once; a box stands for itself."""
    counts = Counter(one.finding.label for one in _of(found, "track", "box"))
    text = _listed([f"{count} {label.replace('_', ' ')}" for label, count in counts.most_common()])
    return [Line(text=text)] if text else []


def _scores(found: Sequence[_Found], *, of_sound: bool) -> list[Line]:
    """Each label once, at its highest, the clearest first: "dog 0.97 (0:23.1), music 0.92 (0:11.9)"."""
    peaks: dict[str, tuple[float, float]] = {}
    for one in _of(found, "scores"):
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


def _colours(found: Sequence[_Found]) -> list[Line]:
    """The profile of the longest stretch: that of the whole video, where there is one."""
    profiles = _of(found, "color")
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


def _shapeless(found: Sequence[_Found]) -> list[Line]:
    """What has a label only is counted, under the name of who found it."""
    counts = Counter((one.analyzer, one.finding.label) for one in found if one.shape is None)
    return [
        Line(text=f"{analyzer}: {count} {label.replace('_', ' ')}") for (analyzer, label), count in counts.most_common()
    ]
