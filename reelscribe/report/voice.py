"""How somebody speaks, in few words: pure functions over findings, in order of time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from statistics import median

from reelscribe.report.clock import clock
from reelscribe.report.found import shaped
from reelscribe.v1.finding_pb2 import Finding
from services.common.time import seconds, span_s

NAMED_WORDS = 6
"""Emphasised words and fillers named; the rest are counted."""


def manner(findings: Sequence[Finding]) -> list[str]:
    """Two lines: rate, pitch, pauses; then emphasis, fillers, feelings and effort."""
    numbers = [*_rate(findings), *_pitch(findings), *_pauses(findings)]
    words = [*_emphasis(findings), *_fillers(findings), *_effort(findings), *_feelings(findings)]
    return [", ".join(told) for told in (numbers, words) if told]


def _rate(findings: Sequence[Finding]) -> list[str]:
    """Over all utterances, the silences between them left out."""
    rates = [each.speech_rate for each in shaped(findings, "speech_rate")]
    minutes = sum(_length_s(each) for each in shaped(findings, "speech_rate")) / 60
    words = sum(rate.word_count for rate in rates)
    told = [f"{words / minutes:.0f} words a minute"] if words and minutes else []
    counted = [rate for rate in rates if rate.HasField("syllable_count")]
    spoken_s = sum(seconds(rate.speaking_duration) for rate in counted)
    if spoken_s:
        told.append(f"{sum(rate.syllable_count for rate in counted) / spoken_s:.1f} syllables a second")
    return told


def _pitch(findings: Sequence[Finding]) -> list[str]:
    tracks = [each.pitch for each in shaped(findings, "pitch")]
    if not tracks:
        return []
    low, high = min(track.low_hz for track in tracks), max(track.high_hz for track in tracks)
    return [f"pitch {median(track.median_hz for track in tracks):.0f} Hz ({low:.0f}-{high:.0f})"]


def _pauses(findings: Sequence[Finding]) -> list[str]:
    """Those between words; the longest is named with the word it follows."""
    between = [each for each in shaped(findings, "pause") if each.pause.word_before and each.pause.word_after]
    if not between:
        return []
    longest = max(between, key=_length_s)
    count = "1 pause" if len(between) == 1 else f"{len(between)} pauses"
    when = clock(span_s(longest.span)[0])
    return [f"{count}, longest {_length_s(longest):.1f} s at {when} after “{longest.pause.word_before}”"]


def _emphasis(findings: Sequence[Finding]) -> list[str]:
    words = [f"“{each.emphasis.word.strip('.,!?;:')}”" for each in shaped(findings, "emphasis")]
    return [f"stressed {_listed(words)}"] if words else []


def _fillers(findings: Sequence[Finding]) -> list[str]:
    counts = Counter(each.filler.content for each in shaped(findings, "filler"))
    told = [f"“{content}”" if count == 1 else f"{count} × “{content}”" for content, count in counts.most_common()]
    return [f"fillers {_listed(told)}"] if told else []


def _effort(findings: Sequence[Finding]) -> list[str]:
    return [f"voice {each.label} {clock(span_s(each.span)[0])}" for each in shaped(findings, "vocal_effort")]


def _feelings(findings: Sequence[Finding]) -> list[str]:
    """Of the voice: a face's have a subject."""
    heard = [each for each in shaped(findings, "distribution") if not each.HasField("subject")]
    lengths: Counter[str] = Counter()
    for each in heard:
        lengths[each.label] += _length_s(each)  # type: ignore[assignment]  # seconds, not a whole number
    return [f"sounds {label.replace('_', ' ')}" for label, _ in lengths.most_common(2)]


def _length_s(finding: Finding) -> float:
    start_s, end_s = span_s(finding.span)
    return end_s - start_s


def _listed(told: Sequence[str]) -> str:
    rest = len(told) - NAMED_WORDS
    return ", ".join(told[:NAMED_WORDS]) + (f" and {rest} more" if rest > 0 else "")
