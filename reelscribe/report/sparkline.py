"""Lines over the whole length of a video: where it is cut, and how loud it is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import fmean

from reelscribe.report.found import found, of
from reelscribe.v1.analysis_pb2 import Report
from services.common.time import seconds

BLOCKS = "▁▂▃▄▅▆▇█"

QUIETEST_LUFS = -60.0
"""Drawn as the lowest block, and what is quieter too: in a room nobody hears it beside speech at -23."""

CUT, NO_CUT = "│", "─"


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """One line: its title, what is drawn, and what the height means."""

    title: str
    drawn: str
    note: str


def curves(report: Report, width: int) -> tuple[Curve, ...]:
    """Cuts and loudness, `width` characters from the video's beginning to its end; those that were measured.

    How much happens besides cuts is a conclusion, and told with the story.
    """
    return tuple(curve for curve in (_shots(report, width), _loudness(report, width)) if curve is not None)


def sparkline(
    values: Sequence[float],
    width: int,
    *,
    low: float,
    high: float,
    fold: Callable[[Sequence[float]], float] = fmean,
) -> str:
    """What `fold` makes of each of `width` equal stretches (or as many as there are values), from `low` to `high`.

    >>> sparkline([0, 0, 1, 1, 2, 2], 3, low=0, high=2)
    '▁▅█'
    """
    count = min(width, len(values))
    edges = [round(index * len(values) / count) for index in range(count + 1)] if count else []
    return "".join(_block(fold(values[start:end]), low, high) for start, end in pairwise(edges))


def _block(value: float, low: float, high: float) -> str:
    share = (value - low) / (high - low) if high > low else 0.0
    return BLOCKS[round(min(1.0, max(0.0, share)) * (len(BLOCKS) - 1))]


def _shots(report: Report, width: int) -> Curve | None:
    """Where the shots change, if anybody looked for that."""
    items = found(report)
    shots, changes = of(items, "shot"), of(items, "transition")
    length_s = seconds(report.video.duration)
    if not shots or not length_s:
        return None
    places = {min(width - 1, int(width * one.start_s / length_s)) for one in changes}
    drawn = "".join(CUT if place in places else NO_CUT for place in range(width))
    return Curve(title="pacing", drawn=drawn, note=f"{len(shots)} {'shot' if len(shots) == 1 else 'shots'}")


def _loudness(report: Report, width: int) -> Curve | None:
    """Of the longest stretch that has a curve."""
    measured = [one for one in of(found(report), "loudness") if one.finding.loudness.momentary_lufs]
    if not measured:
        return None
    loudness = max(measured, key=lambda one: one.end_s - one.start_s).finding.loudness
    values = loudness.momentary_lufs
    drawn = sparkline(values, width, low=QUIETEST_LUFS, high=max(max(values), QUIETEST_LUFS + 1))
    note = f"{loudness.integrated_lufs:.1f} LUFS" if loudness.HasField("integrated_lufs") else ""
    return Curve(title="loudness", drawn=drawn, note=note)
