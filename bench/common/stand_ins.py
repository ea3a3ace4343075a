"""Analyzers that stand in for models: they sleep, or read every byte they are given, and find next to nothing."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator

from reelscribe.v1.analyzer_pb2 import Method
from reelscribe.v1.finding_pb2 import Finding
from services.common.analyzer import Analyzer
from services.common.time import span
from services.common.window import Frames, Part, Samples, Window

SLEEP_VARIABLE = "REELSCRIBE_BENCH_SLEEP_S"
SLEEP_S = 5.0


def sleep_s() -> float:
    """How long a sleeper takes for a part."""
    return float(os.environ.get(SLEEP_VARIABLE, SLEEP_S))


class _Sleeper(Analyzer):
    """Takes its time, whatever it is given: neither less, nor more once the last window is there."""

    method = Method.METHOD_SIGNAL

    def analyze(self, part: Part, windows: Iterator[Window]) -> Iterator[Finding]:
        end_s = time.monotonic() + sleep_s()
        for _ in windows:
            pass
        time.sleep(max(0.0, end_s - time.monotonic()))
        yield from ()


class SleepingOnFrames(_Sleeper):
    """Sleeps over pictures."""

    name = "sleeping_on_frames"
    needs = Frames(rate_hz=None, long_side_px=256)


class SleepingOnSamples(_Sleeper):
    """Sleeps over sound."""

    name = "sleeping_on_samples"
    needs = Samples(sample_rate_hz=16000)


class _Reader(Analyzer):
    """Reads every byte, so that every page laid down is mapped, and reports each window."""

    method = Method.METHOD_SIGNAL

    def analyze(self, part: Part, windows: Iterator[Window]) -> Iterator[Finding]:
        need = self.needs
        for window in windows:
            batch = window[need]
            values = batch.samples if isinstance(need, Samples) else batch.rgb
            if values.size and values.max() >= 0:
                yield Finding(span=span(window.start_s, window.end_s), label="second")


class ReadingSmall(_Reader):
    """Reads what cut_analysis is given."""

    name = "reading_small"
    needs = Frames(rate_hz=None, long_side_px=256)


class ReadingMiddle(_Reader):
    """Reads what object_detection is given."""

    name = "reading_middle"
    needs = Frames(rate_hz=5.0, long_side_px=640)


class ReadingLarge(_Reader):
    """Reads what text_overlay is given."""

    name = "reading_large"
    needs = Frames(rate_hz=2.0, long_side_px=1280)


class ReadingSound(_Reader):
    """Reads what the analyzers of sound are given."""

    name = "reading_sound"
    needs = Samples(sample_rate_hz=16000)


CATALOGUES: dict[str, dict[str, tuple[type[Analyzer], ...]]] = {
    "sleepers": {"vision": (SleepingOnFrames,), "audio": (SleepingOnSamples,)},
    "readers": {"vision": (ReadingSmall, ReadingMiddle, ReadingLarge), "audio": (ReadingSound,)},
}
"""catalogue -> service -> its analyzers."""
