"""What subtitles show and when: words put into lines a viewer can read, at the times at which they are said."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from reelscribe.report.found import Found, found, place_of, speaker_id_of, spoken, written
from reelscribe.v1.analysis_pb2 import Report
from reelscribe.v1.finding_pb2 import Box, Text
from services.common.time import span_s

LINE_LENGTH = 42
"""Characters of a line, as Netflix's Timed Text Style Guide (general requirements) has it for Latin scripts."""

LINE_COUNT = 2
"""Lines of a cue; the same guide."""

LONGEST_S = 7.0
"""Of a cue; the same guide."""

BREAK_S = 0.8
"""A silence this long between two words ends a cue: text that stays through it would be read before it is said."""

SENTENCE_S = 5 / 6
"""Shortest cue that the end of a sentence ends; the same guide's shortest. "Dr." does not stand alone."""

SHORTEST_S = 0.001
"""Formats count milliseconds, and readers drop a cue that ends as it starts."""

SENTENCE_ENDS = tuple(".!?…。？！")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cue:
    """Lines shown for a while."""

    start_s: float
    end_s: float
    lines: tuple[str, ...]
    speaker_id: int | None = None
    """Set where several voices are told apart."""
    box: Box | None = None
    """Where the text itself stands in the picture."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Piece:
    """A word, with what stands between it and the word before it."""

    content: str
    gap: str
    start_s: float
    end_s: float


def speech_cues(report: Report) -> tuple[Cue, ...]:
    """What is said. Words without times of their own stay together for their utterance's span, on as many lines
    as it takes: how they are spread over it is not known.
    """
    items = spoken(found(report))
    several = len({speaker_id_of(one.finding) for one in items} - {None}) > 1
    cues: list[Cue] = []
    for one in items:
        speaker_id = speaker_id_of(one.finding) if several else None
        cues += _cues_of(one, speaker_id)
    return tuple(cues)


def screen_cues(report: Report) -> tuple[Cue, ...]:
    """What stands on screen, its own lines kept where they are not too long."""
    return tuple(
        _cue(one.start_s, one.end_s, _rewrapped(one.finding.text.content), box=place_of(one.finding))
        for one in written(found(report))
        if one.finding.text.content.strip()
    )


def wrapped(text: str) -> tuple[str, ...]:
    """One line, or two of nearly equal length, or as many as it takes.

    >>> wrapped("Er griff auch alles an, was ins Wasser kam, selbst den Hai.")
    ('Er griff auch alles an, was', 'ins Wasser kam, selbst den Hai.')
    """
    lines = textwrap.wrap(text, LINE_LENGTH)
    if len(lines) != LINE_COUNT:
        return tuple(lines)
    breaks = [index for index, character in enumerate(text) if character == " "]
    halves = [(text[:index].strip(), text[index:].strip()) for index in breaks]
    return min((pair for pair in halves if max(map(len, pair)) <= LINE_LENGTH), key=_unevenness, default=tuple(lines))


def _unevenness(pair: Sequence[str]) -> int:
    return abs(len(pair[0]) - len(pair[1]))


def _rewrapped(content: str) -> tuple[str, ...]:
    lines = [" ".join(line.split()) for line in content.splitlines() if line.strip()]
    if all(len(line) <= LINE_LENGTH for line in lines):
        return tuple(lines)
    return wrapped(" ".join(lines))


def _cues_of(one: Found, speaker_id: int | None) -> list[Cue]:
    text = one.finding.text
    if not text.words or not all(word.HasField("span") for word in text.words):
        lines = wrapped(" ".join(text.content.split()))
        return [_cue(one.start_s, one.end_s, lines, speaker_id=speaker_id)] if lines else []
    return [
        _cue(group[0].start_s, group[-1].end_s, wrapped(_joined(group)), speaker_id=speaker_id)
        for group in _groups(_pieces(text))
    ]


def _cue(
    start_s: float, end_s: float, lines: tuple[str, ...], *, speaker_id: int | None = None, box: Box | None = None
) -> Cue:
    start_s = max(0.0, start_s)
    end_s = max(end_s, start_s + SHORTEST_S)
    return Cue(start_s=start_s, end_s=end_s, lines=lines, speaker_id=speaker_id, box=box)


def _pieces(text: Text) -> list[_Piece]:
    """Words as they follow one another in the text: not every language puts spaces between them."""
    pieces, position = [], 0
    for word in text.words:
        content = word.content.strip()
        at = text.content.find(content, position)
        gap = " " if at < 0 else " " if text.content[position:at].strip() else text.content[position:at]
        position = position if at < 0 else at + len(content)
        start_s, end_s = span_s(word.span)
        pieces.append(_Piece(content=content, gap=gap, start_s=start_s, end_s=end_s))
    return pieces


def _groups(pieces: Iterable[_Piece]) -> list[list[_Piece]]:
    groups: list[list[_Piece]] = []
    for piece in pieces:
        if groups and _goes_on(groups[-1], piece):
            groups[-1].append(piece)
        else:
            groups.append([piece])
    return groups


def _goes_on(group: Sequence[_Piece], piece: _Piece) -> bool:
    last = group[-1]
    sentence_over = last.content.endswith(SENTENCE_ENDS) and last.end_s - group[0].start_s >= SENTENCE_S
    return (
        not sentence_over
        and piece.start_s - last.end_s < BREAK_S
        and piece.end_s - group[0].start_s <= LONGEST_S
        and len(wrapped(_joined([*group, piece]))) <= LINE_COUNT
    )


def _joined(group: Sequence[_Piece]) -> str:
    return group[0].content + "".join(piece.gap + piece.content for piece in group[1:])


def turns(cues: Iterable[Cue]) -> list[list[Cue]]:
    """Cues of one voice that follow one another."""
    return [list(group) for _, group in groupby(cues, key=lambda cue: cue.speaker_id)]
