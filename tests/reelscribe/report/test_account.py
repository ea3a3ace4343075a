"""What a report says of itself."""

from __future__ import annotations

import pytest

from reelscribe.report.account import found_nothing, is_lacking, lacks, licences, price, shared_lacks
from reelscribe.v1.analyzer_pb2 import AnalyzerResult, Failure, Reason, Status
from tests.reelscribe.report.reports import cut, model, report, result, skipped

WELL = result("well", cut(1))


@pytest.mark.parametrize(
    "status", [Status.STATUS_PARTIAL, Status.STATUS_FAILED, Status.STATUS_TIMED_OUT, Status.STATUS_SKIPPED]
)
def test_who_did_not_look_is_named_with_the_reason(status: Status) -> None:
    reason = Reason(message="why", fix="do this")
    (lack,) = lacks(report(WELL, result("other", status=status, reason=reason)))
    assert (lack.analyzer, lack.message, lack.fix) == ("other", "why", "do this")
    assert lack.status == Status.Name(status).removeprefix("STATUS_").lower().replace("_", " ")


def test_without_a_reason_the_error_is_told() -> None:
    (lack,) = lacks(report(result("x", status=Status.STATUS_FAILED, error=Failure(message="broke"))))
    assert lack.message == "broke"


def test_looked_and_found_nothing_is_no_lack() -> None:
    empty = report(WELL, result("empty", status=Status.STATUS_EMPTY))
    assert lacks(empty) == ()
    assert found_nothing(empty) == ("empty",)
    assert not is_lacking(empty)


@pytest.mark.parametrize("status", [Status.STATUS_PARTIAL, Status.STATUS_FAILED, Status.STATUS_TIMED_OUT])
def test_trouble_is_lacking(status: Status) -> None:
    assert is_lacking(report(WELL, result("other", status=status)))


def test_skipped_is_lacking_only_if_named_and_mendable() -> None:
    mendable, hopeless = skipped("a", fix="pull it"), skipped("b")
    assert not is_lacking(report(WELL, mendable, hopeless))
    assert not is_lacking(report(WELL, mendable, hopeless), named=("b", "well"))
    assert is_lacking(report(WELL, mendable, hopeless), named=("a",))


def test_nobody_who_looked_is_lacking() -> None:
    assert is_lacking(report(skipped("a")))


def test_licences_by_weights_with_the_grave_ones_first() -> None:
    unused = skipped("c")
    unused.models.append(model("never", "GPL-3.0-only"))
    uses = licences(
        report(
            result("a", models=[model("base", "MIT"), model("yolo", "AGPL-3.0-only")]),
            result("b", models=[model("base", "MIT"), model("vad", "MIT"), model("art", "CC-BY-NC-4.0")]),
            unused,
        )
    )
    assert [(use.licence, use.weights) for use in uses] == [
        ("AGPL-3.0-only", ("yolo",)),
        ("CC-BY-NC-4.0", ("art",)),
        ("MIT", ("base", "vad")),
    ]
    assert [(use.copyleft, use.non_commercial) for use in uses] == [(True, False), (False, True), (False, False)]


def test_the_price_is_relative_to_the_length() -> None:
    cost = price(report(WELL))
    assert (cost.wall_s, cost.cpu_s, cost.media_bytes) == (10, 15, 84_000_000)
    assert cost.realtime_ratio == 0.5


def test_a_video_without_length_has_no_ratio() -> None:
    still = report(WELL)
    still.video.ClearField("duration")
    assert price(still).realtime_ratio is None


def test_who_did_not_look_for_one_reason_is_told_together() -> None:
    def lacking(name: str, code: str, message: str, fix: str = "") -> AnalyzerResult:
        return result(name, status=Status.STATUS_SKIPPED, reason=Reason(code=code, message=message, fix=fix))

    told = shared_lacks(
        report(
            lacking("a", "weights_not_installed", "the weights 'x' are not installed", "reelscribe models pull x"),
            lacking("b", "no_video_stream", "the file has no video stream"),
            lacking("c", "weights_not_installed", "the weights 'y' are not installed", "reelscribe models pull y"),
            lacking("d", "no_video_stream", "the file has no video stream"),
            result("e", status=Status.STATUS_FAILED, error=Failure(message="broke")),
        )
    )
    assert [(lack.analyzers, lack.message, lack.fix) for lack in told] == [
        (("a", "c"), "weights not installed", "reelscribe models pull x y"),
        (("b", "d"), "the file has no video stream", ""),
        (("e",), "broke", ""),
    ]
