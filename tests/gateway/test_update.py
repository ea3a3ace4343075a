"""Results replaced in a report, so that everything in it still fits together."""

from __future__ import annotations

import pytest

from gateway.insight import GATEWAY
from gateway.update import CannotUpdate, check_same, check_settings, sharers, updated
from reelscribe.v1.analysis_pb2 import Decoding, Report
from reelscribe.v1.analyzer_pb2 import AnalyzerResult, Cost, ModelUse, PerceptCost, Setting, Status
from reelscribe.v1.finding_pb2 import Finding, Shot, Subject, Track
from reelscribe.v1.media_pb2 import Video
from services.common.time import duration, seconds, span

SHA256 = "ab" * 32
READER = Setting(name="texts.reader", text="rapidocr")
OTHER_READER = Setting(name="texts.reader", text="easyocr")


def found(label: str, start_s: float = 0.0, **shape: object) -> Finding:
    return Finding(label=label, span=span(start_s, start_s + 1), **shape)


def track(number: int) -> Finding:
    return found("dog", track=Track(track_id=number))


def about(label: str, **numbers: int) -> Finding:
    return found(label, subject=Subject(**numbers))


def result(name: str, *findings: Finding, service: str = "vision", **fields: object) -> AnalyzerResult:
    cost = Cost(wall_duration=duration(1), cpu_duration=duration(2))
    status = Status.STATUS_OK if findings else Status.STATUS_EMPTY
    return AnalyzerResult(analyzer=name, service=service, status=status, findings=findings, **({"cost": cost} | fields))


def report(
    *results: AnalyzerResult, version: str = "1", sha256: str = SHA256, percepts: tuple[str, ...] = ()
) -> Report:
    return Report(
        analysis_id="new",
        reelscribe_version=version,
        video=Video(name="clip.mp4", sha256=sha256, duration=duration(4)),
        results=results,
        decoding=Decoding(pass_count=1, wall_duration=duration(3), cpu_duration=duration(1), peak_media_bytes=5),
        percept_costs=[
            PerceptCost(percept=name, service="vision", cost=Cost(cpu_duration=duration(10))) for name in percepts
        ],
        cost=Cost(wall_duration=duration(6)),
    )


OLD = report(
    result("cuts", found("shot", shot=Shot(index=0))),
    result("things", track(1), track(2)),
    result("bodies", about("standing", track_id=2)),
    result("faces", about("happy", track_id=1, face_id=1)),
    result("gaze", about("eyes_too_small", face_id=1)),
    result("texts", found("title"), settings=[READER]),
    result("products", settings=[READER]),
    result("sounds", found("bark"), service="audio"),
    percepts=("Shots", "Objects"),
)


def update(old: Report, new: Report, conclude=lambda _: ()) -> Report:
    return updated(old, new, conclude=conclude)


def names(of: Report) -> list[str]:
    return [item.analyzer for item in of.results]


# Whose numbers are the same


def test_who_speaks_of_nothing_by_number_is_asked_alone():
    assert sharers(OLD, ["cuts"]) == {"cuts"}


def test_who_numbers_the_same_things_is_asked_with_it_and_so_on():
    """Faces link things with faces: who numbers faces only is drawn in through them."""
    assert sharers(OLD, ["bodies"]) == {"things", "bodies", "faces", "gaze"}


def test_new_numbers_beside_old_ones_are_refused():
    with pytest.raises(CannotUpdate, match=r"numbered anew.*: bodies, faces$"):
        update(OLD, report(result("things", track(1))))


def test_numbers_of_one_who_found_nothing_before_are_refused_too():
    with pytest.raises(CannotUpdate, match=r": bodies, faces, things$"):
        update(OLD, report(result("products", about("cup", track_id=1), settings=[READER])))


# What fits


def test_results_are_replaced_where_they_stood():
    done = update(OLD, report(result("sounds", found("meow"), service="audio")))
    assert names(done) == names(OLD)
    assert [item.label for item in done.results[-1].findings] == ["meow"]
    assert done.results[:-1] == OLD.results[:-1]


def test_one_that_was_not_there_comes_last_of_its_service():
    done = update(OLD, report(result("colours", found("palette"))))
    assert names(done) == [*names(OLD)[:-1], "colours", "sounds"]


def test_counts_are_made_again():
    done = update(OLD, report(result("texts", settings=[READER])))
    assert (done.summary.requested_count, done.summary.ok_count) == (8, 6)
    assert done.summary.finding_count == sum(len(item.findings) for item in done.results)
    assert done.completeness.score < 1


def test_costs_are_of_what_stands_in_it():
    done = update(OLD, report(result("texts", settings=[READER]), percepts=("Shots", "Texts")))
    assert {item.percept for item in done.percept_costs} == {"Shots", "Objects", "Texts"}
    assert seconds(done.cost.wall_duration) == 12
    assert seconds(done.cost.cpu_duration) == 8 * 2 + 3 * 10 + 2 * 1
    assert done.decoding.pass_count == 2
    assert not done.HasField("critical_path")


def test_readers_of_findings_are_asked_anew():
    old = report(*OLD.results, result("flow", found("hook"), service=GATEWAY))

    def conclude(results):
        labels = [finding.label for item in results for finding in item.findings]
        return [result("flow", found("has_" + labels[-1]), service=GATEWAY)]

    done = update(old, report(result("sounds", found("meow"), service="audio")), conclude)
    assert names(done) == names(old)
    assert [item.label for item in done.results[-1].findings] == ["has_meow"]


# What does not


def test_another_video_is_refused():
    with pytest.raises(CannotUpdate, match="another video"):
        check_same(OLD, sha256="cd" * 32, version="1")
    with pytest.raises(CannotUpdate, match="another video"):
        update(OLD, report(result("texts"), sha256="cd" * 32))


def test_another_version_is_refused():
    with pytest.raises(CannotUpdate, match="made by reelscribe 1, and this is 2"):
        update(OLD, report(result("texts"), version="2"))


def test_a_setting_of_a_result_that_stays_cannot_change():
    with pytest.raises(CannotUpdate, match=r"products ran with texts\.reader=rapidocr, not texts\.reader=easyocr"):
        check_settings(OLD, {"texts"}, [OTHER_READER])
    check_settings(OLD, {"texts", "products"}, [OTHER_READER])
    with pytest.raises(CannotUpdate, match="products ran with"):
        update(OLD, report(result("texts", settings=[OTHER_READER])))


def test_weights_of_a_result_that_stays_cannot_change():
    old = report(result("a", models=[ModelUse(name="net", sha256="1")]), result("b"))
    new = report(result("b", models=[ModelUse(name="net", sha256="2")]))
    with pytest.raises(CannotUpdate, match=r"weights have changed since: net \(a\)"):
        update(old, new)


def test_without_a_new_look_the_decoding_is_the_old_one():
    """Only insights were named: they are drawn anew from what stands."""
    new = Report(video=OLD.video, reelscribe_version="1", analysis_id="new")
    done = update(OLD, new, lambda _: [result("flow", found("hook"), service=GATEWAY)])
    assert done.decoding == OLD.decoding
    assert names(done) == [*names(OLD), "flow"]
