"""What the services have answered so far, and what is still owed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from reelscribe.v1.analyzer_pb2 import AnalyzerResult, Failure, PerceptCost, Reason, Status
from reelscribe.v1.bus_pb2 import ResultConfirmation, ResultDelivery, TaskUpdate
from reelscribe.v1.finding_pb2 import Finding
from services.common.time import seconds, span

Verdict = ResultConfirmation.Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Owed:
    """One answer: an analyzer's, for a part."""

    part_id: str
    analyzer: str


@dataclass(slots=True)
class _Attempt:
    """The findings of one delivery of a task, by their position."""

    findings: dict[int, Finding] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A part's confirmed result, its findings in it."""

    part_id: str
    result: AnalyzerResult


@dataclass(frozen=True, slots=True, kw_only=True)
class LastAnswered:
    """The part that was waited for longest, as one service answered it."""

    part_id: str
    service: str
    results: tuple[AnalyzerResult, ...]
    percept_costs: tuple[PerceptCost, ...]


class Gather:
    """Counts nothing twice: the first complete attempt at a part wins, whatever arrives again or late.

    Plain state, no waiting: the pipeline calls it from one event loop.
    """

    def __init__(self) -> None:
        self._owed: dict[Owed, str] = {}
        self._looked_at_s: dict[Owed, tuple[float, float]] = {}
        """From where a part is its analyzer's own to how far the analyzer is."""
        self._answers: dict[Owed, AnalyzerResult] = {}
        self._attempts: dict[tuple[Owed, int], _Attempt] = {}
        self._latest: dict[Owed, int] = {}
        self._reached_s: dict[str, float] = {}
        self._percept_costs: dict[tuple[str, str, str], PerceptCost] = {}
        self._expecting_more = True

    def __repr__(self) -> str:
        return f"Gather({len(self._answers)} of {len(self._owed)} answered)"

    def expect(self, part_id: str, service: str, analyzers: Iterable[str], own_start_s: float = 0.0) -> None:
        """Answers a new part will bring."""
        for analyzer in analyzers:
            owed = Owed(part_id=part_id, analyzer=analyzer)
            self._owed[owed] = service
            self._looked_at_s[owed] = (own_start_s, own_start_s)

    def all_expected(self) -> None:
        """No further part will come."""
        self._expecting_more = False

    @property
    def complete(self) -> bool:
        """Every part is known and every answer is here."""
        return not self._expecting_more and not self.pending()

    def pending(self, part_id: str | None = None) -> list[Owed]:
        """Answers still owed, of all parts or of one."""
        return [
            owed for owed in self._owed if owed not in self._answers and (part_id is None or owed.part_id == part_id)
        ]

    def service_of(self, owed: Owed) -> str:
        """Who owes it."""
        return self._owed[owed]

    def reached_s(self) -> dict[str, float]:
        """How far each analyzer is, in seconds of the video."""
        return dict(self._reached_s)

    def take_update(self, update: TaskUpdate) -> tuple[list[Finding], bool]:
        """Note findings. Returns those that are new, and whether they replace an earlier attempt's."""
        owed = Owed(part_id=update.part_id, analyzer=update.analyzer)
        if owed not in self._owed or owed in self._answers or update.attempt < self._latest.get(owed, 0):
            return [], False
        replaced = update.attempt > self._latest.get(owed, update.attempt)
        self._latest[owed] = update.attempt
        reached_s = seconds(update.reached_offset)
        own_start_s, known_s = self._looked_at_s[owed]
        self._looked_at_s[owed] = (own_start_s, reached_s if replaced else max(reached_s, known_s))
        self._reached_s[update.analyzer] = max(reached_s, self._reached_s.get(update.analyzer, 0.0))
        known = self._attempts.setdefault((owed, update.attempt), _Attempt()).findings
        new = [
            finding for position, finding in enumerate(update.findings, update.first_position) if position not in known
        ]
        known.update(enumerate(update.findings, update.first_position))
        return new, replaced

    def take_result(self, delivery: ResultDelivery) -> Verdict:
        """Confirm a result, or say what is wrong with it."""
        owed = Owed(part_id=delivery.part_id, analyzer=delivery.result.analyzer)
        if owed not in self._owed:
            return Verdict.VERDICT_DROP
        for cost in delivery.percept_costs:
            self._percept_costs[delivery.part_id, cost.service, cost.percept] = cost
        if owed in self._answers:
            return Verdict.VERDICT_TAKEN
        findings = self._attempts.get((owed, delivery.attempt), _Attempt()).findings
        if sorted(findings) != list(range(delivery.finding_count)):
            # Of an attempt that another has replaced nothing is taken any more: it would send again for ever.
            replaced = delivery.attempt < self._latest.get(owed, 0)
            return Verdict.VERDICT_DROP if replaced else Verdict.VERDICT_RESEND
        self._settle(owed, delivery.result, [findings[position] for position in sorted(findings)])
        return Verdict.VERDICT_TAKEN

    def give_up(self, owed: Owed, status: Status, reason: Reason) -> None:
        """Answer in the name of an analyzer that did not; what it had found so far is kept as PARTIAL.

        How many frames it had taken is not known: coverage says how far it was.
        """
        if owed in self._answers:
            return
        attempt = self._attempts.get((owed, self._latest.get(owed, 0)), _Attempt())
        findings = [attempt.findings[position] for position in sorted(attempt.findings)]
        start_s, reached_s = self._looked_at_s[owed]
        result = AnalyzerResult(
            analyzer=owed.analyzer,
            service=self._owed[owed],
            status=Status.STATUS_PARTIAL if findings else status,
            reason=reason,
            error=Failure(type=reason.code, message=reason.message),
        )
        if reached_s > start_s:
            result.coverage.spans.append(span(start_s, reached_s))
        self._settle(owed, result, findings)

    def give_up_part(self, part_id: str, analyzers: Iterable[str], status: Status, reason: Reason) -> None:
        """The same for those of a part that have not answered yet."""
        named = set(analyzers)
        for owed in self.pending(part_id):
            if owed.analyzer in named:
                self.give_up(owed, status, reason)

    def answers(self, analyzer: str) -> list[Answer]:
        """An analyzer's confirmed results, in the order in which the parts were expected."""
        return [
            Answer(part_id=owed.part_id, result=self._answers[owed])
            for owed in self._owed
            if owed.analyzer == analyzer and owed in self._answers
        ]

    def analyzer_done(self, analyzer: str) -> bool:
        """Every part of the analyzer is answered and no part is still to come."""
        return not self._expecting_more and all(owed.analyzer != analyzer for owed in self.pending())

    def percept_costs(self) -> list[PerceptCost]:
        """One entry per part, service and percept."""
        return list(self._percept_costs.values())

    def last_answered(self) -> LastAnswered | None:
        """Whose answer came last; None where none came. Answers are kept in the order in which they came."""
        if not self._answers:
            return None
        last = next(reversed(self._answers))
        service = self._owed[last]
        results = (
            result
            for owed, result in self._answers.items()
            if owed.part_id == last.part_id and self._owed[owed] == service
        )
        costs = (
            cost
            for (part_id, of_service, _), cost in self._percept_costs.items()
            if part_id == last.part_id and of_service == service
        )
        return LastAnswered(part_id=last.part_id, service=service, results=tuple(results), percept_costs=tuple(costs))

    def _settle(self, owed: Owed, result: AnalyzerResult, findings: list[Finding]) -> None:
        settled = AnalyzerResult()
        settled.CopyFrom(result)
        settled.findings.extend(findings)
        self._answers[owed] = settled
        for key in [key for key in self._attempts if key[0] == owed]:
            del self._attempts[key]
