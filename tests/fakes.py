"""Analyzers for tests of everything around analyzers: they find, fail, hang and sleep."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

from gateway.evidence import Evidence
from gateway.insight import Insight
from reelscribe.v1.analyzer_pb2 import Method
from reelscribe.v1.finding_pb2 import Finding
from services.common.analyzer import Analyzer, AnalyzerSettings, Percept
from services.common.device import Device
from services.common.errors import WeightsNotInstalled
from services.common.time import span
from services.common.window import Frames, Part, Samples, Window

SMALL = Frames(rate_hz=None, long_side_px=256)
SOUND = Samples(sample_rate_hz=16000)


class Seconds(Analyzer):
    """One finding per window."""

    name = "seconds"
    method = Method.METHOD_SIGNAL
    needs = SMALL

    def analyze(self, part: Part, windows: Iterator[Window]) -> Iterator[Finding]:
        for window in windows:
            yield Finding(span=span(window.start_s, window.end_s), label="second")


class Brightness(Analyzer):
    """One finding per window of pictures brighter than the setting."""

    class Settings(AnalyzerSettings):
        """How bright is bright."""

        threshold: float = 128.0

    name = "brightness"
    method = Method.METHOD_SIGNAL
    needs = Frames(rate_hz=5.0, long_side_px=256)

    def analyze(self, part: Part, windows: Iterator[Window]) -> Iterator[Finding]:
        for window in windows:
            frames = window[self.needs]
            if len(frames) and frames.rgb.mean() > part.settings.threshold:
                yield Finding(span=span(window.start_s, window.end_s), label="bright")


class Loud(Analyzer):
    """One finding per window in which anything sounds."""

    name = "loud"
    method = Method.METHOD_SIGNAL
    needs = SOUND

    def analyze(self, part: Part, windows: Iterator[Window]) -> Iterator[Finding]:
        for window in windows:
            if abs(window[SOUND].mono).max(initial=0.0) > 0.01:
                yield Finding(span=span(window.start_s, window.end_s), label="loud")


class Silent(Analyzer):
    """Looks at everything and finds nothing."""

    name = "silent"
    method = Method.METHOD_SIGNAL
    needs = SMALL

    def analyze(self, part: Part, windows: Iterator[Window]) -> Iterator[Finding]:
        for _ in windows:
            pass
        yield from ()


class Failing(Analyzer):
    """Breaks at its first window."""

    name = "failing"
    method = Method.METHOD_SIGNAL
    needs = SMALL

    def analyze(self, part: Part, windows: Iterator[Window]) -> Iterator[Finding]:
        for window in windows:
            raise ZeroDivisionError(f"window {window.index} broke it")
            yield


class Lazy(Analyzer):
    """Returns after its first window."""

    name = "lazy"
    method = Method.METHOD_SIGNAL
    needs = SMALL

    def analyze(self, part: Part, windows: Iterator[Window]) -> Iterator[Finding]:
        next(windows, None)
        yield from ()


class Hanging(Analyzer):
    """Waits, at its first window, until `release` is set."""

    name = "hanging"
    method = Method.METHOD_SIGNAL
    needs = SMALL
    release = threading.Event()
    started = threading.Event()

    def analyze(self, part: Part, windows: Iterator[Window]) -> Iterator[Finding]:
        for _ in windows:
            self.started.set()
            self.release.wait()
        yield from ()


class Sleeping(Analyzer):
    """Sleeps for a while, once its part has ended: a service whose time is known."""

    class Settings(AnalyzerSettings):
        """How long."""

        sleep_s: float = 0.2

    name = "sleeping"
    method = Method.METHOD_SIGNAL
    needs = SMALL

    def analyze(self, part: Part, windows: Iterator[Window]) -> Iterator[Finding]:
        started_s = time.monotonic()
        for _ in windows:
            pass
        time.sleep(max(0.0, part.settings.sleep_s - (time.monotonic() - started_s)))
        yield from ()


class Weightless(Analyzer):
    """Its weights are on no machine."""

    name = "weightless"
    method = Method.METHOD_MODEL
    needs = SMALL

    def load(self, device: Device) -> None:
        raise WeightsNotInstalled("yolo99z")

    def analyze(self, part: Part, windows: Iterator[Window]) -> Iterator[Finding]:
        yield from ()


class FrameCount(Percept):
    """How many frames each window has, told one window late."""

    needs = SMALL
    runs = 0

    def perceive(self, part: Part, windows: Iterator[Window]) -> Iterator[int]:
        type(self).runs += 1
        held: int | None = None
        for window in windows:
            if held is not None:
                yield held
            held = len(window[SMALL])
        if held is not None:
            yield held


class Counting(Analyzer):
    """Reports what FrameCount says."""

    name = "counting"
    method = Method.METHOD_SIGNAL
    needs = SMALL
    uses = (FrameCount,)

    def analyze(self, part: Part, windows: Iterator[Window]) -> Iterator[Finding]:
        for window in windows:
            yield Finding(span=span(window.start_s, window.end_s), label=f"frames_{window[FrameCount]}")


class CountingToo(Counting):
    """A second user of the same percept."""

    name = "counting_too"


class BrokenPercept(Percept):
    """Gives a value for the first window only."""

    needs = SMALL

    def perceive(self, part: Part, windows: Iterator[Window]) -> Iterator[int]:
        next(windows)
        yield 1


class UsingBroken(Analyzer):
    """Uses a percept that stops early."""

    name = "using_broken"
    method = Method.METHOD_SIGNAL
    needs = SMALL
    uses = (BrokenPercept,)

    def analyze(self, part: Part, windows: Iterator[Window]) -> Iterator[Finding]:
        for _ in windows:
            pass
        yield from ()


class Pairs(Insight):
    """What counting and seconds say of the same window.

    Labels: `pair`.
    """

    name = "pairs"
    reads = (("seconds", "loud"), ("seconds",))

    def find(self, evidence: Evidence) -> Iterator[Finding]:
        for result in evidence.results:
            for finding in result.findings:
                yield Finding(span=finding.span, label="pair", evidence_ids=[finding.id])


class Stumbling(Pairs):
    """Fails over what it reads."""

    name = "stumbling"

    def find(self, evidence: Evidence) -> Iterator[Finding]:
        raise RuntimeError("stumbled")
        yield
