"""Sound for tests, and what percepts and analyzers make of it, without gateway or service."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from reelscribe.v1.finding_pb2 import Finding
from services.audio.percepts.voice import SPEECH_SAMPLES
from services.common.analyzer import Analyzer, AnalyzerSettings, Percept
from services.common.time import span_s
from services.common.window import Part, SampleBatch, Window
from tests.windows import part_of

RATE_HZ = SPEECH_SAMPLES.sample_rate_hz


def silence(length_s: float) -> np.ndarray:
    return np.zeros(round(length_s * RATE_HZ), np.float32)


def tone(length_s: float, pitch_hz: float = 440.0) -> np.ndarray:
    times = np.arange(round(length_s * RATE_HZ)) / RATE_HZ
    return (0.3 * np.sin(2 * np.pi * pitch_hz * times)).astype(np.float32)


def noise(length_s: float, level: float = 0.1) -> np.ndarray:
    return np.random.default_rng(7).normal(0.0, level, round(length_s * RATE_HZ)).astype(np.float32)


def windows(samples: np.ndarray, *, start_s: float = 0.0, length_s: float = 1.0) -> Iterator[Window]:
    """Windows of length_s over (n,) samples at 16 kHz, the first starting at start_s."""
    step = round(length_s * RATE_HZ)
    for index, first in enumerate(range(0, len(samples), step)):
        chunk = samples[first : first + step, None]
        begin_s = start_s + first / RATE_HZ
        batch = SampleBatch(samples=chunk, sample_rate_hz=RATE_HZ, start_s=begin_s)
        end_s = begin_s + len(chunk) / RATE_HZ
        yield Window(index=index, start_s=begin_s, end_s=end_s, contents={SPEECH_SAMPLES: batch})


def part(settings: AnalyzerSettings, *, start_s: float = 0.0, own_start_s: float = 0.0) -> Part:
    class _Any(Analyzer):
        name = "any"
        needs = SPEECH_SAMPLES

        def analyze(self, part: Part, windows: Iterator[Window]) -> Iterator[Finding]:
            yield from ()

    return replace(part_of(_Any()), settings=settings, start_s=start_s, own_start_s=own_start_s)


def heard(
    given: Iterator[Window],
    percepts: Sequence[Percept],
    *,
    own_start_s: float = 0.0,
    settings: AnalyzerSettings | None = None,
) -> list[Window]:
    """The windows with a value of each percept, in the order of their dependence; `settings` are the last one's."""
    filled = list(given)
    for percept in percepts:
        chosen = settings if settings is not None and percept is percepts[-1] else percept.settings
        start_s = filled[0].start_s if filled else 0.0
        values = list(percept.perceive(part(chosen, start_s=start_s, own_start_s=own_start_s), iter(filled)))
        assert len(values) == len(filled), f"{len(values)} values for {len(filled)} windows"
        filled = [
            Window(
                index=window.index,
                start_s=window.start_s,
                end_s=window.end_s,
                contents={**window._contents, type(percept): value},
            )
            for window, value in zip(filled, values, strict=True)
        ]
    return filled


def found(analyzer: Analyzer, filled: Sequence[Window]) -> list[Finding]:
    start_s = filled[0].start_s if filled else 0.0
    return list(analyzer.analyze(part(analyzer.settings, start_s=start_s), iter(filled)))


def times(finding: Finding) -> tuple[float, float]:
    return span_s(finding.span)


def word_errors(reference: str, read: str) -> tuple[int, int]:
    """Insertions, deletions and substitutions, and the number of words of the reference; case and marks aside."""
    wanted, got = _plain_words(reference), _plain_words(read)
    row = list(range(len(got) + 1))
    for position, word in enumerate(wanted, 1):
        diagonal, row[0] = row[0], position
        for column, other in enumerate(got, 1):
            best = min(row[column] + 1, row[column - 1] + 1, diagonal + (word != other))
            diagonal, row[column] = row[column], best
    return row[-1], len(wanted)


def _plain_words(text: str) -> list[str]:
    return re.sub(r"[^\w\s]", "", text.lower().replace("-", " ")).split()
