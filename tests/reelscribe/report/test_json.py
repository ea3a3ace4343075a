from __future__ import annotations

import json
from typing import Any

import pytest
from google.protobuf.json_format import ParseError

from reelscribe.report.json import from_json, to_json
from reelscribe.v1.analysis_pb2 import Completeness, Decoding, Report, Summary
from reelscribe.v1.analyzer_pb2 import (
    AnalyzerResult,
    Cost,
    Coverage,
    Failure,
    Method,
    ModelUse,
    PerceptCost,
    Reason,
    Setting,
    Status,
)
from reelscribe.v1.finding_pb2 import (
    Box,
    ColorProfile,
    Description,
    Finding,
    Pacing,
    ScoreCurve,
    Shot,
    Swatch,
    Text,
    TextKind,
    Track,
    TrackedBox,
    Transition,
    TransitionKind,
    Word,
)
from reelscribe.v1.media_pb2 import AudioStream, Damage, StreamKind, Video, VideoStream
from services.common.time import duration, span

BOX = Box(left=0.25, top=0.5, right=0.75, bottom=1.0)


def finding(number: int, label: str, **shape: Any) -> Finding:
    return Finding(id=f"all/{number}", span=span(number, number + 0.5), label=label, **shape)


def report() -> Report:
    """One of everything."""
    findings = [
        finding(0, "plain"),
        finding(1, "box", confidence=0.5, box=BOX),
        finding(2, "cup", track=Track(track_id=1, boxes=[TrackedBox(offset=duration(2), box=BOX, confidence=0.5)])),
        finding(
            3,
            "caption",
            text=Text(
                content="Grüße\nan alle 🙂",
                kind=TextKind.TEXT_KIND_CAPTION,
                box=BOX,
                words=[Word(content="Grüße", span=span(3, 3.25), probability=0.5), Word(content="an")],
            ),
        ),
        finding(
            4,
            "hard_cut",
            transition=Transition(kind=TransitionKind.TRANSITION_KIND_HARD_CUT, frame_index=0, frame_difference=63.5),
        ),
        finding(5, "shot", shot=Shot(index=0, start_frame_index=0, end_frame_index=1 << 40)),
        finding(6, "pacing", pacing=Pacing(cuts_per_minute=12.5, median_shot_duration=duration(1 / 3))),
        finding(7, "palette", color=ColorProfile(swatches=[Swatch(name="red", red=255, share=1)], mean_b_star=-1.5)),
        finding(8, "dog", scores=ScoreCurve(step_duration=duration(0.48), values=[0.0, 0.25, 1.0])),
        finding(9, "description", description=Description(content="A dog.", language_code="en", frame_count=4)),
    ]
    looked = AnalyzerResult(
        analyzer="all",
        service="vision",
        status=Status.STATUS_OK,
        method=Method.METHOD_MODEL,
        models=[ModelUse(library="x 1.0", name="w", sha256="0" * 64, licence="MIT", device="cpu", precision="int8")],
        settings=[
            Setting(name="all.reader", text=""),
            Setting(name="all.threshold", number=0.0),
            Setting(name="all.beam", count=0),
            Setting(name="all.upright", flag=False),
        ],
        coverage=Coverage(spans=[span(0, 10)], offered_count=300, stream=StreamKind.STREAM_KIND_FRAMES),
        cost=Cost(wall_duration=duration(1.5), cpu_duration=duration(0)),
        findings=findings,
    )
    failed = AnalyzerResult(
        analyzer="broken",
        status=Status.STATUS_FAILED,
        reason=Reason(code="analyzer_failed", message="by zero"),
        error=Failure(type="ZeroDivisionError", message="by zero"),
    )
    made = Report(
        analysis_id="a",
        reelscribe_version="1",
        video=Video(
            name="clip.mp4",
            duration=duration(10),
            video_stream=VideoStream(codec="h264", width_px=1080),
            audio_stream=AudioStream(start_offset=duration(-0.021)),
            damages=[Damage(reason="truncated", message="cut off")],
        ),
        results=[looked, failed],
        summary=Summary(requested_count=2, ok_count=1, failed_count=1),
        completeness=Completeness(score=0.5),
        decoding=Decoding(pass_count=1),
        cost=Cost(wall_duration=duration(9)),
        percept_costs=[PerceptCost(percept="Shots", service="vision", cost=Cost())],
    )
    made.create_time.FromSeconds(1_700_000_000)
    return made


@pytest.fixture
def written() -> Any:
    return json.loads(to_json(report()))


def test_what_is_written_is_read_again():
    assert from_json(to_json(report())) == report()
    assert from_json(to_json(Report())) == Report()


def test_the_reports_names_are_the_public_ones(written: Any):
    assert {"analysisId", "video", "results", "summary", "completeness", "decoding", "cost"} <= written.keys()
    whole, failed = written["results"]
    public = {"analyzer", "service", "status", "reason", "method", "models", "settings", "coverage", "cost"}
    public |= {"findings", "error"}
    assert whole.keys() | failed.keys() == public
    assert public - whole.keys() == {"reason", "error"}
    assert failed["reason"].keys() == {"code", "message", "fix"}
    assert (whole["status"], whole["method"]) == ("STATUS_OK", "METHOD_MODEL")


def test_a_findings_names_are_the_public_ones(written: Any):
    findings = {item["label"]: item for item in written["results"][0]["findings"]}
    assert findings["plain"] == {
        "id": "all/0",
        "span": {"startOffset": "0s", "endOffset": "0.500s"},
        "label": "plain",
        "evidenceIds": [],
    }
    caption = findings["caption"]
    assert caption.keys() == {"id", "span", "label", "text", "evidenceIds"}
    assert caption["text"]["content"] == "Grüße\nan alle 🙂"
    assert caption["text"].keys() == {"content", "kind", "languageCode", "box", "words"}
    assert findings["box"]["confidence"] == 0.5
    assert findings["box"]["box"] == {"left": 0.25, "top": 0.5, "right": 0.75, "bottom": 1.0}
    assert findings["cup"]["track"]["boxes"][0].keys() == {"offset", "box", "confidence"}


def test_defaults_are_printed_and_what_was_not_said_is_not(written: Any):
    findings = {item["label"]: item for item in written["results"][0]["findings"]}
    assert findings["hard_cut"]["transition"]["frameIndex"] == "0"
    assert "detectorProbability" not in findings["hard_cut"]["transition"]
    assert "confidence" not in findings["plain"]
    assert findings["shot"]["shot"] == {"index": 0, "startFrameIndex": "0", "endFrameIndex": "1099511627776"}
    assert written["summary"]["timedOutCount"] == 0
    assert written["results"][0]["coverage"]["receivedCount"] == "0"
    assert written["results"][1]["findings"] == []
    values = [item.keys() - {"name"} for item in written["results"][0]["settings"]]
    assert values == [{"text"}, {"number"}, {"count"}, {"flag"}]


def test_text_is_written_as_it_is_read():
    assert "Grüße\\nan alle 🙂" in to_json(report())


@pytest.mark.parametrize("text", ["", "[]", "{", '{"analysis": 1}', '{"results": [{"status": "STATUS_GOOD"}]}'])
def test_what_is_no_report_is_refused(text: str):
    with pytest.raises(ParseError):
        from_json(text)
