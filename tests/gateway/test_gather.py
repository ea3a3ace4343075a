from __future__ import annotations

from gateway.gather import Gather, Owed
from reelscribe.v1.analyzer_pb2 import AnalyzerResult, Reason, Status
from reelscribe.v1.bus_pb2 import ResultConfirmation, ResultDelivery, TaskUpdate
from reelscribe.v1.finding_pb2 import Finding
from services.common.time import span_s

Verdict = ResultConfirmation.Verdict


def update(
    *labels: str, first: int = 0, attempt: int = 1, part: str = "frames-0", analyzer: str = "cuts"
) -> TaskUpdate:
    findings = [Finding(label=label) for label in labels]
    return TaskUpdate(part_id=part, analyzer=analyzer, attempt=attempt, first_position=first, findings=findings)


def delivery(count: int, *, attempt: int = 1, part: str = "frames-0", analyzer: str = "cuts") -> ResultDelivery:
    result = AnalyzerResult(analyzer=analyzer, status=Status.STATUS_OK)
    return ResultDelivery(part_id=part, attempt=attempt, result=result, finding_count=count)


def gather() -> Gather:
    state = Gather()
    state.expect("frames-0", "vision", ["cuts"])
    state.all_expected()
    return state


def labels(state: Gather) -> list[str]:
    return [finding.label for answer in state.answers("cuts") for finding in answer.result.findings]


def test_a_result_with_all_its_findings_is_taken():
    state = gather()
    state.take_update(update("a", "b"))
    state.take_update(update("c", first=2))
    assert state.take_result(delivery(3)) == Verdict.VERDICT_TAKEN
    assert labels(state) == ["a", "b", "c"]
    assert state.complete


def test_a_missing_finding_is_asked_for_again_and_then_counted_once():
    state = gather()
    state.take_update(update("b", first=1))
    assert state.take_result(delivery(2)) == Verdict.VERDICT_RESEND
    assert not state.complete
    new, _ = state.take_update(update("a", "b"))
    assert [finding.label for finding in new] == ["a"]
    assert state.take_result(delivery(2)) == Verdict.VERDICT_TAKEN
    assert labels(state) == ["a", "b"]


def test_what_arrives_twice_counts_once():
    state = gather()
    assert len(state.take_update(update("a"))[0]) == 1
    assert state.take_update(update("a")) == ([], False)
    state.take_result(delivery(1))
    assert state.take_result(delivery(1)) == Verdict.VERDICT_TAKEN
    assert state.take_update(update("z", first=1)) == ([], False)
    assert labels(state) == ["a"]


def test_the_first_complete_attempt_wins_and_a_replaced_one_is_announced():
    state = gather()
    state.take_update(update("lost", "too"))
    new, replaced = state.take_update(update("found", attempt=2))
    assert replaced
    assert [finding.label for finding in new] == ["found"]
    assert state.take_update(update("late", first=2, attempt=1)) == ([], False)
    assert state.take_result(delivery(1, attempt=2)) == Verdict.VERDICT_TAKEN
    assert state.take_result(delivery(3, attempt=1)) == Verdict.VERDICT_TAKEN
    assert labels(state) == ["found"]


def test_nobody_asked_for_is_dropped():
    assert gather().take_result(delivery(0, part="frames-9")) == Verdict.VERDICT_DROP


def test_it_is_not_complete_while_parts_may_still_come():
    state = Gather()
    state.expect("frames-0", "vision", ["cuts"])
    state.take_result(delivery(0))
    assert not state.complete
    assert not state.analyzer_done("cuts")
    state.all_expected()
    assert state.complete
    assert state.analyzer_done("cuts")


def test_giving_up_keeps_what_was_found_as_partial():
    state = gather()
    state.take_update(update("a"))
    state.give_up(Owed(part_id="frames-0", analyzer="cuts"), Status.STATUS_TIMED_OUT, Reason(code="deadline"))
    (answer,) = state.answers("cuts")
    assert answer.result.status == Status.STATUS_PARTIAL
    assert answer.result.reason.code == "deadline"
    assert labels(state) == ["a"]


def test_giving_up_without_findings_says_so_by_status():
    state = gather()
    state.give_up(Owed(part_id="frames-0", analyzer="cuts"), Status.STATUS_TIMED_OUT, Reason(code="deadline"))
    assert state.answers("cuts")[0].result.status == Status.STATUS_TIMED_OUT


def test_an_old_attempt_that_cannot_be_completed_any_more_is_dropped():
    """Its findings are not taken once a newer attempt has begun: asked to send again, it would for ever."""
    state = gather()
    state.take_update(update("a"))
    state.take_update(update("b", attempt=2))
    assert state.take_result(delivery(2, attempt=1)) == Verdict.VERDICT_DROP
    assert state.take_result(delivery(1, attempt=2)) == Verdict.VERDICT_TAKEN
    assert labels(state) == ["b"]


def test_giving_up_says_how_far_the_analyzer_was():
    state = Gather()
    state.expect("frames-1", "vision", ["cuts"], 60.0)
    reached = update("a", part="frames-1")
    reached.reached_offset.FromSeconds(75)
    state.take_update(reached)
    state.give_up(Owed(part_id="frames-1", analyzer="cuts"), Status.STATUS_TIMED_OUT, Reason(code="deadline"))
    assert [span_s(item) for item in state.answers("cuts")[0].result.coverage.spans] == [(60, 75)]


def test_giving_up_one_that_never_began_claims_to_have_looked_at_nothing():
    state = gather()
    state.give_up(Owed(part_id="frames-0", analyzer="cuts"), Status.STATUS_FAILED, Reason(code="service_absent"))
    assert not state.answers("cuts")[0].result.HasField("coverage")


def test_giving_up_one_that_has_answered_meanwhile_changes_nothing():
    state = gather()
    state.take_update(update("a"))
    state.take_result(delivery(1))
    state.give_up(Owed(part_id="frames-0", analyzer="cuts"), Status.STATUS_FAILED, Reason(code="service_absent"))
    assert state.answers("cuts")[0].result.status == Status.STATUS_OK


def test_giving_up_a_part_leaves_the_others():
    state = Gather()
    state.expect("frames-0", "vision", ["cuts", "colors"])
    state.expect("frames-1", "vision", ["cuts"])
    state.give_up_part("frames-0", ["cuts"], Status.STATUS_FAILED, Reason(code="bus_unavailable"))
    assert state.pending() == [
        Owed(part_id="frames-0", analyzer="colors"),
        Owed(part_id="frames-1", analyzer="cuts"),
    ]


def test_the_part_that_came_last_is_given_with_all_its_service_took():
    state = Gather()
    state.expect("frames-0", "vision", ["cuts", "colours"])
    state.expect("samples-0", "audio", ["speech"])
    assert state.last_answered() is None
    state.take_result(delivery(0, analyzer="cuts"))
    state.take_result(delivery(0, part="samples-0", analyzer="speech"))
    last = delivery(0, analyzer="colours")
    last.percept_costs.add(service="vision", percept="Shots", uses=["Other"])
    state.take_result(last)
    answered = state.last_answered()
    assert answered is not None
    assert (answered.part_id, answered.service) == ("frames-0", "vision")
    assert [result.analyzer for result in answered.results] == ["cuts", "colours"]
    assert [(cost.percept, list(cost.uses)) for cost in answered.percept_costs] == [("Shots", ["Other"])]
