from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from services.audio.percepts.speech_chunks import LONGEST_CHUNK_S, PAD_S, Chunk, ChunkCutter, beyond, halves
from services.audio.percepts.speech_spans import SpeechSpan

Edges = tuple[float, float]


def spans(*edges: Edges) -> list[SpeechSpan]:
    return [SpeechSpan(start_s=start_s, end_s=end_s) for start_s, end_s in edges]


def chunks(*edges: Edges, end_s: float, step_s: float = 1.0) -> list[Chunk]:
    """Spans cut by windows of step_s, as they come from Voice."""
    cutter = ChunkCutter(lambda from_s, to_s: (from_s + to_s) / 2)
    found: list[Chunk] = []
    for index in range(int(np.ceil(end_s / step_s))):
        begin_s, until_s = index * step_s, min((index + 1) * step_s, end_s)
        inside = [(max(start, begin_s), min(end, until_s)) for start, end in edges if start < until_s and end > begin_s]
        found += cutter.push(spans(*inside), until_s)
    return found + cutter.finish(end_s)


def edges_of(found: list[Chunk]) -> list[Edges]:
    return [(pytest.approx(chunk.start_s), pytest.approx(chunk.end_s)) for chunk in found]


def test_an_utterance_is_one_chunk_with_a_little_sound_around() -> None:
    assert edges_of(chunks((2.0, 8.0), end_s=12.0)) == [(1.6, 8.4)]


def test_a_second_of_silence_parts_two_utterances() -> None:
    assert edges_of(chunks((1.0, 6.0), (7.2, 9.9), end_s=12.0)) == [(0.6, 6.4), (6.8, 10.3)]


def test_a_breath_does_not() -> None:
    assert len(chunks((1.0, 6.0), (6.7, 9.9), end_s=12.0)) == 1


def test_a_short_word_waits_for_what_follows() -> None:
    assert edges_of(chunks((1.0, 1.5), (2.9, 6.0), end_s=9.0)) == [(0.6, 6.4)]


def test_but_not_for_long() -> None:
    assert edges_of(chunks((1.0, 1.5), (4.0, 8.0), end_s=9.0)) == [(0.6, 1.9), (3.6, 8.4)]


def test_a_chunk_is_given_out_as_soon_as_its_pause_is_long_enough() -> None:
    cutter = ChunkCutter(lambda from_s, to_s: to_s)
    assert cutter.push(spans((0.5, 5.0)), 5.0) == []
    assert cutter.push([], 5.9) == []
    assert len(cutter.push([], 6.0)) == 1
    assert cutter.decided_s == pytest.approx(5.6)


def test_speech_over_thirty_seconds_is_cut_at_its_longest_late_pause() -> None:
    found = chunks((0.0, 8.0), (8.9, 18.0), (18.4, 24.0), (24.2, 40.0), end_s=42.0)
    assert [chunk.end_s for chunk in found] == [pytest.approx(18.2), pytest.approx(40.4)]


def test_speech_without_any_pause_is_cut_where_it_is_quietest() -> None:
    found = chunks((0.0, 70.0), end_s=71.0)
    assert [chunk.end_s for chunk in found] == [pytest.approx(24.6), pytest.approx(49.6), pytest.approx(70.4)]
    assert found[1].start_s == found[0].end_s


def test_chunks_never_overlap_nor_pass_thirty_seconds_nor_lose_speech() -> None:
    chance = np.random.default_rng(11)
    for _ in range(50):
        lengths, pauses = chance.exponential(6.0, 30) + 0.3, chance.exponential(0.6, 30) + 0.13
        ends = np.cumsum(lengths + pauses)
        edges = [(float(end - length), float(end)) for end, length in zip(ends, lengths, strict=True)]
        found = chunks(*edges, end_s=edges[-1][1] + 1.0)
        assert all(chunk.end_s - chunk.start_s <= LONGEST_CHUNK_S + 1e-9 for chunk in found)
        assert all(left.end_s <= right.start_s + 1e-9 for left, right in pairwise(found))
        assert sum(chunk.speech_s for chunk in found) == pytest.approx(lengths.sum())


def test_what_was_not_read_is_left() -> None:
    chunk = Chunk(start_s=0.0, end_s=20.0, spans=tuple(spans((0.4, 8.0), (8.5, 12.0), (14.0, 19.6))))
    rest = beyond(chunk, 8.1)
    assert rest is not None
    assert (rest.start_s, rest.end_s) == (pytest.approx(8.5 - PAD_S), 20.0)
    assert rest.speech_s == pytest.approx(9.1)
    assert beyond(chunk, 19.7) is None


def test_a_chunk_is_halved_at_a_pause_near_its_middle() -> None:
    chunk = Chunk(start_s=0.0, end_s=20.0, spans=tuple(spans((0.4, 3.0), (4.0, 9.0), (9.5, 19.6))))
    first, second = halves(chunk, lambda from_s, to_s: to_s)
    assert (first.start_s, first.end_s, second.start_s, second.end_s) == (0.0, 9.25, 9.25, 20.0)
    assert first.speech_s + second.speech_s == pytest.approx(chunk.speech_s)


def test_or_where_its_voice_is_quietest() -> None:
    chunk = Chunk(start_s=0.0, end_s=20.0, spans=tuple(spans((0.4, 19.6))))
    assert halves(chunk, lambda from_s, to_s: from_s)[0].end_s == pytest.approx(7.5)
