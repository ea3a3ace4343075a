"""Where nobody speaks between what is said: from the voice detector, each edge placed by the sound's own level."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise

import numpy as np

from services.audio.delivery.levels import LEVEL_STEP_S, Levels
from services.audio.percepts.speech_spans import SpeechSpan, joined

SHORTEST_PAUSE_S = 0.3
"""What counts as a pause; shorter silences belong to articulation (closures, hesitation within a word)."""

SPEECH_DEPTH_DB = 30.0
"""Below the voice's own level around it, sound is no longer heard as part of it: vowels and the weakest fricatives
lie about 25-30 dB apart."""

CLEAR_OF_FLOOR_DB = 3.0
"""Above what sounds in three quarters of the pause (a room, music), so that it is no edge itself."""

LEAST_CONTRAST_DB = 12.0
"""With less between voice and pause the fading end of a phrase drowns, and the voice detector's own edge stands.
This and the one above were chosen on the demo's synthetic voice: phrases in a row at known times, as they fade and cut
within vowels, clean and with noise or made-up chords 8 to 20 dB below."""

SEARCH_OUT_S = 0.2
"""An edge is looked for this far into what the detector calls speech: it holds on after the last sound."""

SEARCH_IN_S = 0.12
"""And this far into what it calls silence: it hears a soft consonant late."""

AROUND_S = 1.0
"""Speech whose level an edge is measured against."""


def quiet_spans(voices: Iterable[SpeechSpan], levels: Levels, origin_s: float) -> list[SpeechSpan]:
    """The silences between `voices` (in order), edges as the levels show them; level k is that at origin_s + k steps.

    Also those that the detector heard over: 0.3 s or more in which the level lies far below the voice around it.
    """
    voices = joined(voices)
    heard = [*_gaps(voices), *(quiet for voice in voices for quiet in _unheard(voice, levels, origin_s))]
    placed = (_placed(gap, levels, origin_s) for gap in heard)
    return sorted((gap for gap in placed if gap.end_s > gap.start_s), key=lambda gap: gap.start_s)


def _gaps(voices: Sequence[SpeechSpan]) -> list[SpeechSpan]:
    return [SpeechSpan(start_s=before.end_s, end_s=after.start_s) for before, after in pairwise(voices)]


def _unheard(voice: SpeechSpan, levels: Levels, origin_s: float) -> list[SpeechSpan]:
    first, last = _row(voice.start_s, levels, origin_s), _row(voice.end_s, levels, origin_s)
    if last - first < SHORTEST_PAUSE_S / LEVEL_STEP_S:
        return []
    inside = levels[first:last]
    low = np.flatnonzero(inside < _voice_db(inside) - SPEECH_DEPTH_DB)
    runs = np.split(low, np.flatnonzero(np.diff(low) > 1) + 1) if len(low) else []
    return [
        SpeechSpan(
            start_s=origin_s + (first + int(run[0])) * LEVEL_STEP_S,
            end_s=origin_s + (first + int(run[-1]) + 1) * LEVEL_STEP_S,
        )
        for run in runs
        if len(run) * LEVEL_STEP_S >= SHORTEST_PAUSE_S
    ]


def _placed(gap: SpeechSpan, levels: Levels, origin_s: float) -> SpeechSpan:
    """Its edges moved to where the voice's sound ends and begins again."""
    first, last = (_row(time_s, levels, origin_s) for time_s in (gap.start_s, gap.end_s))
    if first == last:
        return gap
    floor_db = float(np.percentile(levels[first:last], 75))
    around = round(AROUND_S / LEVEL_STEP_S)
    before, after = levels[max(0, first - around) : first], levels[last : last + around]
    middle = (first + last) // 2
    start, end = first, last
    if (edge_db := _edge_db(before, floor_db)) is not None:
        start = first - _quiet_count(before[::-1], edge_db) + _loud_count(levels[first:middle], edge_db)
    if (edge_db := _edge_db(after, floor_db)) is not None:
        end = last + _quiet_count(after, edge_db) - _loud_count(levels[middle:last][::-1], edge_db)
    return SpeechSpan(
        start_s=gap.start_s if start == first else origin_s + start * LEVEL_STEP_S,
        end_s=gap.end_s if end == last else origin_s + end * LEVEL_STEP_S,
    )


def _quiet_count(levels: Levels, edge_db: float) -> int:
    """Steps of silence that the detector took for speech, from its edge outwards."""
    near = levels[: round(SEARCH_OUT_S / LEVEL_STEP_S)]
    loud = np.flatnonzero(near >= edge_db)
    return int(loud[0]) if len(loud) else len(near)


def _loud_count(levels: Levels, edge_db: float) -> int:
    """Steps of speech that it took for silence: sound that goes on over its edge. What begins anew is none of it."""
    near = levels[: round(SEARCH_IN_S / LEVEL_STEP_S)]
    quiet = np.flatnonzero(near < edge_db)
    return int(quiet[0]) if len(quiet) else len(near)


def _edge_db(voice: Levels, floor_db: float) -> float | None:
    """The level at which the voice begins and ends; None where it does not stand out."""
    if not len(voice):
        return None
    voice_db = _voice_db(voice)
    edge_db = max(voice_db - SPEECH_DEPTH_DB, floor_db + CLEAR_OF_FLOOR_DB)
    return edge_db if voice_db - floor_db >= LEAST_CONTRAST_DB else None


def _voice_db(levels: Levels) -> float:
    """That of its vowels."""
    return float(np.percentile(levels, 90))


def _row(time_s: float, levels: Levels, origin_s: float) -> int:
    return min(max(0, round((time_s - origin_s) / LEVEL_STEP_S)), len(levels))
