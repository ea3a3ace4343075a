"""SubRip subtitles: what is said, and what stands on screen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from reelscribe.report.formats.cues import Cue, screen_cues, speech_cues, turns
from reelscribe.v1.analysis_pb2 import Report

NEW_SPEAKER = ">> "
"""What subtitles put before the first words of another voice, in any language."""


def speech_srt(report: Report) -> str:
    """What is said; empty where nothing is. A change of speaker is marked where voices are told apart."""
    cues = [cue for turn in turns(speech_cues(report)) for cue in _marked(turn)]
    return _file(cues)


def screen_srt(report: Report) -> str:
    """What stands on screen; several at once overlap."""
    return _file(screen_cues(report))


def _marked(turn: Sequence[Cue]) -> list[Cue]:
    first, *rest = turn
    if first.speaker_id is None:
        return list(turn)
    return [replace(first, lines=(NEW_SPEAKER + first.lines[0], *first.lines[1:])), *rest]


def _file(cues: Sequence[Cue]) -> str:
    return "\n".join(_block(number, cue) for number, cue in enumerate(cues, 1))


def _block(number: int, cue: Cue) -> str:
    lines = "\n".join(cue.lines)
    return f"{number}\n{time_text(cue.start_s, ',')} --> {time_text(cue.end_s, ',')}\n{lines}\n"


def time_text(position_s: float, separator: str) -> str:
    """To the millisecond.

    >>> time_text(3725.0126, ",")
    '01:02:05,013'
    """
    whole, milliseconds = divmod(round(position_s * 1000), 1000)
    minutes, seconds = divmod(whole, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02d}:{minutes:02d}:{seconds:02d}{separator}{milliseconds:03d}"
