"""The pacing curve: how much happens, as the mean of the kinds of activity that could be measured over the whole."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from gateway.calls.passages import CAPTION, TITLE, Piece, spoken
from gateway.evidence import Evidence
from gateway.flow.grid import STEP_S, Grid, mean, smoothed
from reelscribe.v1.finding_pb2 import Finding
from services.common.time import seconds, span_s

FULL_CUTS_PER_S = 1.0
"""Cut rate that counts as 1: a shot a second is about the fastest that stays legible as shots; above it is 1, too."""

FULL_WORDS_PER_S = 4.0
"""Words a second that count as 1, 240 a minute: as fast as fluent speech goes; conversation has about 160."""

FULL_CHARACTERS_PER_S = 17.0
"""Characters to read a second that count as 1: the most that Netflix's timed text guides allow for adults."""

FULL_CAMERA_PER_S = 1.0
"""Camera speed that counts as 1: a frame width a second, a picture that is another one every second."""

FULL_BODY_PER_S = 1.0
"""Speed of a body that counts as 1, body heights a second: a brisk walk (1.4 m/s is 0.8 of them) comes close."""

LOUD_RANGE_LU = (-18.0, 9.0)
"""Loudness against the video's own integrated one that counts as 0 and as 1: the ends of EBU's +9 scale (Tech 3341)."""

MOMENTARY_S = 0.4
"""How long a momentary value speaks for, from its moment on (ITU-R BS.1770)."""

STILL = "static"
"""camera_analysis's word for a camera that does not move: what it measures then is noise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """Curves in steps of STEP_S, each value [0, 1]."""

    components: dict[str, list[float]]
    """By name, of equal length; at least one."""
    evidence: Sequence[Finding]
    """What was laid down in them."""

    @property
    def values(self) -> list[float]:
        """Mean over the components at each step."""
        return [mean(column) for column in zip(*self.components.values(), strict=True)]


def pace_of(evidence: Evidence) -> Pace | None:
    """The curves of what was measured from beginning to end; None if nothing was."""
    grid = Grid(duration_s=evidence.duration_s)
    components: dict[str, list[float]] = {}
    used: list[Finding] = []
    for name, (sources, laid_down) in COMPONENTS.items():
        measured = [source for source in sources if evidence.covers_all(source)]
        if measured:
            raw, findings = laid_down(evidence, grid)
            components[name] = [min(1.0, value) for value in smoothed(raw)]
            used += findings
    return Pace(components=components, evidence=used) if components else None


LaidDown = tuple[list[float], list[Finding]]


def _cuts(evidence: Evidence, grid: Grid) -> LaidDown:
    values = [0.0] * grid.count
    found = evidence.of("transition", analyzers=["cut_analysis"])
    for finding in found:
        values[grid.index(span_s(finding.span)[0])] += 1 / STEP_S / FULL_CUTS_PER_S
    return values, found


def _motion(evidence: Evidence, grid: Grid) -> LaidDown:
    """The faster of camera and people."""
    values = [0.0] * grid.count
    used = []
    for finding in evidence.of("camera", "activity"):
        speed = _speed(finding)
        if speed > 0:
            used.append(finding)
        for index, share in grid.shares(*span_s(finding.span)):
            values[index] = max(values[index], share * min(1.0, speed))
    return values, used


def _speed(finding: Finding) -> float:
    """In full speeds."""
    if finding.WhichOneof("shape") == "activity":
        return finding.activity.median_speed / FULL_BODY_PER_S
    if finding.label == STILL:
        return 0.0
    move = finding.camera
    zoom_per_s = abs(math.log(move.zoom_per_s)) if move.zoom_per_s > 0 else 0.0
    return math.hypot(move.pan_per_s, move.tilt_per_s, zoom_per_s) / FULL_CAMERA_PER_S


def _speech(evidence: Evidence, grid: Grid) -> LaidDown:
    values = [0.0] * grid.count
    found = evidence.said()
    for piece in (piece for passage in spoken(evidence) for piece in passage.pieces):
        _spread(values, grid, piece, len(piece.content.split()) / FULL_WORDS_PER_S)
    return values, found


def _text(evidence: Evidence, grid: Grid) -> LaidDown:
    """Characters of each text laid over the picture, spread over the time it can be read. Signs stand there anyway."""
    values = [0.0] * grid.count
    found = evidence.written(CAPTION, TITLE)
    for finding in found:
        start_s, end_s = span_s(finding.span)
        piece = Piece(content=finding.text.content, start_s=start_s, end_s=end_s, finding=finding)
        _spread(values, grid, piece, len(finding.text.content) / FULL_CHARACTERS_PER_S)
    return values, found


def _spread(values: list[float], grid: Grid, piece: Piece, amount: float) -> None:
    """An amount per second over a piece's time; one that is shorter than a step is told in that step."""
    shares = grid.shares(piece.start_s, piece.end_s) or [(grid.index(piece.start_s), 1.0)]
    total = sum(share for _, share in shares)
    for index, share in shares:
        values[index] += amount * share / total / STEP_S


def _loudness(evidence: Evidence, grid: Grid) -> LaidDown:
    """The loudest moment of each step. A finding without integrated loudness is silence."""
    values = [0.0] * grid.count
    low_lu, high_lu = LOUD_RANGE_LU
    found = [item for item in evidence.of("loudness") if item.loudness.momentary_lufs]
    for finding in found:
        curve = finding.loudness
        start_s, step_s = span_s(finding.span)[0], seconds(curve.step_duration)
        if not curve.HasField("integrated_lufs") or step_s <= 0:
            continue
        for position, lufs in enumerate(curve.momentary_lufs):
            at_s = start_s + position * step_s
            above = (lufs - curve.integrated_lufs - low_lu) / (high_lu - low_lu)
            for index in {grid.index(at_s), grid.index(at_s + MOMENTARY_S - 1e-3)}:
                values[index] = max(values[index], min(1.0, above))
    return values, found


COMPONENTS: dict[str, tuple[tuple[str, ...], Callable[[Evidence, Grid], LaidDown]]] = {
    "cuts": (("cut_analysis",), _cuts),
    "motion": (("camera_analysis", "body_pose"), _motion),
    "speech": (("speech_transcription",), _speech),
    "text": (("text_overlay",), _text),
    "loudness": (("audio_analysis",), _loudness),
}
"""Name -> analyzers of which one at least must have looked at everything, and who lays down what they found."""
