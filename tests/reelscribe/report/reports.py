"""Reports for tests of what is shown of them."""

from __future__ import annotations

from collections.abc import Sequence

from reelscribe.v1.analysis_pb2 import Completeness, Decoding, Report, Summary
from reelscribe.v1.analyzer_pb2 import AnalyzerResult, Cost, Coverage, ModelUse, Reason, Status
from reelscribe.v1.finding_pb2 import (
    ColorProfile,
    Finding,
    ScoreCurve,
    Swatch,
    Text,
    TextKind,
    Track,
    Transition,
    TransitionKind,
)
from reelscribe.v1.media_pb2 import AudioStream, StreamKind, Video, VideoStream
from services.common.time import duration, span

DE = "de"


def result(analyzer: str, *findings: Finding, status: Status = Status.STATUS_OK, **fields: object) -> AnalyzerResult:
    return AnalyzerResult(analyzer=analyzer, status=status, findings=findings, **fields)


def text(content: str, start_s: float, kind: TextKind = TextKind.TEXT_KIND_CAPTION, language: str = "") -> Finding:
    words = Text(content=content, kind=kind, language_code=language)
    return Finding(span=span(start_s, start_s + 1), label="text", text=words)


def speech(content: str, start_s: float, language: str = DE) -> Finding:
    return text(content, start_s, TextKind.TEXT_KIND_SPEECH, language)


def cut(start_s: float, kind: TransitionKind = TransitionKind.TRANSITION_KIND_HARD_CUT) -> Finding:
    return Finding(span=span(start_s, start_s + 0.04), label="hard_cut", transition=Transition(kind=kind))


def track(label: str, number: int = 1) -> Finding:
    return Finding(span=span(0, 1), label=label, track=Track(track_id=number))


def scores(label: str, start_s: float, values: Sequence[float]) -> Finding:
    curve = ScoreCurve(step_duration=duration(0.5), values=values)
    return Finding(span=span(start_s, start_s + 0.5 * len(values)), label=label, scores=curve)


def palette(start_s: float, end_s: float, **shares: float) -> Finding:
    swatches = [Swatch(name=name, share=share) for name, share in shares.items()]
    return Finding(span=span(start_s, end_s), label="palette", color=ColorProfile(swatches=swatches))


def heard(*findings: Finding) -> AnalyzerResult:
    return result("audio_environment", *findings, coverage=Coverage(stream=StreamKind.STREAM_KIND_SAMPLES))


def model(name: str, licence: str) -> ModelUse:
    return ModelUse(name=name, licence=licence)


def skipped(analyzer: str, message: str = "the weights are not installed", fix: str = "") -> AnalyzerResult:
    reason = Reason(code="weights_not_installed", message=message, fix=fix)
    return result(analyzer, status=Status.STATUS_SKIPPED, reason=reason)


def report(*results: AnalyzerResult) -> Report:
    """Of a clip of 20 s that took 10 s."""
    return Report(
        video=Video(
            name="clip.mp4",
            duration=duration(20),
            video_stream=VideoStream(codec="h264", width_px=720, height_px=1280),
            audio_stream=AudioStream(codec="aac"),
        ),
        results=results,
        summary=Summary(requested_count=len(results), finding_count=sum(len(item.findings) for item in results)),
        completeness=Completeness(score=0.5, evidence_share=0.75, description_share=0.25),
        decoding=Decoding(peak_media_bytes=84_000_000),
        cost=Cost(wall_duration=duration(10), cpu_duration=duration(15)),
    )
