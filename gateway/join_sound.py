"""Joins what two neighbouring parts measured of the same sound: curves one after the other, and the whole anew."""

from __future__ import annotations

import math

from reelscribe.v1.finding_pb2 import Finding
from reelscribe.v1.sound_pb2 import Loudness, SoundEvent, SoundSpan
from services.common.loudness import integrated_lufs, loudness_range_lu
from services.common.time import seconds, span_s

SOUND_SHAPES = frozenset({"loudness", "sound_span", "sound_event"})


def extend_sound(left: Finding, right: Finding) -> None:
    """Let left's measurement go on to where right's ends; their spans are as they were found."""
    shape = left.WhichOneof("shape")
    if shape == "loudness":
        _extend_loudness(left.loudness, right.loudness, span_s(right.span)[0] - span_s(left.span)[0])
    elif shape == "sound_span":
        _extend_span(left, right)
    else:
        _extend_event(left.sound_event, right.sound_event)


def _extend_loudness(left: Loudness, right: Loudness, later_s: float) -> None:
    """Momentary blocks are what BS.1770 gates, so the joined loudness is exactly that of one pass.

    Of the short-term curve, the values in the second after the seam rest on the lead-in's two seconds and more, not
    on three.
    """
    step_s = seconds(left.step_duration)
    if step_s <= 0:
        return
    known = max(0, len(left.momentary_lufs) - round(later_s / step_s))
    left.momentary_lufs.extend(right.momentary_lufs[known:])
    left.short_term_lufs.extend(right.short_term_lufs[known:])
    for name, value in (
        ("integrated_lufs", integrated_lufs(left.momentary_lufs)),
        ("loudness_range_lu", loudness_range_lu(left.short_term_lufs)),
        ("true_peak_dbtp", _higher(left, right)),
    ):
        left.ClearField(name)
        if value is not None:
            setattr(left, name, value)


def _higher(left: Loudness, right: Loudness) -> float | None:
    peaks = [each.true_peak_dbtp for each in (left, right) if each.HasField("true_peak_dbtp")]
    return max(peaks, default=None)


def _extend_span(left: Finding, right: Finding) -> None:
    """Level and confidence are the means over left's seconds and over those that right adds."""
    start_s, middle_s = span_s(left.span)
    known_s, added_s = middle_s - start_s, max(0.0, span_s(right.span)[1] - middle_s)
    share = added_s / (known_s + added_s) if known_s + added_s > 0 else 0.0
    power = (1 - share) * _power(left.sound_span) + share * _power(right.sound_span)
    left.sound_span.Clear()
    left.sound_span.SetInParent()
    if power > 0:
        left.sound_span.level_dbfs = 10 * math.log10(power)
    if left.HasField("confidence") and right.HasField("confidence"):
        left.confidence = (1 - share) * left.confidence + share * right.confidence


def _power(measured: SoundSpan) -> float:
    return float(10 ** (measured.level_dbfs / 10)) if measured.HasField("level_dbfs") else 0.0


def _extend_event(left: SoundEvent, right: SoundEvent) -> None:
    """It began in left; only its peak may lie in right."""
    left.peak_dbfs = max(left.peak_dbfs, right.peak_dbfs)
