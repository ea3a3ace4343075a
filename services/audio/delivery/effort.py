"""How much a voice is raised or lowered against its own middle: pitch, level and rate together, no feeling."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

FEWEST_UTTERANCES = 3
"""With fewer there is no middle to differ from."""

EFFORT_STEP_DB = 6.0
"""ISO 9921 grades vocal effort in steps of 6 dB (relaxed 54, normal 60, raised 66, loud 72 dB at 1 m)."""

EFFORT_STEP_SEMITONES = 1.5
"""Pitch rises with effort, about 5 semitones for 10 dB and more in loud speech (Gramming and others, 1988: 0.3-0.5 a
dB). Half of what 6 dB bring, so that a change of distance or gain alone does not count."""

OTHER_VOICE_SEMITONES = 9.0
"""Farther from the median it is taken for another speaker's voice (man and woman lie about an octave apart), and not
judged: nobody raises a voice by that much with 6 dB."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One utterance."""

    start_s: float
    end_s: float
    pitch: float | None
    """Median, semitones over any fixed pitch; None without voice."""
    level_db: float
    syllables_per_s: float | None
    """Pauses left out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Effort:
    """An utterance beyond the threshold."""

    label: str
    """ "raised" or "lowered"."""
    delivery: Delivery
    pitch_semitones: float
    level_db: float
    rate_ratio: float | None


def efforts(deliveries: Sequence[Delivery]) -> list[Effort]:
    """One speaker's utterances that are raised or lowered against the median of all, in order."""
    if len(deliveries) < FEWEST_UTTERANCES:
        return []
    pitch = _median([each.pitch for each in deliveries])
    level_db = _median([each.level_db for each in deliveries])
    rate = _median([each.syllables_per_s for each in deliveries])
    found = []
    for each in deliveries:
        if pitch is None or level_db is None or each.pitch is None:
            continue
        higher, louder_db = each.pitch - pitch, each.level_db - level_db
        label = _label(higher, louder_db)
        if label:
            ratio = each.syllables_per_s / rate if each.syllables_per_s and rate else None
            found.append(
                Effort(label=label, delivery=each, pitch_semitones=higher, level_db=louder_db, rate_ratio=ratio)
            )
    return found


def _label(higher: float, louder_db: float) -> str:
    if abs(higher) > OTHER_VOICE_SEMITONES:
        return ""
    for label, sign in (("raised", 1), ("lowered", -1)):
        if sign * louder_db >= EFFORT_STEP_DB and sign * higher >= EFFORT_STEP_SEMITONES:
            return label
    return ""


def _median(values: Sequence[float | None]) -> float | None:
    there = [value for value in values if value is not None]
    return float(np.median(there)) if there else None
