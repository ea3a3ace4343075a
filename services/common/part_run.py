"""One part, analyzed: a thread for every analyzer and percept, windows in, findings and results out."""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

import structlog

from reelscribe.v1.analyzer_pb2 import AnalyzerResult, Coverage, Failure, PerceptCost, Reason, Status
from reelscribe.v1.finding_pb2 import Finding
from reelscribe.v1.media_pb2 import Damage, StreamKind
from services.common.analyzer import Analyzer, Percept, needs_of
from services.common.append_log import AppendLog
from services.common.errors import Cancelled, ReelscribeError
from services.common.native_threads import NativeThreads
from services.common.time import span
from services.common.window import Frames, Need, Part, Window

log = structlog.get_logger()


class LaidDownWindow(Protocol):
    """A window whose media can be opened when somebody reads it."""

    index: int
    start_s: float
    end_s: float

    def count(self, need: Need) -> int:
        """Frames, or samples per channel, that this window offers for a need; without touching the media."""
        ...

    def batch(self, need: Need) -> Any:
        """The FrameBatch or SampleBatch for a need."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Reached:
    """An analyzer has taken all windows up to here."""

    analyzer: str
    offset_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """An analyzer yielded a finding."""

    analyzer: str
    finding: Finding


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """An analyzer has ended. `result` carries no findings; they came before, one by one."""

    analyzer: str
    result: AnalyzerResult


Event = Reached | Found | Ended


class PerceptFailed(ReelscribeError):
    """A percept this analyzer uses gave no value for a window."""

    reason = "percept_failed"


TOUCH_S = 1e-3
"""Windows closer than this follow one another."""


@dataclass(slots=True)
class _Tally:
    """What one analyzer took. The lead-in is looked at, but counted by the part before."""

    own_start_s: float
    received_count: int = 0
    processed_count: int | None = None
    spans_s: list[tuple[float, float]] = field(default_factory=list)

    def take(self, window: LaidDownWindow, count: int) -> None:
        if window.start_s >= self.own_start_s - TOUCH_S:
            self.received_count += count
        if self.spans_s and abs(self.spans_s[-1][1] - window.start_s) < TOUCH_S:
            self.spans_s[-1] = (self.spans_s[-1][0], window.end_s)
        else:
            self.spans_s.append((window.start_s, window.end_s))

    def process(self, count: int) -> None:
        self.processed_count = (self.processed_count or 0) + count

    @property
    def worked_on_count(self) -> int:
        """What the method worked on: all it received, unless it says otherwise."""
        return self.received_count if self.processed_count is None else min(self.processed_count, self.received_count)


class PartRun:
    """Runs analyzers and the percepts they use over one part.

    `feed` and `end` are called from one feeding thread; `cancel` from any. Events come by `sink`, which is
    called from the analyzers' threads. All threads are started before the first window.
    """

    def __init__(
        self,
        analyzers: Sequence[tuple[Analyzer, Part]],
        percepts: Sequence[tuple[Percept, Part]],
        sink: Callable[[Event], None],
        native_threads: NativeThreads,
    ) -> None:
        self._windows: AppendLog[LaidDownWindow] = AppendLog()
        self._values: dict[type[Percept], AppendLog[Any]] = {type(percept): AppendLog() for percept, _ in percepts}
        self._sink = sink
        self._native = native_threads
        self._damage: Damage | None = None
        self._percept_costs: list[PerceptCost] = []
        self._cancelled = threading.Event()
        self._threads = [
            threading.Thread(target=self._perceive, args=(percept, part), name=type(percept).__name__)
            for percept, part in percepts
        ]
        self._threads += [
            threading.Thread(target=self._analyze, args=(analyzer, part), name=analyzer.name)
            for analyzer, part in analyzers
        ]
        for thread in self._threads:
            thread.start()

    def feed(self, window: LaidDownWindow) -> None:
        """Hand over the next window."""
        self._windows.append(window)

    def end(self, damage: Damage | None = None) -> None:
        """No more windows; with the damage that ended the part early, if any."""
        self._damage = damage
        self._windows.close()

    def fail(self, error: BaseException) -> None:
        """No more windows because they were lost: every analyzer fails with this."""
        self._windows.close(error)

    def cancel(self) -> None:
        """Stop between two windows; no further result comes."""
        self._cancelled.set()
        self._windows.cancel()
        for values in self._values.values():
            values.cancel()

    def join(self) -> list[PerceptCost]:
        """Wait for all threads; the cost of the shared percepts."""
        for thread in self._threads:
            thread.join()
        return self._percept_costs

    # One analyzer

    def _analyze(self, analyzer: Analyzer, part: Part) -> None:
        tally = _Tally(own_start_s=part.own_start_s)
        meter = self._native.meter(analyzer)
        status, error = Status.STATUS_EMPTY, None
        part = replace(part, count_processed=self._counter(tally))
        generator = analyzer.analyze(part, self._window_views(analyzer, tally))
        try:
            for finding in generator:
                status = Status.STATUS_OK
                self._sink(Found(analyzer=analyzer.name, finding=finding))
        except Cancelled:
            return
        except Exception as problem:
            log.warning("analyzer failed", analyzer=analyzer.name, part=part.part_id, exc_info=True)
            error = problem
        finally:
            _close(generator)
        try:
            result = self._result(analyzer, tally, status, error)
        except Cancelled:
            return
        result.cost.CopyFrom(meter.cost())
        self._sink(Ended(analyzer=analyzer.name, result=result))

    def _window_views(self, user: Analyzer | Percept, tally: _Tally | None = None) -> Iterator[Window]:
        needs, uses = needs_of(user), user.uses
        for position, laid_down in enumerate(self._windows):
            values = {kind: self._value(kind, position) for kind in uses}
            if tally is not None and isinstance(user, Analyzer):
                tally.take(laid_down, laid_down.count(needs[0]))
                self._sink(Reached(analyzer=user.name, offset_s=laid_down.end_s))
            yield Window(
                index=laid_down.index,
                start_s=laid_down.start_s,
                end_s=laid_down.end_s,
                contents=_Contents(laid_down, frozenset(needs), values),
            )

    def _counter(self, tally: _Tally) -> Callable[[int], None]:
        def count(number: int) -> None:
            if self._cancelled.is_set():
                raise Cancelled
            tally.process(number)

        return count

    def _value(self, kind: type[Percept], position: int) -> Any:
        try:
            return self._values[kind].get(position)
        except IndexError:
            raise PerceptFailed(f"{kind.__name__} gave no value for window {position}") from None

    def _result(self, analyzer: Analyzer, tally: _Tally, status: Status, error: Exception | None) -> AnalyzerResult:
        need = needs_of(analyzer)[0]
        offered_count = self._offered(need, tally.own_start_s) if error is None else tally.received_count
        result = AnalyzerResult(
            analyzer=analyzer.name,
            status=status,
            method=analyzer.method,
            models=analyzer.models,
            coverage=Coverage(
                spans=[span(*edges) for edges in tally.spans_s],
                offered_count=offered_count,
                received_count=tally.received_count,
                processed_count=tally.worked_on_count,
                stream=stream_of(need),
            ),
        )
        if error is not None:
            _mark_failed(result, error)
        elif tally.received_count < offered_count:
            result.status = Status.STATUS_PARTIAL
            result.reason.CopyFrom(Reason(code="stopped_early", message="the analyzer returned before the part ended"))
        elif self._damage is not None:
            result.status = Status.STATUS_PARTIAL
            result.reason.CopyFrom(Reason(code=self._damage.reason, message=self._damage.message))
        return result

    def _offered(self, need: Need, own_start_s: float) -> int:
        """Frames or samples of the whole part, also those an analyzer that returned early did not take."""
        total = 0
        try:
            for window in self._windows:
                total += window.count(need) if window.start_s >= own_start_s - TOUCH_S else 0
        except ReelscribeError:
            log.info("part lost its media after the analyzer had returned")
        return total

    # One percept

    def _perceive(self, percept: Percept, part: Part) -> None:
        kind = type(percept)
        values = self._values[kind]
        meter = self._native.meter(percept)
        generator = percept.perceive(part, self._window_views(percept))
        try:
            for value in generator:
                values.append(value)
            values.close()
        except Cancelled:
            values.cancel()
        except Exception as problem:
            log.warning("percept failed", percept=kind.__name__, part=part.part_id, exc_info=True)
            failed = PerceptFailed(f"{kind.__name__} failed: {problem}")
            failed.__cause__ = problem
            values.close(failed)
        finally:
            _close(generator)
            self._percept_costs.append(PerceptCost(percept=kind.__name__, cost=meter.cost()))


class _Contents(Mapping[Hashable, Any]):
    """What one user sees of a window: the needs and percepts it declared. Media is opened at each access, not kept."""

    __slots__ = ("_laid_down", "_needs", "_values")

    def __init__(self, laid_down: LaidDownWindow, needs: frozenset[Need], values: dict[type[Percept], Any]) -> None:
        self._laid_down = laid_down
        self._needs = needs
        self._values = values

    def __getitem__(self, key: Hashable) -> Any:
        if key in self._needs:
            return self._laid_down.batch(key)
        return self._values[key]  # type: ignore[index]  # any other key is a KeyError, as it should be

    def __iter__(self) -> Iterator[Hashable]:
        yield from self._needs
        yield from self._values

    def __len__(self) -> int:
        return len(self._needs) + len(self._values)


def stream_of(need: Need) -> StreamKind:
    """The stream a need belongs to, as the StreamKind of the wire."""
    return StreamKind.STREAM_KIND_FRAMES if isinstance(need, Frames) else StreamKind.STREAM_KIND_SAMPLES


def reason_of(error: ReelscribeError) -> Reason:
    """An error as a reason in a report."""
    return Reason(code=error.reason, message=str(error), fix=error.fix)


def _mark_failed(result: AnalyzerResult, error: Exception) -> None:
    found = result.status == Status.STATUS_OK
    result.status = Status.STATUS_PARTIAL if found else Status.STATUS_FAILED
    message = str(error) or type(error).__name__
    if isinstance(error, ReelscribeError):
        result.reason.CopyFrom(reason_of(error))
    else:
        result.reason.CopyFrom(Reason(code="analyzer_failed", message=message))
    result.error.CopyFrom(Failure(type=type(error).__name__, message=message))


def _close(generator: Iterator[Any]) -> None:
    """Only the running thread closes its generator."""
    close = getattr(generator, "close", None)
    if close is not None:
        close()
