"""Words that belong together, though several findings hold them: an utterance, a run of captions, a title."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from gateway.evidence import Evidence
from reelscribe.v1.finding_pb2 import Finding, TextKind
from services.common.time import span_s

CAPTION, TITLE = TextKind.TEXT_KIND_CAPTION, TextKind.TEXT_KIND_TITLE

SAME_RUN_S = 1.0
"""Captions with less time between them carry on one text: subtitles are held at least so long themselves (5/6 of a
second is the least that Netflix's timed text guide allows)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A word or a line with its time, and the finding that holds it."""

    content: str
    start_s: float
    end_s: float
    finding: Finding


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """Pieces in reading order; `content` holds them with a blank between."""

    pieces: Sequence[Piece]

    @property
    def content(self) -> str:
        """The whole text."""
        return " ".join(piece.content for piece in self.pieces)

    def within(self, start: int, end: int) -> list[Piece]:
        """The pieces that hold a half-open stretch of `content`."""
        found, at = [], 0
        for piece in self.pieces:
            if at < end and start < at + len(piece.content):
                found.append(piece)
            at += len(piece.content) + 1
        return found


def spoken(evidence: Evidence) -> list[Passage]:
    """One passage for each utterance, word by word where words have times of their own."""
    return [Passage(pieces=list(_words(utterance))) for utterance in evidence.said()]


def shown(evidence: Evidence) -> list[Passage]:
    """Texts laid over the picture: each run of captions, and each title. Signs in the scene are not the video's."""
    return [*runs_of(evidence.written(CAPTION)), *(Passage(pieces=[_whole(text)]) for text in evidence.written(TITLE))]


def runs_of(captions: Iterable[Finding]) -> Iterator[Passage]:
    """Captions, in order of time, that follow one another closely."""
    run: list[Piece] = []
    for caption in captions:
        piece = _whole(caption)
        if run and piece.start_s - run[-1].end_s > SAME_RUN_S:
            yield Passage(pieces=run)
            run = []
        run.append(piece)
    if run:
        yield Passage(pieces=run)


def _words(utterance: Finding) -> Iterator[Piece]:
    words = [word for word in utterance.text.words if word.HasField("span")]
    if not words:
        yield _whole(utterance)
    for word in words:
        start_s, end_s = span_s(word.span)
        yield Piece(content=word.content.strip(), start_s=start_s, end_s=end_s, finding=utterance)


def _whole(finding: Finding) -> Piece:
    start_s, end_s = span_s(finding.span)
    return Piece(content=finding.text.content, start_s=start_s, end_s=end_s, finding=finding)
