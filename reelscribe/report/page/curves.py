"""Loudness, pitch and pace over time as lines that a page can carry."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from statistics import fmean

from reelscribe.report.found import Found
from reelscribe.report.page.known import Known
from reelscribe.report.page.words import Words
from services.common.time import seconds

MAX_POINTS = 1500
"""Points of one line: more than a wide screen has pixels for. A longer one is thinned, and the page says so."""

FLOOR_LUFS = -60.0
"""Quieter is drawn as this: -120 stands for digital silence, and would press all the rest together."""

TOP_LUFS = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of a curve. A value of None is a gap."""

    title: str
    start_s: float
    step_s: float
    values: tuple[float | None, ...]
    main: bool = True

    def thinned(self, most: int, fold: Callable[[Sequence[float]], float]) -> Line:
        """At most so many values, each standing for several neighbours."""
        stride = -(-len(self.values) // most)
        if stride <= 1:
            return self
        kept = []
        for first in range(0, len(self.values), stride):
            some = [value for value in self.values[first : first + stride] if value is not None]
            kept.append(fold(some) if some else None)
        return Line(
            title=self.title, start_s=self.start_s, step_s=self.step_s * stride, values=tuple(kept), main=self.main
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """Lines over one scale."""

    key: str
    group: str
    title: str
    unit: str
    low: float
    high: float
    lines: tuple[Line, ...]
    stride: int = 1
    """Measured values behind each point drawn."""
    decimals: int = 0

    def paths(self, whole_s: float) -> Iterator[tuple[str, bool]]:
        """Each line as an SVG path in a box of 1000 x 100, and whether it is a main one."""
        for line in self.lines:
            yield path(line, low=self.low, high=self.high, whole_s=whole_s), line.main


def path(line: Line, *, low: float, high: float, whole_s: float) -> str:
    """A stroke through the middles of the steps, lifted at gaps.

    >>> path(Line(title="", start_s=0, step_s=1, values=(0.0, None, 1.0, 0.5)), low=0, high=1, whole_s=4)
    'M125 100M625 0L875 50'
    """
    told, down = [], False
    for number, value in enumerate(line.values):
        if value is None:
            down = False
            continue
        # The last step may reach beyond the video's end.
        x = min(1000.0, 1000 * (line.start_s + (number + 0.5) * line.step_s) / (whole_s or 1.0))
        y = 100 * (1 - (min(high, max(low, value)) - low) / (high - low))
        told.append(f"{'L' if down else 'M'}{x:.5g} {y:.4g}")
        down = True
    return "".join(told)


def area(stroke: str) -> str:
    """What lies under a path of `path`, down to the bottom of its box, each piece closed.

    >>> area("M125 100L375 20M625 0L875 50")
    'M125 100L375 20V100H125ZM625 0L875 50V100H625Z'
    """
    pieces = (piece for piece in stroke.split("M") if piece)
    return "".join(f"M{piece}V100H{piece.split(' ', 1)[0]}Z" for piece in pieces)


def curves(known: Known, words: Words) -> tuple[Curve, ...]:
    """Pace, loudness and pitch, those that were measured."""
    return tuple(curve for make in (_pace, _loudness, _pitch) if (curve := make(known, words)) is not None)


def _pace(known: Known, words: Words) -> Curve | None:
    found = next(iter(known.of("pacing_curve")), None)
    if found is None:
        return None
    curve, step = found.finding.pacing_curve, seconds(found.finding.pacing_curve.step_duration)
    lines = [Line(title=words.say("curve.pace"), start_s=found.start_s, step_s=step, values=tuple(curve.values))]
    lines += [
        Line(title=words.label(part.name), start_s=found.start_s, step_s=step, values=tuple(part.values), main=False)
        for part in curve.components
    ]
    return _curve("pace", "story", words, lines, fmean, low=0.0, high=1.0, decimals=2)


def _loudness(known: Known, words: Words) -> Curve | None:
    measured = [found for found in known.of("loudness") if found.finding.loudness.momentary_lufs]
    if not measured:
        return None
    longest = max(measured, key=lambda found: found.length_s)
    loudness, step = longest.finding.loudness, seconds(longest.finding.loudness.step_duration)
    kinds = (("momentary", loudness.momentary_lufs, True), ("short_term", loudness.short_term_lufs, False))
    lines = [
        Line(title=words.say(f"curve.{key}"), start_s=longest.start_s, step_s=step, values=tuple(values), main=main)
        for key, values, main in kinds
        if values
    ]
    return _curve("loudness", "sound", words, lines, max, low=FLOOR_LUFS, high=TOP_LUFS, unit="LUFS", decimals=1)


def _pitch(known: Known, words: Words) -> Curve | None:
    lines = [_pitch_line(found, words) for found in known.of("pitch") if found.finding.pitch.frequency_hz]
    heard = [value for line in lines for value in line.values if value is not None]
    if not heard:
        return None
    low, high = min(heard), max(heard)
    return _curve("pitch", "sound", words, lines, fmean, low=0.9 * low, high=1.1 * high, unit="Hz")


def _pitch_line(found: Found, words: Words) -> Line:
    pitch = found.finding.pitch
    values = tuple(value if value > 0 else None for value in pitch.frequency_hz)
    step = seconds(pitch.step_duration)
    return Line(title=words.say("curve.pitch"), start_s=found.start_s, step_s=step, values=values)


def _curve(
    key: str,
    group: str,
    words: Words,
    lines: Sequence[Line],
    fold: Callable[[Sequence[float]], float],
    *,
    low: float,
    high: float,
    unit: str = "",
    decimals: int = 0,
) -> Curve | None:
    lines = [line for line in lines if line.values and line.step_s > 0]
    if not lines:
        return None
    most = max(2, MAX_POINTS // len([line for line in lines if line.main] or lines))
    longest = max(len(line.values) for line in lines)
    return Curve(
        key=key,
        group=group,
        title=words.say(f"lane.{key}"),
        unit=unit,
        low=low,
        high=high,
        lines=tuple(line.thinned(most, fold) for line in lines),
        stride=-(-longest // most),
        decimals=decimals,
    )
