"""Where music is heard, from the tagger's scores of it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from services.audio.percepts.sounds import HOP_S, SoundScores, heard_from_s
from services.audio.sound_stretches import Stretch, StretchFinder

MUSIC = "music"

MUSIC_ON = 0.3
"""Score at which music begins; it ends below half of it. As audio_environment's."""

LONGEST_GAP_S = 2 * HOP_S
"""Music that is gone no longer than the tagger looks at a time was only drowned."""


class MusicListener:
    """Takes the scores of windows in order; spans when the last has come."""

    def __init__(self) -> None:
        self._finder = StretchFinder(threshold=MUSIC_ON)
        self._stretches: list[Stretch] = []
        self._origin_s = 0.0

    def push(self, sounds: SoundScores) -> None:
        """Take the next scores."""
        self._origin_s = sounds.origin_s
        column = sounds.labels.index(MUSIC)
        self._stretches += self._finder.push(sounds.scores[:, column : column + 1])

    def finish(self, end_s: float) -> list[tuple[float, float, float]]:
        """(start_s, end_s, mean score) of each stretch, in order, seconds of the video; `end_s` ends the last."""
        last = self._finder.frame_count
        self._stretches += self._finder.finish()
        spans = []
        for run in _joined(self._stretches):
            start_s = heard_from_s(run[0].first_frame, self._origin_s)
            stop_s = end_s if run[-1].end_frame == last else heard_from_s(run[-1].end_frame, self._origin_s)
            score = float(np.mean([score for stretch in run for score in stretch.scores]))
            spans.append((start_s, max(start_s, min(stop_s, end_s)), score))
        return spans


def _joined(stretches: Sequence[Stretch]) -> list[list[Stretch]]:
    runs: list[list[Stretch]] = []
    for stretch in stretches:
        if runs and (stretch.first_frame - runs[-1][-1].end_frame) * HOP_S <= LONGEST_GAP_S + 1e-6:
            runs[-1].append(stretch)
        else:
            runs.append([stretch])
    return runs
