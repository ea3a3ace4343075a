"""Sound in few words: loudness, what was heard for how long, tempo, key, how it was recorded, single sounds."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from reelscribe.report.clock import clock
from reelscribe.report.found import shaped
from reelscribe.v1.finding_pb2 import Finding
from reelscribe.v1.sound_pb2 import KeyMode, TempoRelation
from services.common.time import span_s

SAME_CHANNELS = 0.999
"""Correlation of left and right from which a stereo file holds the same twice."""


def sound(findings: Sequence[Finding]) -> list[str]:
    """How loud, what for how long, which music, and what is wrong with the recording; a line each."""
    lines = [_loudness(findings), _kinds(findings), _music(findings), _recording(findings)]
    return [line for line in lines if line]


def events(findings: Sequence[Finding]) -> list[str]:
    """Each single sound with its time: "dog 0:22.8"."""
    return [f"{each.label.replace('_', ' ')} {clock(span_s(each.span)[0])}" for each in shaped(findings, "sound_event")]


def _loudness(findings: Sequence[Finding]) -> str:
    words = []
    for each in shaped(findings, "loudness"):
        told = each.loudness
        if told.HasField("integrated_lufs"):
            words.append(f"{told.integrated_lufs:.1f} LUFS")
        if told.HasField("loudness_range_lu"):
            words.append(f"range {told.loudness_range_lu:.1f} LU")
        if told.HasField("true_peak_dbtp"):
            words.append(f"true peak {told.true_peak_dbtp:.1f} dBTP")
        else:
            words.append("digital silence")
    return ", ".join(words)


def _kinds(findings: Sequence[Finding]) -> str:
    lengths: dict[str, float] = defaultdict(float)
    for each in shaped(findings, "sound_span"):
        start_s, end_s = span_s(each.span)
        lengths[each.label] += end_s - start_s
    return ", ".join(
        f"{label} {length_s:.1f} s" for label, length_s in sorted(lengths.items(), key=lambda item: -item[1])
    )


def _music(findings: Sequence[Finding]) -> str:
    words = []
    for each in shaped(findings, "tempo"):
        others = [
            f"{other.beats_per_minute:.0f}"
            for other in each.tempo.candidates
            if other.relation in (TempoRelation.TEMPO_RELATION_HALF, TempoRelation.TEMPO_RELATION_DOUBLE)
        ]
        half_or_double = f" (or {' or '.join(others)})" if others else ""
        words.append(f"{each.tempo.beats_per_minute:.0f} beats a minute{half_or_double}")
    for each in shaped(findings, "key"):
        mode = KeyMode.Name(each.key.mode).removeprefix("KEY_MODE_").lower()
        words.append(f"{each.key.tonic} {mode} (correlation {each.key.correlation:.2f}, margin {each.key.margin:.2f})")
    return ", ".join(words)


def _recording(findings: Sequence[Finding]) -> str:
    words = [
        f"speech {each.signal_to_noise.snr_db:.0f} dB over the rest"
        for each in shaped(findings, "signal_to_noise")
        if each.signal_to_noise.HasField("snr_db")
    ]
    for each in shaped(findings, "stereo"):
        image = each.stereo
        same = image.HasField("correlation") and image.correlation >= SAME_CHANNELS and abs(image.balance_db) < 0.1
        words.append("both channels the same" if same else f"side share {image.side_share:.2f}")
    words += [f"clipped {each.clipping.run_count} times" for each in shaped(findings, "clipping")]
    return ", ".join(words)
