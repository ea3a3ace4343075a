"""One part, analyzed: a thread for every analyzer and percept, windows in, findings and results out."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, replace
from typing import Any

import structlog

from reelscribe.v1.analyzer_pb2 import AnalyzerResult, Coverage, Failure, PerceptCost, Reason, Status
from reelscribe.v1.finding_pb2 import Finding
from reelscribe.v1.media_pb2 import Damage, StreamKind
from services.common.analyzer import Analyzer, Percept, needs_of
from services.common.append_log import AppendLog
from services.common.errors import Cancelled, ReelscribeError
from services.common.native_threads import NativeThreads
from services.common.tally import Tally
from services.common.time import span
from services.common.window import Frames, Need, Part, Window
from services.common.window_view import LaidDownWindow, view

log = structlog.get_logger()


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


STOPPED_EARLY = Reason(code="stopped_early", message="the analyzer returned before the part ended")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Outcome:
    """How an analyzer's work ended. Words instead of the exception, which would keep windows in memory."""

    found: bool
    failed: tuple[Reason, Failure] | None = None


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
        self.ended: Future[list[PerceptCost]] = Future()
        """Done when every thread has done its work and no further event comes: the cost of the shared percepts.

        To be awaited: waiting in a thread of a pool for parts whose windows come through that pool deadlocks.
        """
        self.ended.set_running_or_notify_cancel()
        self._windows: AppendLog[LaidDownWindow] = AppendLog()
        self._values: dict[type[Percept], AppendLog[Any]] = {type(percept): AppendLog() for percept, _ in percepts}
        self._sink = sink
        self._native = native_threads
        self._damage: Damage | None = None
        self._percept_costs: list[PerceptCost] = []
        self._cancelled = threading.Event()
        self._counting = threading.Lock()
        works: list[tuple[Callable[[Any, Part], None], Analyzer | Percept, Part, str]] = []
        works += [(self._perceive, *item, type(item[0]).__name__) for item in percepts]
        works += [(self._analyze, *item, item[0].name) for item in analyzers]
        self._working_count = len(works)
        self._threads = [
            threading.Thread(target=self._work, args=(work, user, part), name=name) for work, user, part, name in works
        ]
        for thread in self._threads:
            thread.start()
        if not works:
            self.ended.set_result([])

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
        costs = self.ended.result()
        for thread in self._threads:
            thread.join()
        return costs

    async def over(self) -> list[PerceptCost]:
        """`join` for an event loop: no thread is held meanwhile."""
        await asyncio.wrap_future(self.ended)
        return self.join()

    def _work(self, work: Callable[[Any, Part], None], user: Analyzer | Percept, part: Part) -> None:
        try:
            work(user, part)
        except Cancelled:
            pass
        finally:
            with self._counting:
                self._working_count -= 1
                is_last = self._working_count == 0
            if is_last:
                self._forget()
                self.ended.set_result(self._percept_costs)

    def _forget(self) -> None:
        """Unmap the part's media now, not when the garbage collector comes by."""
        self._windows.forget()
        for values in self._values.values():
            values.forget()

    # One analyzer

    def _analyze(self, analyzer: Analyzer, part: Part) -> None:
        tally = Tally(own_start_s=part.own_start_s)
        meter = self._native.meter(analyzer)
        outcome = self._consume(analyzer, replace(part, count_processed=self._counter(tally)), tally)
        cost = meter.cost()
        result = self._result(analyzer, part, tally, outcome)
        result.cost.CopyFrom(cost)
        # An analyzer may have taken the cancellation for the end of its windows, or failed at it.
        if not self._cancelled.is_set():
            self._sink(Ended(analyzer=analyzer.name, result=result))

    def _consume(self, analyzer: Analyzer, part: Part, tally: Tally) -> _Outcome:
        found = False
        generator: Iterator[Finding] = iter(())
        try:
            generator = analyzer.analyze(part, self._window_views(analyzer, tally))
            for finding in generator:
                found = True
                self._sink(Found(analyzer=analyzer.name, finding=finding))
        # A library that calls sys.exit must not end the thread without a word.
        except (Exception, SystemExit) as problem:
            log.warning("analyzer failed", analyzer=analyzer.name, part=part.part_id, exc_info=True)
            return _Outcome(found=found, failed=(_reason_for(problem), _failure_of(problem)))
        finally:
            _close(generator)
        return _Outcome(found=found)

    def _window_views(self, user: Analyzer | Percept, tally: Tally | None = None) -> Iterator[Window]:
        needs, uses = needs_of(user), user.uses
        if isinstance(user, Analyzer):
            uses += tuple(kind for kind in user.also_uses if kind in self._values)
        for position, laid_down in enumerate(self._windows):
            values = {kind: self._value(kind, position) for kind in uses}
            if tally is not None and isinstance(user, Analyzer):
                tally.take(start_s=laid_down.start_s, end_s=laid_down.end_s, count=laid_down.count(needs[0]))
                self._sink(Reached(analyzer=user.name, offset_s=laid_down.end_s))
            yield view(laid_down, needs, values)

    def _counter(self, tally: Tally) -> Callable[[int], None]:
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

    def _result(self, analyzer: Analyzer, part: Part, tally: Tally, outcome: _Outcome) -> AnalyzerResult:
        """The result, once the part has ended: only then is it known how much there was to look at."""
        need = needs_of(analyzer)[0]
        offered_count, lost = self._offered(need, tally)
        result = AnalyzerResult(
            analyzer=analyzer.name,
            status=Status.STATUS_OK if outcome.found else Status.STATUS_EMPTY,
            method=analyzer.method,
            models=analyzer.models_for(part.settings),
            coverage=Coverage(
                spans=[span(*edges) for edges in tally.spans_s],
                offered_count=offered_count,
                received_count=tally.received_count,
                processed_count=tally.worked_on_count,
                stream=stream_of(need),
            ),
        )
        if outcome.failed is not None:
            result.status = Status.STATUS_PARTIAL if outcome.found else Status.STATUS_FAILED
            result.reason.CopyFrom(outcome.failed[0])
            result.error.CopyFrom(outcome.failed[1])
            return result
        reason = lost or (STOPPED_EARLY if tally.received_count < offered_count else _reason_in(self._damage))
        if reason is not None:
            result.status = Status.STATUS_PARTIAL
            result.reason.CopyFrom(reason)
        return result

    def _offered(self, need: Need, tally: Tally) -> tuple[int, Reason | None]:
        """Frames or samples of the whole part, also those the analyzer did not take, and why more were lost."""
        total = 0
        try:
            for window in self._windows:
                total += window.count(need) if tally.owns(window.start_s) else 0
        except ReelscribeError as error:
            return total, reason_of(error)
        except LookupError:
            return tally.received_count, None
        return total, None

    # One percept

    def _perceive(self, percept: Percept, part: Part) -> None:
        kind = type(percept)
        values = self._values[kind]
        meter = self._native.meter(percept)
        generator: Iterator[Any] = iter(())
        try:
            generator = percept.perceive(part, self._window_views(percept))
            for value in generator:
                values.append(value)
            values.close()
        except Cancelled:
            values.cancel()
        except (Exception, SystemExit) as problem:
            log.warning("percept failed", percept=kind.__name__, part=part.part_id, exc_info=True)
            values.close(PerceptFailed(f"{kind.__name__} failed: {str(problem) or type(problem).__name__}"))
        finally:
            _close(generator)
            uses = [used.__name__ for used in percept.uses]
            self._percept_costs.append(PerceptCost(percept=kind.__name__, cost=meter.cost(), uses=uses))


def stream_of(need: Need) -> StreamKind:
    """The stream a need belongs to, as the StreamKind of the wire."""
    return StreamKind.STREAM_KIND_FRAMES if isinstance(need, Frames) else StreamKind.STREAM_KIND_SAMPLES


def reason_of(error: ReelscribeError) -> Reason:
    """An error as a reason in a report."""
    return Reason(code=error.reason, message=str(error), fix=error.fix)


def _reason_for(problem: BaseException) -> Reason:
    if isinstance(problem, ReelscribeError):
        return reason_of(problem)
    return Reason(code="analyzer_failed", message=str(problem) or type(problem).__name__)


def _failure_of(problem: BaseException) -> Failure:
    return Failure(type=type(problem).__name__, message=str(problem) or type(problem).__name__)


def _reason_in(damage: Damage | None) -> Reason | None:
    return None if damage is None else Reason(code=damage.reason, message=damage.message)


def _close(generator: Iterator[Any]) -> None:
    """Only the running thread closes its generator."""
    close = getattr(generator, "close", None)
    if close is None:
        return
    try:
        close()
    except Exception:
        log.warning("an analyzer failed while it was closed", exc_info=True)
