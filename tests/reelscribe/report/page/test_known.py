"""A report turned around."""

from __future__ import annotations

from reelscribe.report.page.known import Known, stated
from reelscribe.v1.finding_pb2 import Finding
from tests.reelscribe.report import stories
from tests.reelscribe.report.reports import cut, report, result, skipped, speech, text, track

KNOWN = Known(
    report(
        result("text_overlay", text("Hi", 3), text("Da", 1)),
        result("speech_transcription", speech("Hallo", 2)),
        result("object_detection", track("person", 1), track("cup", 2)),
        result("cut_analysis", cut(5)),
        skipped("qwen2_vl_temporal"),
    )
)


def test_findings_come_by_shape_and_in_order_of_time():
    assert [found.start_s for found in KNOWN.of("text")] == [1, 2, 3]
    assert [found.shape for found in KNOWN.of("transition", "text")] == ["text", "text", "text", "transition"]


def test_what_is_said_is_not_what_is_written():
    assert [found.finding.text.content for found in KNOWN.speech] == ["Hallo"]
    assert [found.finding.text.content for found in KNOWN.written] == ["Da", "Hi"]


def test_persons_are_not_things():
    assert [found.label for found in KNOWN.persons] == ["person"]
    assert [found.label for found in KNOWN.things] == ["cup"]


def test_a_stretch_is_half_open():
    assert [found.start_s for found in KNOWN.within(2, 3, "text")] == [2]


def test_who_was_skipped_or_not_asked_did_not_look():
    assert KNOWN.looked("cut_analysis")
    assert not KNOWN.looked("qwen2_vl_temporal")
    assert not KNOWN.looked("speech_flow")


def test_evidence_is_found_by_its_id():
    known = Known(stories.full())
    cited = [each for found in known.of("cross_check") for each in found.finding.evidence_ids]
    assert cited
    assert all(known.finding(each) for each in cited)
    assert known.finding("nobody/0") is None


def test_what_is_unset_or_unheard_of_is_not_stated():
    finding = Finding()
    assert stated(finding, "confidence") is None
    finding.confidence = 0.0
    assert stated(finding, "confidence") == 0.0
    assert stated(finding, "a_field_of_tomorrow") is None
