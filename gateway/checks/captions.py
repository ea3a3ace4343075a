"""Whether what is written on screen is what is said: captions as subtitles, titles read aloud."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from gateway.calls.passages import CAPTION, TITLE, Passage, Piece, runs_of, spoken
from gateway.checks.check import AGREES, MAJORITY, UNCONFIRMED, Check, crossed
from gateway.checks.likeness import found_in, words_of
from gateway.evidence import Evidence
from reelscribe.v1.finding_pb2 import Finding
from services.common.time import span_s

SLACK_S = 2.0
"""Subtitles may run so far before or behind the words."""

READ_ALOUD = 0.8
"""A title is said aloud if so much of it is heard: one word of five may be misread."""

FEWEST_WORDS = 2
"""A single word, such as a name, may be said by chance."""


def caption_and_speech(evidence: Evidence) -> Iterator[Finding]:
    """One finding for each run of captions. Other words are no contradiction: a caption may translate or comment."""
    words = _spoken_words(evidence)
    for run in runs_of(evidence.written(CAPTION)):
        yield from _compared("caption_and_speech", run, words, evidence, threshold=MAJORITY)


def title_and_speech(evidence: Evidence) -> Iterator[Finding]:
    """One finding for each title of two words or more."""
    words = _spoken_words(evidence)
    for title in evidence.written(TITLE):
        start_s, end_s = span_s(title.span)
        piece = Piece(content=title.text.content, start_s=start_s, end_s=end_s, finding=title)
        yield from _compared("title_and_speech", Passage(pieces=[piece]), words, evidence, threshold=READ_ALOUD)


def _spoken_words(evidence: Evidence) -> list[Piece]:
    return [piece for passage in spoken(evidence) for piece in passage.pieces]


def _compared(
    topic: str, shown: Passage, said: Sequence[Piece], evidence: Evidence, *, threshold: float
) -> Iterator[Finding]:
    start_s, end_s = shown.pieces[0].start_s, max(piece.end_s for piece in shown.pieces)
    written = words_of(shown.content)
    if len(written) < FEWEST_WORDS or not evidence.covers("speech_transcription", start_s, end_s):
        return
    near = [piece for piece in said if piece.start_s < end_s + SLACK_S and start_s - SLACK_S < piece.end_s]
    overlap = found_in(written, [word for piece in near for word in words_of(piece.content)])
    yield crossed(
        topic,
        AGREES if overlap > threshold else UNCONFIRMED,
        (start_s, end_s),
        claim=" ".join(shown.content.split()),
        counterpart=" ".join(piece.content for piece in near),
        overlap=overlap,
        evidence=[*(piece.finding for piece in shown.pieces), *(piece.finding for piece in near)],
    )


READS = (("text_overlay", "speech_transcription"),)
CHECKS = (Check(reads=READS, find=caption_and_speech), Check(reads=READS, find=title_and_speech))
