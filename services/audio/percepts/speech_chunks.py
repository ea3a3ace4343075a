"""Which stretches of sound are read as one: whole utterances, cut at real pauses, never over 30 s."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from services.audio.percepts.speech_spans import SpeechSpan, joined, speech_s

LONGEST_CHUNK_S = 30.0
"""Whisper's window; what is longer would be cut by it, wherever 30 s happen to end."""

PAUSE_S = 1.0
"""A pause that ends a chunk which holds enough. Chosen on FLEURS sentences put in a row, also over music: one pass
over several of them loses whole sentences (33 of 119 words), one pass for each does not (5)."""

ENOUGH_SPEECH_S = 3.0
"""Speech from which a chunk is worth a pass of its own; a pass costs the same for 1 s as for 30 s."""

LONG_PAUSE_S = 2.0
"""Ends any chunk: faster-whisper's default. Words are not looked for in longer silence or music."""

PAD_S = 0.4
"""Sound kept around speech: faster-whisper's default. A word cut at its first sound is read as another."""

QUIET_SEARCH_S = 10.0
"""Speech without any pause is cut at the quietest place of the last 10 s that fit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chunk:
    """A stretch to read: [start_s, end_s), and the speech in it."""

    start_s: float
    end_s: float
    spans: tuple[SpeechSpan, ...]

    @property
    def speech_s(self) -> float:
        """Seconds of speech."""
        return speech_s(self.spans)


class ChunkCutter:
    """Makes chunks of spans of speech as they come. No two chunks share a moment."""

    def __init__(self, quietest: Callable[[float, float], float]) -> None:
        """`quietest(from_s, to_s)` is where to cut a voice that does not pause."""
        self._quietest = quietest
        self._spans: list[SpeechSpan] = []
        self._free_s = float("-inf")
        self._until_s = float("-inf")

    def __repr__(self) -> str:
        return f"ChunkCutter({len(self._spans)} spans open, decided to {self.decided_s:.2f} s)"

    @property
    def decided_s(self) -> float:
        """No later chunk starts before; sound from here on is still needed."""
        return max(self._free_s, (self._spans[0].start_s if self._spans else self._until_s) - PAD_S)

    def push(self, spans: Sequence[SpeechSpan], until_s: float) -> list[Chunk]:
        """Take the speech up to until_s; the chunks that are complete now."""
        chunks: list[Chunk] = []
        for span in spans:
            if self._spans and self._ends_at(span.start_s):
                chunks.append(self._close(len(self._spans), span.start_s))
            self._spans = joined([*self._spans, span])
            chunks += self._shorten()
        self._until_s = until_s
        if self._spans and self._ends_at(until_s):
            chunks.append(self._close(len(self._spans), until_s))
        return chunks

    def finish(self, end_s: float) -> list[Chunk]:
        """The last chunk, when the sound has ended at end_s."""
        self._until_s = end_s
        if not self._spans:
            return []
        return [self._close(len(self._spans), self._spans[-1].end_s + 2 * PAD_S)]

    def _ends_at(self, next_s: float) -> bool:
        pause_s = next_s - self._spans[-1].end_s
        return pause_s >= LONG_PAUSE_S or (pause_s >= PAUSE_S and speech_s(self._spans) >= ENOUGH_SPEECH_S)

    def _start_s(self) -> float:
        return max(self._free_s, self._spans[0].start_s - PAD_S)

    def _shorten(self) -> list[Chunk]:
        chunks: list[Chunk] = []
        while self._spans[-1].end_s + PAD_S - self._start_s() > LONGEST_CHUNK_S:
            chunks.append(self._cut_at_pause() or self._cut_in_speech())
        return chunks

    def _cut_at_pause(self) -> Chunk | None:
        """The longest pause in the second half of what fits."""
        start_s = self._start_s()
        best, best_s = 0, 0.0
        for position in range(1, len(self._spans)):
            before_s, after_s = self._spans[position - 1].end_s, self._spans[position].start_s
            fits = LONGEST_CHUNK_S / 2 <= before_s - start_s <= LONGEST_CHUNK_S - PAD_S
            if fits and after_s - before_s > best_s:
                best, best_s = position, after_s - before_s
        return self._close(best, self._spans[best].start_s) if best else None

    def _cut_in_speech(self) -> Chunk:
        limit_s = self._start_s() + LONGEST_CHUNK_S
        cut_s = self._quietest(limit_s - QUIET_SEARCH_S, limit_s)
        spans, rest = _divided(self._spans, cut_s)
        chunk = Chunk(start_s=self._start_s(), end_s=cut_s, spans=tuple(spans))
        self._spans, self._free_s = rest, cut_s
        return chunk

    def _close(self, count: int, next_s: float) -> Chunk:
        """The first `count` spans as a chunk; next_s is where the next speech may start."""
        spans, self._spans = self._spans[:count], self._spans[count:]
        end_s = spans[-1].end_s + min(PAD_S, (next_s - spans[-1].end_s) / 2)
        chunk = Chunk(start_s=max(self._free_s, spans[0].start_s - PAD_S), end_s=end_s, spans=tuple(spans))
        self._free_s = end_s
        return chunk


def beyond(chunk: Chunk, read_s: float) -> Chunk | None:
    """What is left of a chunk of which everything before read_s was read; None if no speech is."""
    _, rest = _divided(chunk.spans, read_s)
    if not rest:
        return None
    return Chunk(start_s=max(read_s, rest[0].start_s - PAD_S), end_s=chunk.end_s, spans=tuple(rest))


def halves(chunk: Chunk, quietest: Callable[[float, float], float]) -> list[Chunk]:
    """A chunk cut at the longest pause of its middle half, or where its voice is quietest near the middle."""
    length_s = chunk.end_s - chunk.start_s
    pauses = [
        (after.start_s - before.end_s, (before.end_s + after.start_s) / 2)
        for before, after in pairwise(chunk.spans)
        if abs((before.end_s + after.start_s) / 2 - chunk.start_s - length_s / 2) <= length_s / 4
    ]
    middle_s = chunk.start_s + length_s / 2
    cut_s = max(pauses)[1] if pauses else quietest(middle_s - length_s / 8, middle_s + length_s / 8)
    before, after = _divided(chunk.spans, cut_s)
    edges = ((chunk.start_s, cut_s, before), (cut_s, chunk.end_s, after))
    return [Chunk(start_s=start_s, end_s=end_s, spans=tuple(spans)) for start_s, end_s, spans in edges if spans]


def _divided(spans: Sequence[SpeechSpan], cut_s: float) -> tuple[list[SpeechSpan], list[SpeechSpan]]:
    before = [SpeechSpan(start_s=span.start_s, end_s=min(span.end_s, cut_s)) for span in spans if span.start_s < cut_s]
    after = [SpeechSpan(start_s=max(span.start_s, cut_s), end_s=span.end_s) for span in spans if span.end_s > cut_s]
    return before, after
