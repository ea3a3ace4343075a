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

LEAST_CONTRAST_DB = 16.0
"""With less between voice and pause the fading end of a phrase drowns, and the voice detector's own edge stands.
This and the one above were chosen on phrases of the demo's synthetic voice, put in a row at known times with noise or
made-up chords below: edges within 0.1 s were 100 % with noise 15 dB below the voice, 95-97 % with music 8 to 20 dB
below."""

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
    middle_s = (gap.start_s + gap.end_s) / 2
    inside = levels[_row(gap.start_s, levels, origin_s) : _row(gap.end_s, levels, origin_s)]
    if not len(inside):
        return gap
    floor_db = float(np.percentile(inside, 75))
    start_s, end_s = gap.start_s, gap.end_s
    before = _range(gap.start_s - AROUND_S, gap.start_s, levels, origin_s)
    if (edge_db := _edge_db(levels[before], floor_db)) is not None:
        near = _range(gap.start_s - SEARCH_OUT_S, min(middle_s, gap.start_s + SEARCH_IN_S), levels, origin_s)
        loud = np.flatnonzero(levels[near] >= edge_db)
        start_s = origin_s + (near.start + (int(loud[-1]) + 1 if len(loud) else 0)) * LEVEL_STEP_S
    after = _range(gap.end_s, gap.end_s + AROUND_S, levels, origin_s)
    if (edge_db := _edge_db(levels[after], floor_db)) is not None:
        near = _range(max(middle_s, gap.end_s - SEARCH_IN_S), gap.end_s + SEARCH_OUT_S, levels, origin_s)
        loud = np.flatnonzero(levels[near] >= edge_db)
        end_s = origin_s + (near.start + int(loud[0]) if len(loud) else near.stop) * LEVEL_STEP_S
    return SpeechSpan(start_s=start_s, end_s=max(start_s, end_s))


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


def _range(from_s: float, to_s: float, levels: Levels, origin_s: float) -> slice:
    first = _row(from_s, levels, origin_s)
    return slice(first, max(first, _row(to_s, levels, origin_s)))
